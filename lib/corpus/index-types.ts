/** What an opened index is, and what can be asked of it. */
import type { Table } from "apache-arrow";
import type { IndexedShard, IndexManifest } from "./index-folder.js";

/** A value that a query takes. */
export type QueryValue = string | number | bigint | boolean | Date | null | readonly QueryValue[];

/** Values for `?` and `$1` by place, or for `$name` by name. */
export type QueryParameters = readonly QueryValue[] | { readonly [name: string]: QueryValue };

/** Something that answers SQL over the tables `images` and `problems`: an index, or a corpus. */
export interface Queryable {
  /**
   * Answers one SELECT.
   * @param sql over `images` (a row an image) and `problems` (a row a finding)
   * @param parameters values for `?`, or for `$name`
   * @param options.signal interrupts the query
   * @returns an Arrow table: texts dictionary-coded; BIGINT, sums and DECIMAL as Float64 (BIGINT as Int64 where a
   *   value is beyond 2^53)
   * @throws QueryError in one line
   */
  query(
    sql: string,
    parameters?: QueryParameters,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Table>;
}

/** An index that is open. */
export interface CorpusIndex extends Queryable {
  readonly folder: string;
  /** What index.json says: which corpus, which shards. */
  readonly manifest: IndexManifest;
  /** The shards whose parts are in use, in the order of the corpus. */
  readonly shards: readonly IndexedShard[];
  /** Shards that were asked for and have no part yet. */
  readonly missing: readonly IndexedShard[];
  /** Rows of `images`, and findings of the parts; `problems` has keys that stand in two shards besides. */
  readonly images: number;
  readonly problems: number;
  /** Rows of each shard in use. */
  readonly imagesByShard: ReadonlyMap<string, number>;
  /** Whether every picture's SHA-256 is there. */
  readonly hashed: boolean;
  /**
   * The answer to one SELECT in tables of some thousand rows each, in their order, in the memory of one: for answers
   * as long as the corpus.
   * @throws QueryError in one line, at the first table
   */
  batches(
    sql: string,
    parameters?: QueryParameters,
    options?: { readonly signal?: AbortSignal | undefined },
  ): AsyncGenerator<Table, void, undefined>;
  /** Frees the memory; a query afterwards is an error. */
  close(): void;
}
