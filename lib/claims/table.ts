/** A printed table as a table: columns with their units and tolerances, and one claim for each cell. */

import { csvCells } from "../benchmark/index.js";
import { formatValue } from "./format.js";
import type { ClaimData, ClaimRecord, TestKind, Tolerance } from "./record.js";

/** A cell of a table; null where nothing is printed. */
export type Cell = number | string | boolean | null;

/** How a table of `data/paper/` is written down: inline rows or a CSV file beside it. */
export interface ClaimTable {
  /** The first part of each cell's id; the row's keys and the column follow. */
  readonly id: string;
  readonly place: string;
  /** A sentence with {value}, {column} and the names of the row's keys. */
  readonly statement: string;
  /** The leading columns, which name the row. */
  readonly rowKeys: readonly string[];
  readonly lowerCaseKeys?: readonly string[];
  readonly columns: readonly {
    readonly key: string;
    readonly label: string;
    readonly unit?: string | null;
    readonly tolerance: Tolerance;
  }[];
  readonly rows?: readonly (readonly Cell[])[];
  readonly csv?: string;
  readonly on: ClaimData;
  readonly against?: ClaimData;
  readonly test: { readonly kind: TestKind; readonly needs: string };
  /** What differs from row to row, by the row's first key. */
  readonly rowOn?: Readonly<Record<string, ClaimData>>;
  readonly rowNeeds?: Readonly<Record<string, string>>;
  readonly rowSource?: Readonly<Record<string, string>>;
}

/**
 * One claim for each printed cell of a table; a cell where nothing is printed claims nothing.
 * @throws SyntaxError where a row is not as long as the columns
 */
export function* expandTable(
  table: ClaimTable,
  rows: readonly (readonly Cell[])[],
  shared: Pick<ClaimRecord, "part" | "source">,
): Generator<ClaimRecord> {
  for (const row of rows) {
    if (row.length !== table.rowKeys.length + table.columns.length)
      throw new SyntaxError(
        `Cannot read table "${table.id}": rows have ${table.rowKeys.length + table.columns.length} cells, got ${row.length}`,
      );
    const keys = row.slice(0, table.rowKeys.length).map(String);
    const first = keys[0] ?? "";
    const path = keys.map((key, i) =>
      slug(table.lowerCaseKeys?.includes(table.rowKeys[i] ?? "") ? key.toLowerCase() : key),
    );
    for (const [i, column] of table.columns.entries()) {
      const value = row[table.rowKeys.length + i] ?? null;
      if (value === null) continue;
      const unit = column.unit ?? undefined;
      yield {
        ...shared,
        source: table.rowSource?.[first] ?? shared.source,
        id: [table.id, ...path, column.key].join("/").replace(/[^\w.+/-]+/g, "-"),
        place: table.place,
        statement: sentence(table, keys, column.label, formatValue(value, unit)),
        value,
        ...(unit === undefined ? {} : { unit }),
        tolerance: column.tolerance,
        test: { kind: table.test.kind, needs: table.rowNeeds?.[first] ?? table.test.needs },
        on: table.rowOn?.[first] ?? table.on,
        ...(table.against === undefined ? {} : { against: table.against }),
      };
    }
  }
}

/**
 * The rows of a CSV whose header names the table's columns; cells of number columns become numbers, empty cells null.
 * @throws SyntaxError where the header is another one
 */
export function parseCsv(text: string, table: ClaimTable): Cell[][] {
  const [header = [], ...lines] = csvCells(text);
  const expected = [...table.rowKeys, ...table.columns.map(({ key }) => key)];
  if (header.join() !== expected.join())
    throw new SyntaxError(
      `Cannot read table "${table.id}": the columns are ${expected.join()}, got ${header.join()}`,
    );
  return lines.map((cells) =>
    cells.map((cell, i) => {
      if (i < table.rowKeys.length) return cell;
      if (cell === "") return null;
      return Number.isFinite(Number(cell)) ? Number(cell) : cell;
    }),
  );
}

function slug(text: string): string {
  return text.replace(/[^\w.+-]+/g, "-").replace(/^-+|-+$/g, "");
}

function sentence(table: ClaimTable, keys: readonly string[], column: string, value: string): string {
  return table.statement.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === "value") return value;
    if (name === "column") return column;
    return keys[table.rowKeys.indexOf(name)] ?? "";
  });
}
