/**
 * Rows as a table: numbers under each other by their points, units in the head, the count of what is left out.
 *
 * The forms are text/html and text/plain. There is no text/markdown: every front end that knows it prefers the HTML.
 * The HTML needs no style sheet; `align` repeats in an attribute what GitHub strips from `style`.
 */
import { displayText } from "./display-text.js";
import { jupyterDisplay } from "./displayable.js";
import { escapeHtml, oneLine, truncate } from "./escape.js";
import type { MimeBundle } from "./host.js";
import { formatCount, formatValue, numberFormatter, type ValueFormat } from "./numbers.js";
import { columnNames, countRows, type DataRecord, firstRows, type RowSource, requireRows } from "./rows.js";
import { pad, terminalWidth } from "./text-width.js";

/** How a table is shown. */
export interface TableOptions {
  /** The columns to show, in this order; all by default. */
  readonly columns?: readonly string[];
  /** Unit by column, shown in the head: `{ width: "px" }`. */
  readonly units?: Readonly<Record<string, string>>;
  /** The most rows shown, default 20. */
  readonly rows?: number;
  readonly caption?: string;
  /** Format by column: "plain" (years, ids), "percent", "bytes", a number of decimals, or a function. */
  readonly format?: Readonly<Record<string, ValueFormat>>;
}

const DEFAULT_ROWS = 20;
/** Longer cells are cut; a caption of a thousand characters still fits. */
const CELL_LIMIT = 1000;
const CELL_LIMIT_PLAIN = 48;
/** A first column of texts up to this long names its rows. */
const ROW_NAME_LIMIT = 40;
/** A table of more columns is not read. */
const MOST_COLUMNS = 100;

/** A table that is displayed when it is the last value of a cell. */
export class Table {
  /** The rows that are shown, with the columns that are shown. */
  readonly shown: readonly DataRecord[];
  /** How many rows the data has in all. */
  readonly rowCount: number;
  readonly columns: readonly string[];
  readonly #bundle: MimeBundle;

  /** Use `table`. */
  constructor(
    shown: readonly DataRecord[],
    columns: readonly string[],
    rowCount: number,
    bundle: MimeBundle,
  ) {
    this.shown = shown;
    this.columns = columns;
    this.rowCount = rowCount;
    this.#bundle = bundle;
  }

  [jupyterDisplay](): MimeBundle {
    return this.#bundle;
  }
}

/**
 * A table of records or of an Arrow table.
 * @param source N records (the columns are the keys of all of them), or an Arrow table with N rows
 * @returns a table of at most `options.rows` rows that displays itself
 * @throws {TypeError} where the source is neither; {RangeError} for a column that is not in the data
 * @example
 * table([{ tier: "nano", images: 10000 }], { units: { images: "n" } })
 * // tier  images (n)
 * // nano      10,000
 */
export function table(source: RowSource, options: TableOptions = {}): Table {
  const action = "show a table";
  const data = requireRows(source, action);
  const limit = options.rows ?? DEFAULT_ROWS;
  if (!(limit >= 1)) throw new RangeError(`Cannot ${action}: rows must be at least 1, got ${limit}`);
  const known = columnNames(data);
  const columns = options.columns ?? known;
  const named = [...columns, ...Object.keys(options.units ?? {}), ...Object.keys(options.format ?? {})];
  for (const name of countRows(data) > 0 || known.length > 0 ? named : [])
    if (!known.includes(name))
      throw new RangeError(
        `Cannot ${action}: a column of the data (${displayText(known.join(", "))}) is needed, got "${name}"`,
      );
  if (columns.length > MOST_COLUMNS)
    throw new RangeError(
      `Cannot ${action}: at most ${MOST_COLUMNS} columns can be shown, got ${columns.length}; name them in \`columns\``,
    );
  const rowCount = countRows(data);
  const shown = firstRows(data, columns, Math.floor(limit));
  const parts = columns.map((name) => formatColumn(name, shown, options));
  const rest = rowCount - shown.length;
  const restText =
    rowCount === 0
      ? "no rows"
      : rest > 0
        ? `… and ${formatCount(rest)} more ${rest === 1 ? "row" : "rows"}`
        : "";
  return new Table(shown, columns, rowCount, {
    "text/html": tableHtml(parts, shown.length, options.caption, restText),
    "text/plain": tableText(parts, shown.length, options.caption, restText),
  });
}

