/**
 * The Frechet distance of infinitely many images, from those at hand.
 *
 * Method: Chong and Forsyth, "Effectively unbiased FID" (2020), on both sides: distances of parts of the images are
 * followed to 1/n = 1/N = 0 (frechet-infinity-fit.ts). Known differences: a shuffle's parts are disjoint and cover all
 * images, so that what the distance owes to first order to the images at hand is the same at all sizes and the slopes
 * see only the bias (drawing each size anew, as there, makes them scatter); sizes are the whole, halves, thirds and
 * quarters; the line may bend, because at a few rows a column it does (a straight one is 11 % of the bias off there).
 *
 * What the interval is of: the distance of the two laws. Its width is the jackknife's with one image left out at a time,
 * which influence.ts has exactly, and the scatter of what shuffles give. Where both laws are the same it is too wide
 * rather than too narrow (jackknife.ts). Known limit: below one row a column in a quarter the law itself ends, and the
 * points no longer lie on the curve; the residuals show it.
 */
import { type Interval, normalQuantile, Random } from "../core/index.js";
import { type FeatureRows, momentsOf } from "../features/index.js";
import { frechetFrom } from "./frechet.js";
import { CUTS, type FrechetAtSize, fitSizes, type SideCurve } from "./frechet-infinity-fit.js";
import type { MeanAndCovariance } from "./frechet-side.js";
import { frechetInfluence } from "./influence.js";
import { mergedBlocks, momentsInBlocks } from "./jackknife-blocks.js";

/** Parts that a shuffle is cut into: halves, thirds and quarters are made of them. */
const PARTS = 12;

/** A distance without the share of sample size. */
export interface FrechetInfinity {
  readonly fd: number;
  readonly interval: Interval;
  readonly standardError: number;
  /** The distance of all images, share of sample size and all. */
  readonly plugIn: number;
  /** What a generated side of n images adds. */
  readonly generated: SideCurve;
  /** What a real side of N images adds; null where the reference is taken as it is. */
  readonly real: SideCurve | null;
  readonly points: readonly FrechetAtSize[];
  /** Measured less fitted, in the order of the points. */
  readonly residuals: readonly number[];
  readonly confidence: number;
  readonly repeats: number;
  readonly seed: number | string;
}

/** What an extrapolation takes beside the features. */
export interface FrechetInfinityOptions {
  readonly seed: number | string;
  /** Shuffles of each side, 2 or more; default 4, each of 9 distances a side. */
  readonly repeats?: number | undefined;
  /** Between 0 and 1, default 0.95. */
  readonly confidence?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { distancesDone: number; distancesTotal: number }) => void) | undefined;
}

/**
 * The distance of infinitely many images on both sides.
 * @param sets generated: rows, 24 or more. real: rows, or moments of a reference that is taken as it is, to whose size
 * nothing is extrapolated then
 * @throws RangeError where there are fewer rows, or options are out of range; the signal's reason
 * @example (await frechetInfinity({ real, generated }, { seed: 1 })).interval // { low, high }
 */
export async function frechetInfinity(
  sets: { readonly real: FeatureRows | MeanAndCovariance; readonly generated: FeatureRows },
  { seed, repeats = 4, confidence = 0.95, signal, onProgress }: FrechetInfinityOptions,
): Promise<FrechetInfinity> {
  check(sets, repeats, confidence);
  const realRows = "data" in sets.real ? sets.real : undefined;
  const real = "data" in sets.real ? momentsOf({ rows: sets.real }) : sets.real;
  const generated = momentsOf({ rows: sets.generated });
  const whole = (await (await frechetFrom(real))(generated)).fd;
  const perSide = repeats * CUTS.reduce((sum, cut) => sum + cut, 0);
  const distancesTotal = perSide * (realRows === undefined ? 1 : 2);
  let distancesDone = 0;
  const watch = () => {
    signal?.throwIfAborted();
    onProgress?.({ distancesDone: ++distancesDone, distancesTotal });
  };
  const random = new Random(seed);
  const byGenerated = await shuffled(sets.generated, real, { repeats, random, watch });
  const byReal = realRows && (await shuffled(realRows, generated, { repeats, random, watch }));
  const curve = fitSizes(whole, {
    generated: { count: sets.generated.count, means: byGenerated },
    real: realRows && byReal && { count: realRows.count, means: byReal },
  });
  const sampling =
    (await jackknifed({ real, generated: sets.generated }, signal)) +
    (realRows === undefined ? 0 : await jackknifed({ real: generated, generated: realRows }, signal));
  const standardError = Math.sqrt(sampling + curve.ofShuffles);
  const half = normalQuantile((1 + confidence) / 2) * standardError;
  return {
    fd: curve.fd,
    interval: { low: curve.fd - half, high: curve.fd + half },
    standardError,
    plugIn: whole,
    generated: curve.generated,
    real: curve.real,
    points: curve.points,
    residuals: curve.residuals,
    confidence,
    repeats,
    seed,
  };
}

/** For each shuffle and cut the mean distance of the parts of a side to the other side as a whole. */
async function shuffled(
  rows: FeatureRows,
  other: MeanAndCovariance,
  { repeats, random, watch }: { repeats: number; random: Random; watch: () => void },
): Promise<number[][]> {
  const distance = await frechetFrom(other);
  const means: number[][] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const parts = momentsInBlocks(rows, { blocks: PARTS, seed: random.next() });
    const own: number[] = [];
    for (const cut of CUTS) {
      let sum = 0;
      for (let part = 0; part < cut; part++) {
        watch();
        sum += (await distance(mergedBlocks(parts.slice((part * PARTS) / cut, ((part + 1) * PARTS) / cut))))
          .fd;
      }
      own.push(sum / cut);
    }
    means.push(own);
  }
  return means;
}

/** The jackknife's variance of the distance with one image of a side left out at a time. */
async function jackknifed(
  sets: { readonly real: MeanAndCovariance; readonly generated: FeatureRows },
  signal: AbortSignal | undefined,
): Promise<number> {
  const { influence, count } = await frechetInfluence(sets, { signal });
  const middle = average([...influence]);
  return ((count - 1) / count) * influence.reduce((sum, value) => sum + (value - middle) ** 2, 0);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function check(
  { real, generated }: Parameters<typeof frechetInfinity>[0],
  repeats: number,
  confidence: number,
): void {
  const fewest = Math.min(generated.count, "data" in real ? real.count : Number.POSITIVE_INFINITY);
  if (!(fewest >= 2 * PARTS))
    throw new RangeError(
      `Cannot extrapolate a distance: ${2 * PARTS} rows or more of each side are needed, got ${fewest}`,
    );
  if (!(Number.isSafeInteger(repeats) && repeats >= 2 && confidence > 0 && confidence < 1))
    throw new RangeError(
      `Cannot extrapolate a distance: 2 repeats or more and a confidence between 0 and 1 are needed, got ${repeats} and ${confidence}`,
    );
}
