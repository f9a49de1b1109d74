/**
 * Similar images on both sides of a split: what the paper does not say to have looked for (silence 13).
 *
 * An image of the test set whose near copy a model was trained on tests its memory, not what it can do.
 */
import { pairsWhere, type SimilarPairs } from "./pairs.js";

/** Pairs between two splits. */
export interface SplitLeak {
  /** The two names, in the order of the alphabet. */
  readonly splits: readonly [string, string];
  readonly pairs: SimilarPairs;
  /** Images of each of the two that have a similar one in the other. */
  readonly images: readonly [number, number];
}

/**
 * Counts similar pairs across splits.
 * @param splitOf the split of each image, by its number
 * @returns a row for each two splits that share pairs, by name
 * @throws RangeError where an image of a pair has no split
 * @example splitLeaks(pairs, ["train", "test", "train"]) // [{ splits: ["test", "train"], images: [1, 2], pairs: ... }]
 */
export function splitLeaks(pairs: SimilarPairs, splitOf: readonly string[]): SplitLeak[] {
  const found = new Map<string, { splits: readonly [string, string]; places: Set<number> }>();
  for (let i = 0; i < pairs.count; i++) {
    const [a, b] = [splitOf[pairs.first[i]!], splitOf[pairs.second[i]!]];
    if (a === undefined || b === undefined)
      throw new RangeError(
        `Cannot compare splits: a split for each image is needed, got ${splitOf.length} for a pair of ${pairs.first[i]} and ${pairs.second[i]}`,
      );
    if (a === b) continue;
    const splits = a < b ? ([a, b] as const) : ([b, a] as const);
    const name = JSON.stringify(splits);
    const leak = found.get(name) ?? { splits, places: new Set<number>() };
    leak.places.add(i);
    found.set(name, leak);
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { splits, places }]) => {
      const crossing = pairsWhere(pairs, (_, place) => places.has(place));
      const images = [...crossing.first, ...crossing.second];
      const count = (split: string) => new Set(images.filter((image) => splitOf[image] === split)).size;
      return { splits, pairs: crossing, images: [count(splits[0]), count(splits[1])] as const };
    });
}
