/** Reads a table of decisions or captions, CSV or Parquet by the name's end. */
import { access } from "node:fs/promises";

/** A line of a CSV: the longest caption of the release has some 1,000 characters. */
const MOST_LINE_BYTES = 2 ** 20;

/** A row by column name. */
export type TableRow = { readonly [column: string]: string | number | null };

/**
 * The rows of a table, in their order.
 * @param path ends with .csv or .parquet
 * @param columns those that are wanted; all where it is left out
 * @throws Error where the file or a column of it cannot be read
 * @example await readTable("release/decisions/licences.parquet", ["key", "spdx"]) // [{ key: "...", spdx: "CC-BY-4.0" }, ...]
 */
export async function readTable(path: string, columns?: readonly string[]): Promise<TableRow[]> {
  await access(path).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `Cannot read a table: a file is needed, got ${path}, which cannot be read (${error.code})`,
    );
  });
  // loaded with the first table: whoever reads none needs no database
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    ...{ threads: "1", autoinstall_known_extensions: "false", autoload_known_extensions: "false" },
  });
  const connection = await instance.connect();
  try {
    const wanted = columns?.map((column) => `"${column.replaceAll('"', '""')}"`).join(", ") ?? "*";
    const reader = await connection.runAndReadAll(`SELECT ${wanted} FROM ${tableSql(path)}`);
    return reader.getRowObjectsJson() as TableRow[];
  } catch (error) {
    const needed = columns === undefined ? "a table" : `columns ${columns.join(", ")}`;
    const [found] = (error as Error).message.split("\n", 1);
    throw new Error(`Cannot read ${path}: ${needed} are needed, got: ${found}`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The table as DuckDB reads it; in its names brackets, stars and question marks stand for others, unless in brackets. */
function tableSql(path: string): string {
  const file = `'${path.replaceAll("'", "''").replace(/[[*?]/g, "[$&]")}'`;
  if (path.endsWith(".parquet")) return `read_parquet(${file})`;
  const form = `header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', comment = ''`;
  return `read_csv(${file}, ${form}, max_line_size = ${MOST_LINE_BYTES})`;
}