interface Column {
  readonly head: string;
  readonly cells: readonly string[];
  readonly side: "left" | "right";
}

function formatColumn(name: string, rows: readonly DataRecord[], options: TableOptions): Column {
  const values = rows.map((row) => row[name]);
  const present = values.filter((value) => value !== null && value !== undefined);
  const numeric = present.length > 0 && present.every((v) => typeof v === "number" || typeof v === "bigint");
  const format = options.format?.[name];
  const unit = options.units?.[name];
  const numbers = numberFormatter(present.filter((value) => typeof value === "number"));
  return {
    head: displayText(unit === undefined ? name : `${name} (${unit})`),
    cells: values.map((value) =>
      format === undefined && typeof value === "number" ? numbers(value) : formatValue(value, format),
    ),
    side: numeric ? "right" : "left",
  };
}

function tableHtml(
  columns: readonly Column[],
  rows: number,
  caption: string | undefined,
  rest: string,
): string {
  const aligned = (side: string): string => ` align="${side}" style="text-align:${side}"`;
  const names = namesRows(columns);
  const cell = (column: Column, row: number, index: number): string => {
    const text = escapeHtml(truncate(column.cells[row] ?? "", CELL_LIMIT));
    return index === 0 && names
      ? `<th scope="row"${aligned("left")}>${text}</th>`
      : `<td${aligned(column.side)}>${text}</td>`;
  };
  const body = Array.from(
    { length: rows },
    (_, row) => `<tr>${columns.map((column, index) => cell(column, row, index)).join("")}</tr>`,
  );
  return [
    `<table class="gpic-table">`,
    caption === undefined ? "" : `<caption${aligned("left")}>${escapeHtml(oneLine(caption))}</caption>`,
    `<thead><tr>${columns.map((c) => `<th scope="col"${aligned(c.side)}>${escapeHtml(c.head)}</th>`).join("")}</tr></thead>`,
    `<tbody>\n${body.join("\n")}\n</tbody>`,
    rest === ""
      ? ""
      : `<tfoot><tr><td colspan="${Math.max(1, columns.length)}"${aligned("left")}>${rest}</td></tr></tfoot>`,
    "</table>",
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function namesRows(columns: readonly Column[]): boolean {
  const first = columns[0];
  if (first === undefined || columns.length < 2 || first.side === "right") return false;
  return (
    new Set(first.cells).size === first.cells.length && first.cells.every((c) => c.length <= ROW_NAME_LIMIT)
  );
}

function tableText(
  columns: readonly Column[],
  rows: number,
  caption: string | undefined,
  rest: string,
): string {
  const short = columns.map((column) => column.cells.map((cell) => truncate(cell, CELL_LIMIT_PLAIN)));
  const widths = columns.map((column, index) =>
    Math.max(terminalWidth(column.head), ...(short[index] ?? []).map(terminalWidth)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) =>
        pad(cell, widths[index] ?? 0, columns[index]?.side === "right" ? "left" : "right"),
      )
      .join("  ")
      .trimEnd();
  const lines = [line(columns.map((column) => column.head))];
  if (columns.length > 0) lines.push(widths.map((width) => "-".repeat(width)).join("  "));
  for (let row = 0; row < rows; row++) lines.push(line(short.map((cells) => cells[row] ?? "")));
  if (caption !== undefined) lines.unshift(oneLine(caption));
  if (rest !== "") lines.push(rest);
  return lines.join("\n");
}
