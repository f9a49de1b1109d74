/** Data for a chart: records or an Arrow table as JSON, text made visible, with the kind of each column. */
import { chartError } from "./chart-check.js";
import { truncate, visibleText } from "./escape.js";
import { formatCount } from "./numbers.js";
import { columnNames, countRows, firstRows, type RowSource, requireRows } from "./rows.js";

/** More rows make a notebook heavy and a chart no clearer. */
export const MOST_CHART_ROWS = 20_000;
/** Labels are shorter; longer texts would only make the notebook heavy. */
const TEXT_LIMIT = 500;
const DEEPEST = 6;

/** What the values of a column are. */
export type ColumnKind = "number" | "date" | "text" | "empty";

/** The data of a chart, ready for JSON. */
export interface ChartRows {
  readonly values: readonly Readonly<Record<string, unknown>>[];
  readonly kinds: ReadonlyMap<string, ColumnKind>;
  /** How many numbers were NaN or infinite, which JSON cannot hold: they are null, and not drawn. */
  readonly nonFinite: number;
}

/**
 * The rows of a chart with those columns that `isUsed` picks.
 * @throws {TypeError} where the source holds no rows, or too many
 */
export function chartRows(source: RowSource, isUsed: (column: string) => boolean): ChartRows {
  const data = requireRows(source, "draw a chart");
  const rowCount = countRows(data);
  if (rowCount > MOST_CHART_ROWS)
    throw chartError(
      `at most ${formatCount(MOST_CHART_ROWS)} rows fit into a notebook, got ${formatCount(rowCount)}; aggregate or sample them first`,
    );
  const all = columnNames(data);
  const used = all.filter(isUsed);
  const rows = firstRows(data, used);
  let nonFinite = 0;
  const plain = (value: unknown, depth: number): unknown => {
    if (typeof value === "number" && !Number.isFinite(value)) nonFinite++;
    return plainJson(value, depth, plain);
  };
  return {
    values: rows.map((row) =>
      Object.fromEntries(used.map((name) => [visibleText(name), plain(row[name], 0)])),
    ),
    kinds: new Map(
      all.map((name) => [name, used.includes(name) ? columnKind(rows.map((row) => row[name])) : "empty"]),
    ),
    nonFinite,
  };
}

function plainJson(
  value: unknown,
  depth: number,
  plain: (value: unknown, depth: number) => unknown,
): unknown {
  if (value === null || value === undefined || typeof value === "boolean") return value ?? null;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string") return truncate(visibleText(value), TEXT_LIMIT);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value !== "object" || depth >= DEEPEST) return truncate(visibleText(String(value)), TEXT_LIMIT);
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return Array.from(value as unknown as Iterable<unknown>, (item) => plain(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, depth + 1)]));
}

function columnKind(values: readonly unknown[]): ColumnKind {
  const present = values.filter((value) => value !== null && value !== undefined);
  if (present.length === 0) return "empty";
  if (present.every((value) => typeof value === "number" || typeof value === "bigint")) return "number";
  return present.every((value) => value instanceof Date) ? "date" : "text";
}
