/**
 * The index of a corpus that somebody opened: the one that it was opened by, or one in the cache, built there when it
 * is first asked for.
 *
 * The cache has a folder for each place that shards lie in and each version of the builder; what is in it is valid
 * for shards of the same name, size and time of change, so a changed shard is indexed again and no other.
 */
import { createHash } from "node:crypto";
import { access, constants, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { currentSettings } from "../io/index.js";
import type { CorpusIdentity } from "./identity.js";
import { buildIndex, type IndexProgress } from "./index-build.js";
import { INDEX_BUILDER_VERSION } from "./index-columns.js";
import { openIndex } from "./index-open.js";
import type { CorpusIndex } from "./index-types.js";
import type { Shard } from "./shards.js";

/** What getting an index takes, as it may have to be built. */
export interface IndexOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of each part while the index is built, and once where it is there. */
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined;
}

/** A corpus as its index needs it. */
export interface IndexedCorpus {
  readonly name: string;
  readonly identity: CorpusIdentity;
  readonly shards: readonly Shard[];
  /** The index that it was opened by. */
  readonly folder?: string | undefined;
}

/**
 * A function that gives a corpus' index, the same one each time.
 * @returns throws where shards lie elsewhere and nobody built an index of them, and where one is not whole
 */
export function indexKeeper(corpus: IndexedCorpus): (options?: IndexOptions) => Promise<CorpusIndex> {
  let kept: Promise<CorpusIndex> | undefined;
  return async (options = {}) => {
    kept ??= provide(corpus, options);
    const mine = kept;
    try {
      const index = await mine;
      const { length } = corpus.shards;
      options.onProgress?.({ shardsDone: length, shardsTotal: length, images: index.images, imagesRead: 0 });
      return index;
    } catch (error) {
      if (kept === mine) kept = undefined;
      throw error;
    }
  };
}

async function provide(corpus: IndexedCorpus, options: IndexOptions): Promise<CorpusIndex> {
  const { name, identity, shards, folder } = corpus;
  const names = shards.map((shard) => shard.name);
  if (folder !== undefined) return whole(await openIndex(folder, { shards: names }));
  const remote = shards.find(({ path }) => path === undefined);
  if (remote !== undefined)
    throw new Error(
      `Cannot query ${name}: an index is needed where shards are not on this machine; make it with "gpic-lab corpus index ${name} --out DIR" and open DIR instead, got none`,
    );
  const cache = await cacheFolder(lastingName(name), shards);
  await buildIndex(shards, cache, { ...options, corpus: lastingName(name), identity });
  return whole(await openIndex(cache, { shards: names }));
}

/** What `openCorpus` takes wherever the process stands: a path made absolute, other names as they are. */
export function lastingName(name: string): string {
  return name === "sample" || name.includes("://") ? name : resolve(name);
}

function whole(index: CorpusIndex): CorpusIndex {
  const { folder, missing, manifest } = index;
  if (missing.length === 0) return index;
  index.close();
  throw new Error(
    `Cannot use the index ${folder}: ${missing.length} of its shards are not indexed yet, the first is ${missing[0]!.name}; complete it with "gpic-lab corpus index ${manifest.corpus} --out ${folder}"`,
  );
}

async function cacheFolder(name: string, shards: readonly Shard[]): Promise<string> {
  // where the shards lie: each path without the shard's name
  const places = [...new Set(shards.map(({ name, path = "" }) => resolve(path).slice(0, -name.length)))];
  const alone = shards.length === 1 && shards[0]!.split === undefined ? [shards[0]!.name] : [];
  const key = createHash("sha256").update(JSON.stringify([INDEX_BUILDER_VERSION, name, ...places, ...alone]));
  const folder = join(currentSettings().cache, "indexes", key.digest("hex").slice(0, 24));
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new Error(
      `Cannot keep an index in ${folder}: a folder that can be written is needed (GPIC_LAB_CACHE names another), got ${(error as NodeJS.ErrnoException).code}`,
    );
  }
  return folder;
}
