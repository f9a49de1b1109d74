/** Rows with named columns, whether they come as an array of records or as an Arrow table. */

/** The part of an Apache Arrow table that is read here; any version's table fits. */
export interface ArrowTable {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly ArrowField[] };
  getChild(name: string): { get(row: number): unknown } | null;
}

/** A column of an Arrow table: its name and Arrow's number of its type. */
export interface ArrowField {
  readonly name: string;
  readonly type?: unknown;
}

/** One record: a value for each column name. */
export type DataRecord = Readonly<Record<string, unknown>>;

/** What tables and charts are made from: an array of records, or an Arrow table. */
export type RowSource = ArrowTable | readonly object[];

/** Arrow's type numbers of dates and of timestamps, both of which give milliseconds. */
const ARROW_DATES = [8, 10];

/** Whether a value is an Arrow table, by what it can do. */
export function isArrowTable(value: unknown): value is ArrowTable {
  if (typeof value !== "object" || value === null) return false;
  const table = value as Partial<ArrowTable>;
  return (
    typeof table.numRows === "number" &&
    Array.isArray(table.schema?.fields) &&
    typeof table.getChild === "function"
  );
}

/** Whether a value is an object of no class of its own, as a literal or JSON gives. */
export function isRecord(value: unknown): value is DataRecord {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Cells may run in another context, whose Object.prototype is not ours.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The number of rows. */
export function countRows(source: RowSource): number {
  return isArrowTable(source) ? source.numRows : source.length;
}

/** The column names in their order: an Arrow table's schema, or the keys of all records as they first come. */
export function columnNames(source: RowSource): string[] {
  if (isArrowTable(source)) return source.schema.fields.map((field) => field.name);
  const names = new Set<string>();
  for (const record of source) for (const name of Object.keys(record)) names.add(name);
  return [...names];
}

/**
 * The first `limit` rows as plain records of the given columns; Arrow's dates are dates, its lists arrays.
 * @throws {TypeError} where an element is not an object
 */
export function firstRows(
  source: RowSource,
  columns: readonly string[],
  limit: number = Number.POSITIVE_INFINITY,
): DataRecord[] {
  const count = Math.min(limit, countRows(source));
  const rows: Record<string, unknown>[] = Array.from({ length: count }, () => Object.create(null));
  for (const name of columns) {
    const read = columnReader(source, name);
    for (let row = 0; row < count; row++) (rows[row] as Record<string, unknown>)[name] = read(row);
  }
  return rows;
}

/**
 * The source itself, where it holds rows.
 * @throws {TypeError} "Cannot <action>: ..." where it is neither an array of objects nor an Arrow table
 */
export function requireRows(source: unknown, action: string): RowSource {
  if (isArrowTable(source)) return source;
  if (!Array.isArray(source))
    throw new TypeError(
      `Cannot ${action}: an array of records or an Arrow table is needed, got ${nameOf(source)}`,
    );
  source.forEach((record: unknown, row) => {
    if (typeof record !== "object" || record === null || Array.isArray(record))
      throw new TypeError(`Cannot ${action}: each row must be a record, got ${nameOf(record)} in row ${row}`);
  });
  return source as readonly object[];
}

function columnReader(source: RowSource, name: string): (row: number) => unknown {
  if (!isArrowTable(source)) return (row) => (source[row] as DataRecord)[name];
  const column = source.getChild(name);
  const field = source.schema.fields.find((candidate) => candidate.name === name);
  const typeId = (field?.type as { readonly typeId?: number } | undefined)?.typeId;
  if (typeId !== undefined && ARROW_DATES.includes(typeId))
    return (row) => {
      const value = column?.get(row);
      return typeof value === "number" || typeof value === "bigint" ? new Date(Number(value)) : value;
    };
  return (row) => plainValue(column?.get(row));
}

function plainValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  const nested = value as { toJSON?: () => unknown };
  return typeof nested.toJSON === "function" && !(value instanceof Date) ? nested.toJSON() : value;
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object"
    ? `an object of ${value.constructor?.name ?? "no class"}`
    : `a ${typeof value}`;
}
