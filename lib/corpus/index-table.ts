/**
 * Rows of an index on their way into Parquet files, through an in-memory table of DuckDB.
 *
 * Columns are gathered for some 2,000 rows, handed to DuckDB as vectors and compressed when all rows are there, so
 * memory depends on neither the corpus nor, beyond a bound, on the shard.
 */
import { join } from "node:path";
import {
  BIGINT,
  BOOLEAN,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  LIST,
  listValue,
  VARCHAR,
} from "@duckdb/node-api";
import type { ClaimToken } from "../io/index.js";
import type { ColumnType, ImageRow, ProblemRow } from "./index-columns.js";
import { sqlText } from "./sql-text.js";

/** Rows that DuckDB takes at once: its own vector size. */
export const CHUNK_ROWS: number = 2048;
/** Rows of a row group, a multiple of the vector size: at most 25,000, so that a reader of few rows decompresses little. */
const ROW_GROUP_ROWS = 24_576;
/** Rows that are held until a file is written: a shard of the release has half as many, a tar of a million must not fill the memory. */
const FILE_ROWS: number = 4 * ROW_GROUP_ROWS;

/** A table on its way into one or more Parquet files with temporary names. */
export class TableFiles {
  rows = 0;
  readonly #files: { readonly from: string; readonly to: string }[] = [];
  readonly #types: DuckDBType[];
  readonly #names: string[];
  #columns: DuckDBValue[][];
  #held = 0;
  readonly #connection: DuckDBConnection;
  readonly #folder: string;
  readonly #table: string;
  readonly #claim: ClaimToken;

  constructor(
    connection: DuckDBConnection,
    folder: string,
    table: "images" | "problems",
    columns: { readonly [name: string]: ColumnType },
    claim: ClaimToken,
  ) {
    this.#connection = connection;
    this.#folder = folder;
    this.#table = table;
    this.#claim = claim;
    this.#names = Object.keys(columns);
    this.#types = Object.values(columns).map((type) => duckdbTypes[type]);
    this.#columns = this.#names.map(() => []);
  }

  async add(row: ImageRow | ProblemRow): Promise<void> {
    const values: { readonly [column: string]: DuckDBValue | readonly string[] } = { ...row };
    for (const [at, name] of this.#names.entries()) {
      const value = values[name] ?? null;
      this.#columns[at]!.push(
        typeof value === "number" && this.#types[at] === BIGINT
          ? BigInt(value)
          : Array.isArray(value)
            ? listValue(value)
            : (value as DuckDBValue),
      );
    }
    this.rows++;
    if (this.#columns[0]!.length === CHUNK_ROWS) await this.#flush();
    if (this.#held >= FILE_ROWS) await this.#copy();
  }

  async finish(): Promise<readonly { readonly from: string; readonly to: string }[]> {
    await this.#flush();
    await this.#copy();
    return this.#files;
  }

  async #flush(): Promise<void> {
    const rows = this.#columns[0]!.length;
    if (rows === 0) return;
    if (this.#held === 0) {
      const columns = this.#names.map((name, at) => `"${name}" ${this.#types[at]}`);
      await this.#connection.run(`CREATE OR REPLACE TABLE ${this.#table} (${columns.join(", ")})`);
    }
    const chunk = DuckDBDataChunk.create(this.#types, rows);
    chunk.setColumns(this.#columns);
    const appender = await this.#connection.createAppender(this.#table);
    appender.appendDataChunk(chunk);
    appender.closeSync();
    this.#held += rows;
    this.#columns = this.#names.map(() => []);
  }

  async #copy(): Promise<void> {
    if (this.#held === 0) return;
    const { name, id } = this.#claim;
    const file = this.#files.length === 0 ? `${name}.parquet` : `${name}.${this.#files.length}.parquet`;
    const from = join(this.#folder, this.#table, `.${name}.${this.#files.length}.${id}.tmp`);
    await this.#connection.run(
      `COPY ${this.#table} TO ${sqlText(from)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
    );
    await this.#connection.run(`DROP TABLE ${this.#table}`);
    this.#files.push({ from, to: `${this.#table}/${file}` });
    this.#held = 0;
  }
}

const duckdbTypes: { readonly [type in ColumnType]: DuckDBType } = {
  VARCHAR,
  BIGINT,
  INTEGER,
  BOOLEAN,
  "VARCHAR[]": LIST(VARCHAR),
};
