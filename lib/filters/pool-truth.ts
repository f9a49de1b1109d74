/**
 * The sample's pool with its known truth as labels for detectors, and its seeded halves.
 *
 * The faults were made (data/README.md): strong ones, six of each. A detector that finds them all has passed a check of
 * its code, and has not shown that it finds the faults of a crawl.
 */
import { createHash } from "node:crypto";
import type { PoolImage } from "../corpus/index.js";

/** The faults of quality that the paper's 2.2 names and the pool holds; "little content" has no measure. */
export const measuredFaults = ["near-blank", "blurred", "underexposed", "overexposed"] as const;
/** One of them. */
export type QualityFault = (typeof measuredFaults)[number];

/**
 * The fault of an image of the pool, made or seen by eye; undefined where it has none.
 * @example faultOf((await samplePool()).find(({ kind }) => kind === "blurred")!) // "blurred"
 */
export function faultOf({
  kind,
  seenFault,
}: Pick<PoolImage, "kind" | "seenFault">): QualityFault | undefined {
  return measuredFaults.find((fault) => fault === kind || fault === seenFault);
}

/** What a draw of halves needs to know of an item. */
export interface SplitItem {
  readonly key: string;
  /** Items of one group go to one half: a photograph and what was made of it. */
  readonly group: string;
  /** What both halves are to hold alike, such as the fault; "" for none. */
  readonly stratum: string;
}

/** Two halves. */
export interface Halves<Item> {
  /** For choosing thresholds. */
  readonly chosenOn: readonly Item[];
  /** For showing what they do. */
  readonly shownOn: readonly Item[];
}

/**
 * Splits items in two: groups whole, strata alike. The order of the items does not matter, only their keys and the seed:
 * groups are sorted by SHA-256 of seed and group, and go to the halves in turn within their stratum.
 * @param seed of the draw
 * @example splitHalves(items, 0).chosenOn.length
 */
export function splitHalves<Item extends SplitItem>(
  items: readonly Item[],
  seed: number | string,
): Halves<Item> {
  const strata = new Map<string, string>();
  for (const { group, stratum } of items) {
    // a group with several takes the last by name, whatever the order of its items
    strata.set(group, [stratum, strata.get(group) ?? ""].sort()[1]!);
  }
  const hash = (group: string) => createHash("sha256").update(`${seed}:${group}`).digest("hex");
  const order = [...strata].map(([group, stratum]) => ({ group, stratum, hash: hash(group) }));
  order.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const turns = new Map<string, number>();
  const first = new Set<string>();
  for (const { group, stratum } of order) {
    const turn = turns.get(stratum) ?? 0;
    turns.set(stratum, turn + 1);
    if (turn % 2 === 0) first.add(group);
  }
  return {
    chosenOn: items.filter(({ group }) => first.has(group)),
    shownOn: items.filter(({ group }) => !first.has(group)),
  };
}
