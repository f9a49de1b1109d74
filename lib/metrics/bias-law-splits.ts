/**
 * b of the bias law, measured: distances between disjoint random parts of one set of images.
 *
 * Parts of a set are samples of one law, so the distance of two of m images each is b (1/m + 1/m) and nothing else. As
 * smaller parts show a b that is a little too large (the series' next term is of size 1/m), b is read off halves, quarters
 * and eighths, and the line through the three, in 1/m, is followed to size 0: the next term cancels. An eighth's four
 * distances in a shuffle are independent of each other: their scatter is how much a score of perfect images swings.
 */
import { leastSquares, mean, Random, variance } from "../core/index.js";
import type { FeatureRows, Moments } from "../features/index.js";
import { frechetDistance } from "./frechet.js";
import { drawBlocks, type MergedMoments, mergedBlocks } from "./jackknife-blocks.js";

/** Parts that a shuffle is cut into. */
const PARTS = 8;
/** Of halves, quarters, eighths. */
const PAIRS = [1, 2, 4] as const;

/** b, and how much distances scatter. */
export interface MeasuredBias {
  /** For large samples: from all sizes, the next term cancelled. */
  readonly b: number;
  /** b as it appears at 1/2, 1/4 and 1/8 of the images. */
  readonly bySize: readonly { readonly partCount: number; readonly b: number }[];
  /** Standard deviation of a distance of perfect images as a share of it. */
  readonly scatter: number;
  /** Of b, over shuffles; how much other images would move it is less as a rule, and biasOfLaw's standardError says it. */
  readonly standardError: number;
  readonly repeats: number;
  readonly seed: number | string;
  /** Images. */
  readonly count: number;
}

/**
 * b of the law that some images are a sample of.
 * @param rows 16 or more; for the law to hold, eighths of more rows than columns
 * @param options seed; repeats: shuffles, 2 or more, default 10, each of 7 distances
 * @throws RangeError where there are fewer rows; the signal's reason
 * @example (await biasFromSplits(realRows, { seed: 1 })).b
 */
export async function biasFromSplits(
  rows: FeatureRows,
  {
    seed,
    repeats = 10,
    signal,
    onProgress,
  }: {
    readonly seed: number | string;
    readonly repeats?: number | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((progress: { repeatsDone: number; repeatsTotal: number }) => void) | undefined;
  },
): Promise<MeasuredBias> {
  if (!(Number.isSafeInteger(repeats) && repeats >= 2))
    throw new RangeError(`Cannot measure the bias: repeats is an integer of at least 2, got ${repeats}`);
  if (rows.count < 2 * PARTS)
    throw new RangeError(`Cannot measure the bias: ${2 * PARTS} rows or more are needed, got ${rows.count}`);
  const random = new Random(seed);
  const found: number[] = [];
  const bySize = PAIRS.map(() => 0);
  let within = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const levels = await distancesOf(
      await drawBlocks(rows, { blocks: PARTS, seed: random.next(), signal }),
      signal,
    );
    found.push(atSizeZero(levels));
    for (const [i, level] of levels.entries()) bySize[i]! += mean(level) / repeats;
    within += variance(levels.at(-1)!) / repeats;
    onProgress?.({ repeatsDone: repeat + 1, repeatsTotal: repeats });
  }
  return {
    b: mean(found),
    bySize: bySize.map((b, i) => ({ partCount: Math.floor(rows.count / (2 * PAIRS[i]!)), b })),
    scatter: Math.sqrt(within) / bySize.at(-1)!,
    standardError: Math.sqrt(variance(found) / repeats),
    repeats,
    seed,
    count: rows.count,
  };
}

/** For halves, quarters and eighths the distances of pairs, as b. */
async function distancesOf(parts: readonly Moments[], signal: AbortSignal | undefined): Promise<number[][]> {
  const levels: number[][] = [];
  for (const pairs of PAIRS) {
    const size = PARTS / 2 / pairs;
    const level: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      signal?.throwIfAborted();
      const [real, generated] = [2 * pair, 2 * pair + 1].map((at) =>
        mergedBlocks(parts.slice(at * size, (at + 1) * size)),
      ) as [MergedMoments, MergedMoments];
      const { fd } = await frechetDistance({ real, generated }, { signal });
      level.push(fd / (1 / real.count + 1 / generated.count));
    }
    levels.push(level);
  }
  return levels;
}

/** The line through b by 1/m, at 0; a level weighs by its pairs, which are independent of each other. */
function atSizeZero(levels: readonly (readonly number[])[]): number {
  return leastSquares(
    PAIRS.map((pairs) => [1, pairs]),
    levels.map(mean),
    PAIRS,
  ).coefficients[0]!;
}
