/** Pairs by how alike they are: the bins by which the paper's people set the thresholds by eye (Figure 5). */
import { forEachPair, type SimilarPair, type SimilarPairs } from "./pairs.js";

/** The paper's six bins: half-open, the last one closed. */
export const CALIBRATION_BINS: readonly (readonly [number, number])[] = [
  [0.75, 0.85],
  [0.85, 0.9],
  [0.9, 0.95],
  [0.95, 0.9625],
  [0.9625, 0.999],
  [0.999, 1],
];

/** The pairs of one bin, the most alike first. */
export interface SimilarityBin {
  readonly low: number;
  readonly high: number;
  readonly pairs: readonly SimilarPair[];
}

/**
 * Sorts pairs into bins.
 * @param bins ascending: from the first number up to the second, which belongs to the last bin alone
 * @throws RangeError where bins overlap or end before they begin
 * @example pairsByBin(pairs)[4]?.pairs[0] // { first: 12, second: 230, similarity: 0.9956 }
 */
export function pairsByBin(
  pairs: SimilarPairs,
  bins: readonly (readonly [number, number])[] = CALIBRATION_BINS,
): SimilarityBin[] {
  bins.forEach(([low, high], i) => {
    if (!(low < high && (i === 0 || low >= bins[i - 1]![1])))
      throw new RangeError(
        `Cannot sort pairs: ascending bins that do not overlap are needed, got ${bins.map(([a, b]) => `${a} to ${b}`).join(", ")}`,
      );
  });
  const lists = bins.map((): SimilarPair[] => []);
  // rounding can bring a copy's cosine a last digit above 1
  const topOf = (bin: number) => (bins[bin]![1] === 1 ? 1 + 1e-9 : bins[bin]![1]);
  forEachPair(pairs, (first, second, similarity) => {
    const bin = bins.findIndex(
      ([low, high], i) =>
        similarity >= low && (i === bins.length - 1 ? similarity <= topOf(i) : similarity < high),
    );
    lists[bin]?.push({ first, second, similarity });
  });
  return bins.map(([low, high], i) => ({
    ...{ low, high },
    pairs: lists[i]!.sort((a, b) => b.similarity - a.similarity || a.first - b.first || a.second - b.second),
  }));
}
