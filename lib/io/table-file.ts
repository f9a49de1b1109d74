/**
 * A table on disk, CSV or Parquet by the name's end: whole or not there, the same bytes for the same rows, and of any length.
 *
 * Rows of a CSV go to the file as they come; those of a Parquet go through a database on disk, so that their number is not
 * bounded by memory.
 */
import { type FileHandle, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { DuckDBAppender, DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { publishFile, temporaryName } from "./durable-file.js";
import { makeFolder } from "./make-folder.js";

/** A cell; null where there is nothing to say. */
export type TableCell = string | number | null;

/**
 * A column: its name, its type, and what a row has in it. An INTEGER has 32 bits with a sign; a UINTEGER 32 without one, as
 * the headers of pictures and archives have them.
 */
export type TableColumn<Row> = readonly [
  name: string,
  type: "VARCHAR" | "INTEGER" | "UINTEGER" | "DOUBLE",
  cell: (row: Row) => TableCell,
];

/** A table that is being written. */
export interface TableFile<Row> {
  add(row: Row): Promise<void>;
  /** Gives the file its name. */
  finish(): Promise<void>;
  /** Throws away what was written; nothing after `finish`. */
  discard(): Promise<void>;
}

/**
 * Begins a table.
 * @param path ends with .csv or .parquet; its folder is made
 * @param what is written, for the message
 * @throws TypeError for another end
 * @example const file = await createTableFile("a.csv", [["key", "VARCHAR", ({ key }) => key]], "keys");
 */
export async function createTableFile<Row>(
  path: string,
  columns: readonly TableColumn<Row>[],
  what: string,
): Promise<TableFile<Row>> {
  if (!/\.(?:csv|parquet)$/.test(path))
    throw new TypeError(
      `Cannot write ${what}: a name that ends with .csv or .parquet is needed, got ${path}`,
    );
  await makeFolder(dirname(path));
  return path.endsWith(".csv") ? CsvFile.create(path, columns) : ParquetFile.create(path, columns);
}

class CsvFile<Row> implements TableFile<Row> {
  readonly #path: string;
  readonly #columns: readonly TableColumn<Row>[];
  readonly #beside: string;
  readonly #handle: FileHandle;

  private constructor(
    path: string,
    columns: readonly TableColumn<Row>[],
    beside: string,
    handle: FileHandle,
  ) {
    this.#path = path;
    this.#columns = columns;
    this.#beside = beside;
    this.#handle = handle;
  }

  static async create<Row>(path: string, columns: readonly TableColumn<Row>[]): Promise<CsvFile<Row>> {
    const beside = temporaryName(path);
    const file = new CsvFile(path, columns, beside, await open(beside, "wx"));
    await file.#write(columns.map(([name]) => name));
    return file;
  }

  async add(row: Row): Promise<void> {
    await this.#write(this.#columns.map(([, , cell]) => cell(row)));
  }

  async finish(): Promise<void> {
    await this.#handle.close();
    await publishFile(this.#beside, this.#path);
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(this.#beside, { force: true });
  }

  async #write(cells: readonly TableCell[]): Promise<void> {
    const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    await this.#handle.write(`${cells.map((cell) => quoted(String(cell ?? ""))).join(",")}\n`);
  }
}

class ParquetFile<Row> implements TableFile<Row> {
  readonly #path: string;
  readonly #columns: readonly TableColumn<Row>[];
  readonly #database: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #appender: DuckDBAppender;
  #isOpen = true;

  private constructor(
    path: string,
    columns: readonly TableColumn<Row>[],
    database: string,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    appender: DuckDBAppender,
  ) {
    this.#path = path;
    this.#columns = columns;
    this.#database = database;
    this.#instance = instance;
    this.#connection = connection;
    this.#appender = appender;
  }

  static async create<Row>(path: string, columns: readonly TableColumn<Row>[]): Promise<ParquetFile<Row>> {
    // loaded with the first table: whoever writes none needs no database
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const database = temporaryName(path);
    const instance = await DuckDBInstance.create(database, {
      ...{ threads: "1", memory_limit: "512MB", temp_directory: "" },
      ...{ autoinstall_known_extensions: "false", autoload_known_extensions: "false" },
    });
    const connection = await instance.connect();
    const declared = columns.map(([name, type]) => `"${name}" ${type}`).join(", ");
    await connection.run(`CREATE TABLE rows (${declared})`);
    const appender = await connection.createAppender("rows");
    return new ParquetFile(path, columns, database, instance, connection, appender);
  }

  async add(row: Row): Promise<void> {
    for (const [, type, cell] of this.#columns) {
      const value = cell(row);
      if (value === null) this.#appender.appendNull();
      else if (type === "VARCHAR") this.#appender.appendVarchar(String(value));
      else if (type === "INTEGER") this.#appender.appendInteger(Number(value));
      else if (type === "UINTEGER") this.#appender.appendUInteger(Number(value));
      else this.#appender.appendDouble(Number(value));
    }
    this.#appender.endRow();
  }

  async finish(): Promise<void> {
    this.#appender.closeSync();
    const beside = temporaryName(this.#path);
    try {
      const quoted = `'${beside.replaceAll("'", "''")}'`;
      await this.#connection.run(`COPY rows TO ${quoted} (FORMAT parquet, COMPRESSION zstd)`);
      await publishFile(beside, this.#path);
    } finally {
      await rm(beside, { force: true });
      await this.discard();
    }
  }

  async discard(): Promise<void> {
    if (this.#isOpen) {
      this.#isOpen = false;
      this.#connection.closeSync();
      this.#instance.closeSync();
    }
    for (const end of ["", ".wal"]) await rm(`${this.#database}${end}`, { force: true });
  }
}
