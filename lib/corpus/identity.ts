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
  /** Whether every shard of that part of the dataset is in use; never of "local", whose extent nobody knows. */
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
  return hasAll(chosen, choice)
    ? { dataset: "gpic", ...part, complete: true }
    : { dataset, ...part, complete: false };
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
