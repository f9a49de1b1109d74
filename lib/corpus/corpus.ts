/**
 * Opens a corpus by name and walks through its records without reading a pixel.
 *
 * The paper's section 2.5. A corpus is the sample that the package carries, a folder laid out as the release, one tar,
 * the folder of an index, or a dataset on the Hub, whose shards need not be downloaded.
 */
import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { packageFile } from "../io/index.js";
import { describeHub, hubShards } from "./hub-shards.js";
import { type CorpusIdentity, identify } from "./identity.js";
import { type ImageRecord, splits } from "./image-record.js";
import { type IndexOptions, indexKeeper } from "./index-cache.js";
import { openIndexed } from "./index-corpus.js";
import type { CorpusIndex, Queryable } from "./index-types.js";
import { isHubName } from "./name.js";
import { randomRecords } from "./questions-sample.js";
import { sampleShards } from "./sample-shards.js";
import {
  chooseShards,
  findShards,
  releaseShards,
  type Shard,
  type ShardChoice,
  sampleTierShards,
  shardAt,
} from "./shards.js";
import { type WalkOptions, walkShards } from "./walk.js";

/** A corpus, or the part of one that was chosen; `query` asks its index, which is got as `index` says. */
export interface Corpus extends Queryable {
  /** What it was opened by. */
  readonly name: string;
  readonly identity: CorpusIdentity;
  /** The shards in use: train, val, test, each by number. */
  readonly shards: readonly Shard[];
  /** One line: which corpus this is, how many shards, how many bytes. */
  describe(): string;
  /**
   * The records in the order of the shards; reads headers and JSON, no pixels.
   * @throws CorpusError at the first problem, unless `onProblem` takes them
   */
  records(options?: WalkOptions): AsyncGenerator<ImageRecord, void, undefined>;
  /**
   * Images drawn by seed without replacement, each with the same chance: from the index that the corpus was opened
   * by, else by jumps into the shards, so that nothing is read through. The two ways draw different images.
   * @param count how many; fewer are given only where there are no more
   * @example await imageGrid(await corpus.draw(12, { seed: 7 }))
   */
  draw(count: number, options: DrawOptions): Promise<ImageRecord[]>;
  /**
   * The index of these shards: the one that the corpus was opened by, or one in the cache, which is built where it is
   * not there yet (seconds for the sample, some minutes for a hundred shards).
   * @throws Error where the shards are not on this machine: their index is made by `gpic-lab corpus index`
   */
  index(options?: IndexOptions): Promise<CorpusIndex>;
}

/** What drawing takes. */
export interface DrawOptions {
  /** Any number or text: the same corpus and seed give the same images in the same order. */
  readonly seed: number | string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a corpus; reads nothing but the names and sizes of its shards.
 * @param name "sample" (the default), a folder with train/, val/ or test/, a tar, the folder of an index, or
 *   hf://stanford-vision-lab/gpic[@revision]
 * @param choice a tier, a split, numbers of shards; everything where it is left out
 * @throws Error or RangeError where there is no such corpus, or the choice leaves nothing
 * @example
 * const corpus = await openCorpus("sample", { tier: "nano" });
 * for await (const record of corpus.records()) console.log(record.caption);
 */
export async function openCorpus(name: string = "sample", choice: ShardChoice = {}): Promise<Corpus> {
  if (typeof name !== "string" || name === "")
    throw new TypeError(`Cannot open a corpus: a name is needed, got ${JSON.stringify(name)}`);
  if (isHubName(name)) {
    const { identity, shards, note } = await hubShards(name, choice);
    const corpus = corpusOver(name, identity, shards, choice);
    return { ...corpus, describe: () => `${corpus.describe()}${note}` };
  }
  const isSample = name === "sample";
  const indexed = isSample ? undefined : await openIndexed(name, choice, shardsOf);
  if (indexed !== undefined)
    return corpusOver(name, indexed.identity, indexed.shards, choice, { folder: name, of: indexed.corpus });
  const all = isSample ? sampleShardsThere() : localShards(name);
  const tierShards = isSample ? sampleTierShards : releaseShards;
  const shards = chooseShards(all, choice, tierShards);
  const identity = identify(isSample ? "sample" : "local", shards, choice);
  return corpusOver(name, identity, shards, choice);
}

/** The shards of what an index was made of: never those of another index, so that none leads to itself. */
async function shardsOf(name: string): Promise<readonly Shard[]> {
  if (isHubName(name)) return (await hubShards(name)).shards;
  return name === "sample" ? sampleShardsThere() : localShards(name);
}

function sampleShardsThere(): Shard[] {
  return findShards(packageFile("data", "sample", "release"));
}

function corpusOver(
  name: string,
  identity: CorpusIdentity,
  shards: readonly Shard[],
  choice: ShardChoice,
  index?: { readonly folder: string; readonly of: string },
): Corpus {
  const getIndex = indexKeeper({ name, identity, shards, folder: index?.folder });
  const by = index === undefined ? "" : `, by the index ${basename(index.folder)}`;
  return {
    name,
    identity,
    shards,
    describe: () => `${describe(index?.of ?? name, identity, shards, choice)}${by}`,
    records: (options = {}) => walkShards(shards, options),
    draw: async (count, options) => {
      if (index === undefined) return sampleShards(shards, count, options);
      const { images, query } = await getIndex(options);
      return randomRecords({ query, shards }, Math.min(count, images), options.seed);
    },
    index: getIndex,
    query: async (sql, parameters, options) => (await getIndex(options)).query(sql, parameters, options),
  };
}

function localShards(path: string): Shard[] {
  if (!existsSync(path))
    throw new Error(
      `Cannot open the corpus ${path}: "sample", a folder or a tar is needed, got no such file`,
    );
  return statSync(path).isDirectory() ? findShards(path) : [shardAt(path)];
}

function describe(
  name: string,
  identity: CorpusIdentity,
  shards: readonly Shard[],
  choice: ShardChoice,
): string {
  const what =
    identity.dataset === "sample"
      ? "the sample corpus that gpic-lab carries"
      : isHubName(name)
        ? describeHub(name, identity)
        : identity.dataset === "gpic"
          ? `GPIC itself, by the number and size of its shards (${basename(name)})`
          : `local shards (${basename(name)})`;
  const part = choice.tier ?? choice.split;
  const counts = splits
    .map((split) => [split, shards.filter((shard) => shard.split === split).length] as const)
    .filter(([, count]) => count > 0)
    .map(([split, count]) => `${count} ${split}`);
  const megabytes = shards.reduce((sum, shard) => sum + shard.sizeBytes, 0) / 1e6;
  const number = `${shards.length} ${shards.length === 1 ? "shard" : "shards"}`;
  return `${what}${part === undefined ? "" : `, ${part}`}: ${number}${counts.length === 0 ? "" : ` (${counts.join(", ")})`}, ${megabytes.toFixed(1)} MB`;
}
