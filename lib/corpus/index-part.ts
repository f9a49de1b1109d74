/** Writes the part of one shard, and publishes it: whole, and only while the shard is still this process' to build. */
import { createHash } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type ClaimToken, isClaimHeld, publishFile } from "../io/index.js";
import {
  INDEX_BUILDER_VERSION,
  imageColumns,
  imageRow,
  type ProblemRow,
  problemColumns,
} from "./index-columns.js";
import { type IndexedShard, type PartRecord, partName, removePart, writePart } from "./index-folder.js";
import { recordsOf } from "./index-records.js";
import { CHUNK_ROWS, TableFiles } from "./index-table.js";
import type { Shard } from "./shards.js";

/** What DuckDB may hold: the rows of a file with room to compress them. */
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
    if (!(await isClaimHeld(claim)))
      throw new ClaimLost(`Cannot publish the part of ${shard.name}: another process took it over`);
    await removePart(this.#folder, shard.name);
    const files = (table: string) => made.filter(({ to }) => to.startsWith(`${table}/`)).map(({ to }) => to);
    await this.#clear((file) => file.startsWith(`${name}.`) && file.endsWith(".parquet"));
    for (const { from, to } of made) await publishFile(from, join(this.#folder, to));
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

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
