/**
 * Checks by key that tiers are nested and splits disjoint, as the paper's section 2.5 and the data card say.
 *
 * Tiers are prefixes of the train shards: the number of a shard says which tiers each of its records must name, so
 * nano implies lite, and lite full. Records of val and test name none. No key stands in two splits, and none twice in
 * one, be it in one shard or in two. One pass over the records; `passes` trades time for memory.
 */
import { splits, type Tier, tiers } from "./image-record.js";
import { isKey, KeyPlaces } from "./nesting-keys.js";
import { Places, type SplitCount, type TierCount } from "./nesting-places.js";

/** What of a record is looked at. */
export interface NestingRecord {
  readonly shard: string;
  readonly key: string;
  /** The tiers that the record names. */
  readonly split: readonly string[];
}

/**
 * What is wrong. tiers: others than the shard's number says. same-shard, same-split, two-splits: a key that was there
 * before. key: not 64 hexadecimal digits. shard: a name that says no split and number, so nothing is known of it.
 */
export type NestingKind = "tiers" | "same-shard" | "same-split" | "two-splits" | "key" | "shard";

/** Every kind of finding. */
export const nestingKinds: readonly NestingKind[] = [
  "tiers",
  "same-shard",
  "same-split",
  "two-splits",
  "key",
  "shard",
];

/** One finding. */
export interface NestingFinding {
  readonly kind: NestingKind;
  readonly shard: string;
  /** Empty where a shard is meant. */
  readonly key: string;
  readonly expected: string;
  readonly found: string;
}

/** What a check of nesting found. */
export interface Nesting {
  readonly isSound: boolean;
  readonly images: number;
  /** How many findings there are of each kind. */
  readonly counts: { readonly [kind in NestingKind]: number };
  /** The first of them, at most `maxFindings`. */
  readonly findings: readonly NestingFinding[];
  readonly tiers: readonly TierCount[];
  readonly splits: readonly SplitCount[];
  /** Most bytes that the keys took up. */
  readonly keyBytes: number;
}

/** How nesting is checked. */
export interface NestingOptions {
  /** Findings kept as rows; all are counted. 1,000 where it is left out. */
  readonly maxFindings?: number;
  /** Goes through the records this many times, each time with a part of the keys in memory; 1 where it is left out. */
  readonly passes?: number;
  readonly signal?: AbortSignal | undefined;
}

type Records = Iterable<NestingRecord> | AsyncIterable<NestingRecord>;

/** Longest text of the data that a finding repeats. */
const MAX_TEXT = 120;

/**
 * Checks that tiers are nested and splits are disjoint, in memory of 25 to 38 bytes a key (a hundred million keys: 2.5
 * to 3.8 GB, over `passes`).
 * @param records in the order of the shards; a function that gives them anew where there are several passes
 * @param tierShards how many train shards each tier has: `releaseShards`, or `sampleTierShards`
 * @throws RangeError where passes are no whole number from 1 to 256; TypeError where several have no function
 * @example (await checkNesting(corpus.records(), sampleTierShards)).isSound // true
 */
export async function checkNesting(
  records: Records | (() => Records),
  tierShards: { readonly [tier in Tier]: number },
  options: NestingOptions = {},
): Promise<Nesting> {
  const { maxFindings = 1000, passes = 1, signal } = options;
  if (!Number.isSafeInteger(passes) || passes < 1 || passes > 256)
    throw new RangeError(`Cannot check nesting: passes are a whole number from 1 to 256, got ${passes}`);
  if (passes > 1 && typeof records !== "function")
    throw new TypeError(
      `Cannot check nesting in ${passes} passes: a function that gives the records is needed`,
    );
  const places = new Places(tierShards);
  const counts = { tiers: 0, "same-shard": 0, "same-split": 0, "two-splits": 0, key: 0, shard: 0 };
  const findings: NestingFinding[] = [];
  const add = (kind: NestingKind, shard: string, key: string, expected: string, found: string): void => {
    counts[kind]++;
    if (findings.length >= maxFindings) return;
    findings.push({ kind, shard: cut(shard), key: cut(key), expected, found: cut(found) });
  };
  let keyBytes = 0;
  for (let pass = 0; pass < passes; pass++) {
    const keys = new KeyPlaces();
    for await (const { shard, key, split } of typeof records === "function" ? records() : records) {
      signal?.throwIfAborted();
      const sound = isKey(key);
      // everything that is wrong with one record is found in one pass: that of its key, or the first
      if ((sound ? Number.parseInt(key.slice(6, 8), 16) % passes : 0) !== pass) continue;
      const { place, isNew } = places.of(shard);
      place.images++;
      if (place.part === undefined) {
        if (isNew) add("shard", shard, "", "gpic_{split}_NNNNN.tar", shard);
        continue;
      }
      const named = [...split].sort().join(", ");
      for (const tier of tiers) if (split.includes(tier)) places.named[tier]++;
      if (named !== place.tiers) add("tiers", shard, key, place.tiers || "no tier", named || "no tier");
      if (!sound) {
        add("key", shard, key, "64 hexadecimal digits", key);
        continue;
      }
      const before = places.list[keys.add(key, place.index)];
      if (before === undefined) place.newKeys++;
      else
        add(
          before === place ? "same-shard" : before.part === place.part ? "same-split" : "two-splits",
          shard,
          key,
          `once, in ${before.part}`,
          `first in ${before.shard}`,
        );
    }
    keyBytes = Math.max(keyBytes, keys.bytes);
  }
  return {
    isSound: Object.values(counts).every((count) => count === 0),
    images: places.list.reduce((sum, { images }) => sum + images, 0),
    counts,
    findings,
    tiers: tiers.map((tier) => places.tierCount(tier)),
    splits: splits.map((split) => places.splitCount(split)),
    keyBytes,
  };
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text;
}
