/** A corpus opened by its index: the shards that index.json names, with their pictures where they can still be found. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type CorpusIdentity, identify } from "./identity.js";
import { type IndexedShard, type IndexManifest, readManifest } from "./index-folder.js";
import { chooseShards, releaseShards, type Shard, type ShardChoice, sampleTierShards } from "./shards.js";

/** Finds the shards of a corpus by its name. */
type Finder = (corpus: string) => Promise<readonly Shard[]>;

/**
 * The corpus of an index' folder; undefined where the folder holds none.
 * @param find opens the corpus that the index was made of; on this machine at once, elsewhere with the first picture
 */
export async function openIndexed(
  folder: string,
  choice: ShardChoice,
  find: Finder,
): Promise<
  | { readonly corpus: string; readonly identity: CorpusIdentity; readonly shards: readonly Shard[] }
  | undefined
> {
  if (!existsSync(join(folder, "index.json"))) return undefined;
  const manifest = await readManifest(folder);
  if (manifest === undefined) return undefined;
  const { corpus } = manifest;
  const there = corpus.includes("://") ? undefined : await find(corpus).catch(() => undefined);
  const all = manifest.shards.map((shard) => shardOf(folder, manifest, shard, there, find));
  const tierShards = manifest.dataset === "sample" ? sampleTierShards : releaseShards;
  const shards = chooseShards(all, choice, tierShards);
  return { corpus, shards, identity: identityOf(manifest, shards, choice, there) };
}

function shardOf(
  folder: string,
  manifest: IndexManifest,
  { name, sizeBytes, split, number }: IndexedShard,
  there: readonly Shard[] | undefined,
  find: Finder,
): Shard {
  const same = there?.find((shard) => shard.name === name && shard.sizeBytes === sizeBytes);
  if (same !== undefined) return same;
  const unreadable = (got: string) =>
    new Error(
      `Cannot read pictures of ${name}: the corpus ${manifest.corpus} that the index ${folder} was made of is needed, got ${got}`,
    );
  return {
    ...{ name, sizeBytes },
    ...(split !== undefined ? { split } : {}),
    ...(number !== undefined ? { number } : {}),
    async open(options) {
      const shards = await find(manifest.corpus).catch((error: Error) => {
        throw unreadable(error.message);
      });
      const found = shards.find((shard) => shard.name === name);
      if (found === undefined) throw unreadable("one without this shard");
      if (found.sizeBytes !== sizeBytes)
        throw unreadable(`another file of that name: ${found.sizeBytes} bytes instead of ${sizeBytes}`);
      return found.open(options);
    },
  };
}

function identityOf(
  manifest: IndexManifest,
  shards: readonly Shard[],
  choice: ShardChoice,
  there: readonly Shard[] | undefined,
): CorpusIdentity {
  const { dataset, revision, corpus } = manifest;
  if (dataset === "sample") {
    const all = chooseShards(there ?? [], choice, sampleTierShards).length;
    const identity = identify("sample", shards, choice);
    return { ...identity, complete: identity.complete && all === shards.length };
  }
  const identity = identify("local", shards, choice);
  if (!corpus.includes("://")) return identity;
  return { ...identity, dataset, ...(revision === undefined ? {} : { revision }) };
}
