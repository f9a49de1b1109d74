/** Decisions as a table on disk, CSV or Parquet by the name's end: whole or not there, the same bytes for the same decisions. */
import { type FileHandle, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type DuckDBAppender, type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { makeFolder, publishFile, temporaryName } from "../io/index.js";
import type { FilterDecision } from "./decision.js";
import type { MeasureName } from "./measures.js";

const MEASURES: readonly MeasureName[] = [
  ...(["entropyBits", "contrast", "meanLuma", "darkShare", "brightShare"] as const),
  ...(["laplacianVariance", "laplacianVarianceAt256", "blurAt256"] as const),
];

type Cell = string | number | null;
type ColumnType = "VARCHAR" | "INTEGER" | "DOUBLE";

/** The columns, in their order. */
const COLUMNS: readonly (readonly [
  name: string,
  type: ColumnType,
  cell: (decision: FilterDecision) => Cell,
])[] = [
  ["key", "VARCHAR", ({ key }) => key],
  ["outcome", "VARCHAR", ({ outcome }) => outcome],
  ["stage", "VARCHAR", ({ stage }) => stage ?? null],
  ["reason", "VARCHAR", ({ reason }) => reason],
  ["message", "VARCHAR", ({ message }) => message],
  ["width", "INTEGER", ({ width }) => width ?? null],
  ["height", "INTEGER", ({ height }) => height ?? null],
  ["measured_faults", "VARCHAR", ({ measuredFaults }) => measuredFaults.join(", ")],
  ...MEASURES.map(
    (name) =>
      [
        name.replace(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`),
        "DOUBLE",
        ({ measures }: FilterDecision) => measures?.[name] ?? null,
      ] as const,
  ),
  ...(["quality", "safety"] as const).flatMap(
    (aspect) =>
      [
        [`judge_${aspect}`, "VARCHAR", (decision: FilterDecision) => decision[aspect]?.verdict ?? null],
        [
          `judge_${aspect}_outcome`,
          "VARCHAR",
          (decision: FilterDecision) => decision[aspect]?.outcome ?? null,
        ],
        [
          `judge_${aspect}_answer`,
          "VARCHAR",
          (decision: FilterDecision) => decision[aspect]?.answerId ?? null,
        ],
      ] as const,
  ),
  ["judge_model", "VARCHAR", ({ quality }) => quality?.model ?? null],
];

/** A table that is being written. */
export interface DecisionFile {
  add(decision: FilterDecision): Promise<void>;
  /** Gives the file its name. */
  finish(): Promise<void>;
  /** Throws away what was written; nothing after `finish`. */
  discard(): Promise<void>;
}

/**
 * Begins a table of decisions.
 * @param path ends with .csv or .parquet
 * @throws TypeError for another end
 * @example const file = await createDecisionFile("decisions.parquet");
 */
export async function createDecisionFile(path: string): Promise<DecisionFile> {
  if (!/\.(?:csv|parquet)$/.test(path))
    throw new TypeError(
      `Cannot write decisions: a name that ends with .csv or .parquet is needed, got ${path}`,
    );
  await makeFolder(dirname(path));
  return path.endsWith(".csv") ? CsvFile.create(path) : ParquetFile.create(path);
}

class CsvFile implements DecisionFile {
  readonly #path: string;
  readonly #beside: string;
  readonly #handle: FileHandle;

  private constructor(path: string, beside: string, handle: FileHandle) {
    this.#path = path;
    this.#beside = beside;
    this.#handle = handle;
  }

  static async create(path: string): Promise<CsvFile> {
    const beside = temporaryName(path);
    const file = new CsvFile(path, beside, await open(beside, "wx"));
    await file.#write(COLUMNS.map(([name]) => name));
    return file;
  }

  async add(decision: FilterDecision): Promise<void> {
    await this.#write(COLUMNS.map(([, , cell]) => cell(decision)));
  }

  async finish(): Promise<void> {
    await this.#handle.close();
    await publishFile(this.#beside, this.#path);
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(this.#beside, { force: true });
  }

  async #write(cells: readonly Cell[]): Promise<void> {
    const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    await this.#handle.write(`${cells.map((cell) => quoted(String(cell ?? ""))).join(",")}\n`);
  }
}

/** Rows go through a database on disk, so that their number is not bounded by memory. */
class ParquetFile implements DecisionFile {
  readonly #path: string;
  readonly #database: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #appender: DuckDBAppender;

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

  static async create(path: string): Promise<ParquetFile> {
    const database = temporaryName(path);
    const instance = await DuckDBInstance.create(database, {
      ...{ threads: "1", memory_limit: "512MB", temp_directory: "" },
      ...{ autoinstall_known_extensions: "false", autoload_known_extensions: "false" },
    });
    const connection = await instance.connect();
    const columns = COLUMNS.map(([name, type]) => `"${name}" ${type}`).join(", ");
    await connection.run(`CREATE TABLE decisions (${columns})`);
    return new ParquetFile(
      path,
      database,
      instance,
      connection,
      await connection.createAppender("decisions"),
    );
  }

  async add(decision: FilterDecision): Promise<void> {
    for (const [, type, cell] of COLUMNS) {
      const value = cell(decision);
      if (value === null) this.#appender.appendNull();
      else if (type === "VARCHAR") this.#appender.appendVarchar(String(value));
      else if (type === "INTEGER") this.#appender.appendInteger(Number(value));
      else this.#appender.appendDouble(Number(value));
    }
    this.#appender.endRow();
  }

  async finish(): Promise<void> {
    this.#appender.closeSync();
    const beside = temporaryName(this.#path);
    try {
      const quoted = `'${beside.replaceAll("'", "''")}'`;
      await this.#connection.run(`COPY decisions TO ${quoted} (FORMAT parquet, COMPRESSION zstd)`);
      await publishFile(beside, this.#path);
    } finally {
      await rm(beside, { force: true });
      await this.discard();
    }
  }

  async discard(): Promise<void> {
    this.#connection.closeSync();
    this.#instance.closeSync();
    for (const end of ["", ".wal"]) await rm(`${this.#database}${end}`, { force: true });
  }
}
