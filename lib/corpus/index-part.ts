/**
 * Writes the part of one shard: its records through an in-memory table of DuckDB into Parquet files.
 *
 * Columns are gathered for some 2,000 rows, handed to DuckDB as vectors and compressed when all rows are there, so
 * memory depends on neither the corpus nor, beyond a bound, on the shard.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  BIGINT,
  BOOLEAN,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  LIST,
  listValue,
  VARCHAR,
} from "@duckdb/node-api";
import { type ClaimToken, isHeld } from "./index-claim.js";
import {
  type ColumnType,
  type ImageRow,
  INDEX_BUILDER_VERSION,
  imageColumns,
  imageRow,
  type ProblemRow,
  problemColumns,
} from "./index-columns.js";
import {
  type IndexedShard,
  type PartRecord,
  partName,
  publish,
  removePart,
  writePart,
} from "./index-folder.js";
import { recordsOf } from "./index-records.js";

import type { Shard } from "./shards.js";
import { sqlText } from "./sql-text.js";

/** Rows that DuckDB takes at once: its own vector size. */
const CHUNK_ROWS = 2048;
/** Rows of a row group, a multiple of the vector size: at most 25,000, so that a reader of few rows decompresses little. */
const ROW_GROUP_ROWS = 24_576;
/** Rows that are held until a file is written: a shard of the release has half as many, a tar of a million must not fill the memory. */
const FILE_ROWS: number = 4 * ROW_GROUP_ROWS;
/** What DuckDB may hold: `FILE_ROWS` rows with room to compress them. */
const DUCKDB_MEMORY = "192MB";

/** What `PartWriter.write` takes beside the shard. */
export interface PartOptions {
  readonly hash: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called now and then with the images that were taken since. */
  readonly onImages?: ((count: number) => void) | undefined;
}

/** Told where another process took the claim over: what was made is thrown away. */
export class ClaimLost extends Error {
  override readonly name = "ClaimLost";
}

/** Writes parts one after the other. */
export class PartWriter {
  readonly #folder: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(folder: string, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#folder = folder;
    this.#instance = instance;
    this.#connection = connection;
  }

  /** @param folder of the index */
  static async open(folder: string): Promise<PartWriter> {
    const instance = await DuckDBInstance.create(":memory:", {
      threads: "1",
      memory_limit: DUCKDB_MEMORY,
      temp_directory: "",
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    return new PartWriter(folder, instance, await instance.connect());
  }

  /**
   * Indexes a shard, and publishes its part where the claim still holds.
   * @throws ClaimLost where it does not; the signal's reason where it was stopped
   */
  async write(
    shard: Shard,
    indexed: IndexedShard,
    claim: ClaimToken,
    options: PartOptions,
  ): Promise<PartRecord> {
    const name = partName(shard.name);
    await this.#clear((file) => file.startsWith(`.${name}.`) && file.endsWith(".tmp"));
    const images = new TableFiles(this.#connection, this.#folder, "images", imageColumns, claim);
    const problems = new TableFiles(this.#connection, this.#folder, "problems", problemColumns, claim);
    let told = 0;
    const found: ProblemRow[] = [];
    const takeProblems = async () => {
      for (const problem of found.splice(0)) await problems.add(problem);
    };
    const records = recordsOf(shard, {
      signal: options.signal,
      images: options.hash,
      onProblem: (problem) => found.push(problem),
    });
    for await (const record of records) {
      const sha256 = options.hash ? sha256Of(await record.readImage()) : null;
      await images.add(imageRow(record, shard.split, sha256));
      if (found.length >= CHUNK_ROWS) await takeProblems();
      if (images.rows % CHUNK_ROWS === 0) {
        options.onImages?.(images.rows - told);
        told = images.rows;
        options.signal?.throwIfAborted();
      }
    }
    await takeProblems();
    options.onImages?.(images.rows - told);
    const made = [...(await images.finish()), ...(await problems.finish())];
    if (!(await isHeld(claim)))
      throw new ClaimLost(`Cannot publish the part of ${shard.name}: another process took it over`);
    await removePart(this.#folder, shard.name);
    const files = (table: string) => made.filter(({ to }) => to.startsWith(`${table}/`)).map(({ to }) => to);
    await this.#clear((file) => file.startsWith(`${name}.`) && file.endsWith(".parquet"));
    for (const { from, to } of made) await publish(from, join(this.#folder, to));
    const part: PartRecord = {
      builder: INDEX_BUILDER_VERSION,
      shard: indexed,
      hashed: options.hash,
      images: images.rows,
      problems: problems.rows,
      imageFiles: files("images"),
      problemFiles: files("problems"),
    };
    await writePart(this.#folder, part);
    return part;
  }

  /** Frees the memory. */
  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  /** Removes files of a part: its own, as nobody else writes it while it is claimed. */
  async #clear(isMeant: (file: string) => boolean): Promise<void> {
    for (const table of ["images", "problems", "parts"]) {
      const folder = join(this.#folder, table);
      await mkdir(folder, { recursive: true });
      for (const file of await readdir(folder))
        if (isMeant(file)) await rm(join(folder, file), { force: true });
    }
  }
}

/** A table on its way into one or more Parquet files with temporary names. */
class TableFiles {
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

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
