/**
 * Says which data a corpus is, so that a value is only compared with the paper where it was measured on the same.
 *
 * A name is no evidence: a folder of four shards, or of a hundred generated ones, may carry the release's names. What
 * is here called "gpic" has every shard of the part in use, and train shards of the published size. That is evidence,
 * not proof: proof is each file's SHA-256 against the Hub's, which needs the Hub.
 */
import type { Split, Tier } from "./image-record.js";
import { releaseShards, type Shard, type ShardChoice } from "./shards.js";

/** Which data a value was measured on. */
export interface CorpusIdentity {
  /** "sample", "gpic" (with evidence), or "local". */
  readonly dataset: string;
  readonly revision?: string;
  /** The split that was chosen; absent where all are in use. */
  readonly split?: Split;
  /** The tier that was chosen. */
  readonly tier?: Tier;
  /**
   * Whether all of that part of the dataset was read. Never of "local", whose extent nobody knows; of "gpic" only where
   * the Hub listed it (it has a revision) and `surveyCorpus` has found as many images as were published, without a
   * problem: names and sizes of local shards can be made up, and so can their JSON.
   */
  readonly complete: boolean;
}

/** Least mean size of a shard that passes as the release's: a tenth below the published 1.6 GB of train; val and test hold fewer images. */
const leastMeanBytes: { readonly [split in Split]: number } = { train: 1.44e9, val: 0.5e9, test: 0.5e9 };

/**
 * The identity of shards on this machine.
 * @param dataset "sample" where the shards are the package's own, otherwise "local"
 * @param chosen the shards in use
 */
export function identify(
  dataset: "sample" | "local",
  chosen: readonly Shard[],
  choice: ShardChoice,
): CorpusIdentity {
  const part = {
    ...(choice.tier !== undefined ? { tier: choice.tier } : {}),
    ...(choice.tier !== undefined
      ? { split: "train" as const }
      : choice.split !== undefined
        ? { split: choice.split }
        : {}),
  };
  if (dataset === "sample") return { dataset, ...part, complete: choice.shards === undefined };
  return { dataset: hasAll(chosen, choice) ? "gpic" : dataset, ...part, complete: false };
}

function hasAll(chosen: readonly Shard[], choice: ShardChoice): boolean {
  const train = { split: "train", count: releaseShards[choice.tier ?? "full"] } as const;
  const val = { split: "val", count: releaseShards.val } as const;
  const test = { split: "test", count: releaseShards.test } as const;
  const parts =
    choice.tier !== undefined
      ? [train]
      : choice.split === undefined
        ? [train, val, test]
        : [train, val, test].filter((part) => part.split === choice.split);
  return parts.every(({ split, count }) => {
    const shards = chosen.filter((shard) => shard.split === split);
    const bytes = shards.reduce((sum, shard) => sum + shard.sizeBytes, 0);
    const numbers = new Set(shards.map((shard) => shard.number));
    return (
      shards.length === count &&
      Array.from({ length: count }, (_, i) => i).every((i) => numbers.has(i)) &&
      bytes / count >= leastMeanBytes[split]
    );
  });
}

/** Images of each part as published; tiers are named by round numbers. */
const publishedImages: { readonly [part in Tier | "val" | "test"]: number } = {
  nano: 1e6,
  lite: 1e7,
  full: 1e8,
  val: 2e5,
  test: 1e6,
};
/** Shards differ by some two per cent in their number of images, a whole part by less. */
const IMAGES_TOLERANCE = 0.02;

/**
 * The identity of a corpus that was read to its end.
 * @param images how many records were read
 * @param problems how many were damaged
 */
export function identityAfterReading(
  identity: CorpusIdentity,
  images: number,
  problems: number,
): CorpusIdentity {
  if (identity.dataset !== "gpic") return { ...identity, complete: identity.complete && problems === 0 };
  const { val, test, full } = publishedImages;
  const train = publishedImages[identity.tier ?? "full"];
  const expected =
    identity.split === undefined
      ? full + val + test
      : identity.split === "train"
        ? train
        : publishedImages[identity.split];
  const enough = Math.abs(images - expected) <= IMAGES_TOLERANCE * expected;
  return { ...identity, complete: enough && problems === 0 && identity.revision !== undefined };
}
