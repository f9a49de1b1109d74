/** Written captions as a table on disk, CSV or Parquet by the name's end: whole or not there, the same bytes for the same captions. */
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type DuckDBAppender, type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { makeFolder, publishFile, temporaryName } from "../io/index.js";
import type { WrittenCaption } from "./write-caption.js";

/** The columns, in their order; all are text but the number of tries. */
const COLUMNS: readonly (readonly [name: string, cell: (caption: WrittenCaption) => string])[] = [
  ["key", ({ key }) => key],
  ["caption_type", ({ captionType }) => captionType],
  ["outcome", ({ outcome }) => outcome],
  ["caption", ({ caption }) => caption],
  ["broken_first", ({ faults }) => rulesOf(faults[0])],
  ["broken_second", ({ faults }) => rulesOf(faults[1])],
  ["preferred_broken", ({ notes }) => notes.join(" ")],
  ["asked", ({ asked }) => asked ?? ""],
  ["message", ({ message }) => message],
  ["answers", ({ answerIds }) => answerIds.join(" ")],
  ["model", ({ model }) => model],
];

function rulesOf(faults: WrittenCaption["faults"][number] | undefined): string {
  return (faults ?? []).map(({ rule }) => rule.replaceAll(" ", "-")).join(" ");
}

/** A table that is being written; rows go through a database on disk, so that their number is not bounded by memory. */
export class CaptionFile {
  readonly #path: string;
  readonly #database: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #appender: DuckDBAppender;
  #isOpen = true;

  private constructor(
    path: string,
    database: string,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    appender: DuckDBAppender,
  ) {
    this.#path = path;
    this.#database = database;
    this.#instance = instance;
    this.#connection = connection;
    this.#appender = appender;
  }

  /**
   * Begins a table of captions.
   * @param path ends with .csv or .parquet
   * @throws TypeError for another end
   * @example const file = await CaptionFile.create("captions.parquet");
   */
  static async create(path: string): Promise<CaptionFile> {
    if (!/\.(?:csv|parquet)$/.test(path))
      throw new TypeError(
        `Cannot write captions: a name that ends with .csv or .parquet is needed, got ${path}`,
      );
    await makeFolder(dirname(path));
    const database = temporaryName(path);
    const instance = await DuckDBInstance.create(database, {
      ...{ threads: "1", memory_limit: "512MB", temp_directory: "" },
      ...{ autoinstall_known_extensions: "false", autoload_known_extensions: "false" },
    });
    const connection = await instance.connect();
    const columns = COLUMNS.map(([name]) => `"${name}" VARCHAR`).join(", ");
    await connection.run(`CREATE TABLE captions (${columns}, "tries" INTEGER)`);
    return new CaptionFile(path, database, instance, connection, await connection.createAppender("captions"));
  }

  /** Adds a row. */
  add(caption: WrittenCaption): void {
    for (const [, cell] of COLUMNS) this.#appender.appendVarchar(cell(caption));
    this.#appender.appendInteger(caption.tries);
    this.#appender.endRow();
  }

  /** Gives the file its name. */
  async finish(): Promise<void> {
    this.#appender.closeSync();
    const beside = temporaryName(this.#path);
    const format = this.#path.endsWith(".csv") ? "csv, HEADER true" : "parquet, COMPRESSION zstd";
    try {
      await this.#connection.run(`COPY captions TO '${beside.replaceAll("'", "''")}' (FORMAT ${format})`);
      await publishFile(beside, this.#path);
    } finally {
      await rm(beside, { force: true });
      await this.discard();
    }
  }

  /** Throws away what was written; nothing after `finish`. */
  async discard(): Promise<void> {
    if (this.#isOpen) {
      this.#isOpen = false;
      this.#connection.closeSync();
      this.#instance.closeSync();
    }
    for (const end of ["", ".wal"]) await rm(`${this.#database}${end}`, { force: true });
  }
}
