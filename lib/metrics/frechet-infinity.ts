/**
 * The Frechet distance of infinitely many images, from those at hand.
 *
 * Method: Chong and Forsyth, "Effectively unbiased FID" (2020), on both sides: distances of parts of the images are
 * followed to 1/n = 1/N = 0 (frechet-infinity-fit.ts). Known differences: sizes are the whole, halves and quarters, of
 * one side, of the other, and of both together; a shuffle's parts are disjoint and cover all images, so that what the
 * distance owes to first order to the images at hand is the same at all sizes and the slopes see only the bias (drawing
 * each size anew, as there, makes them scatter); the surface may bend.
 *
 * What the interval is of: the distance of the two laws. Its width is the jackknife's with one image left out at a time,
 * which influence.ts has exactly, and the scatter of what shuffles give. Where both laws are the same it is too wide
 * rather than too narrow (jackknife.ts). Known limit: what bend is left with few rows a column is not in the interval;
 * below three rows a column, and against a fixed reference below six, it may be as large. The residuals show it where
 * both sides are cut; against a fixed reference three points carry three numbers, and nothing is left to show it.
 */
import { type Interval, normalQuantile, Random, variance } from "../core/index.js";
import type { FeatureRows, Moments } from "../features/index.js";
import { frechetDistance } from "./frechet.js";
import type { MeanAndCovariance } from "./frechet-check.js";
import { CUTS, type Cut, cutsOf, type FrechetAtSize, fitSizes } from "./frechet-infinity-fit.js";
import { frechetInfluence } from "./influence.js";
import { drawBlocks, mergedBlocks } from "./jackknife-blocks.js";
import { momentsOfSide } from "./moments-of-rows.js";

/** Parts that a shuffle is cut into: halves and quarters are made of them. */
const PARTS = Math.max(...CUTS);

/** A distance without the share of sample size. */
export interface FrechetInfinity {
  readonly fd: number;
  readonly interval: Interval;
  readonly standardError: number;
  /** The distance of all images, share of sample size and all. */
  readonly plugIn: number;
  /** b of the generated side: what 1/n adds. */
  readonly b_generated: number;
  /** B of the real side: what 1/N adds; null where the reference is taken as it is. */
  readonly b_real: number | null;
  /** What (1/n - 1/N)^2 adds. */
  readonly bend: number;
  readonly points: readonly FrechetAtSize[];
  /** Measured less fitted, in the order of the points; null against a fixed reference, where any three points fit. */
  readonly residuals: readonly number[] | null;
  readonly confidence: number;
  readonly repeats: number;
  readonly seed: number | string;
}

/** What an extrapolation takes beside the features. */
export interface FrechetInfinityOptions {
  readonly seed: number | string;
  /** Shuffles, 2 or more; default 4, each of 18 distances, or 6 against a reference that is taken as it is. */
  readonly repeats?: number | undefined;
  /** Between 0 and 1, default 0.95. */
  readonly confidence?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { distancesDone: number; distancesTotal: number }) => void) | undefined;
}

/**
 * The distance of infinitely many images on both sides.
 * @param sets generated: rows, 16 or more. real: rows, or moments of a reference that is taken as it is, to whose size
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
  const real = await momentsOfSide(sets.real, signal);
  const generated = await momentsOfSide(sets.generated, signal);
  const whole = (await frechetDistance({ real, generated }, { signal })).fd;
  const cuts = cutsOf(realRows === undefined);
  const distancesTotal = repeats * cuts.reduce((sum, cut) => sum + Math.max(cut.generated, cut.real), 0);
  let distancesDone = 0;
  const watch = () => {
    signal?.throwIfAborted();
    onProgress?.({ distancesDone: ++distancesDone, distancesTotal });
  };
  const random = new Random(seed);
  const shuffles: number[][] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const draw = (rows: FeatureRows) => drawBlocks(rows, { blocks: PARTS, seed: random.next(), signal });
    const parts = { generated: await draw(sets.generated), real: realRows && (await draw(realRows)) };
    const means: number[] = [];
    for (const cut of cuts)
      means.push(await meanDistance(cut, parts, { real, generated }, { signal, watch }));
    shuffles.push(means);
  }
  const counts = { generated: sets.generated.count, real: realRows?.count ?? Number.POSITIVE_INFINITY };
  const { ofShuffles, ...surface } = fitSizes(whole, cuts, shuffles, counts);
  const sampling =
    (await jackknifed({ real, generated: sets.generated }, signal)) +
    (realRows === undefined ? 0 : await jackknifed({ real: generated, generated: realRows }, signal));
  const standardError = Math.sqrt(sampling + ofShuffles);
  const half = normalQuantile((1 + confidence) / 2) * standardError;
  return {
    ...surface,
    interval: { low: surface.fd - half, high: surface.fd + half },
    standardError,
    plugIn: whole,
    confidence,
    repeats,
    seed,
  };
}

/** The mean of the distances of parts, or of parts to the other side as a whole. */
async function meanDistance(
  cut: Cut,
  parts: { generated: readonly Moments[]; real: readonly Moments[] | undefined },
  whole: { real: MeanAndCovariance; generated: MeanAndCovariance },
  { signal, watch }: { readonly signal: AbortSignal | undefined; readonly watch: () => void },
): Promise<number> {
  const count = Math.max(cut.generated, cut.real);
  const some = (own: readonly Moments[] | undefined, at: number) =>
    mergedBlocks((own ?? []).slice((at * PARTS) / count, ((at + 1) * PARTS) / count));
  let sum = 0;
  for (let at = 0; at < count; at++) {
    watch();
    sum += (
      await frechetDistance(
        {
          real: cut.real === 1 ? whole.real : some(parts.real, at),
          generated: cut.generated === 1 ? whole.generated : some(parts.generated, at),
        },
        { signal },
      )
    ).fd;
  }
  return sum / count;
}

/** The jackknife's variance of the distance with one image of a side left out at a time. */
async function jackknifed(
  sets: { readonly real: MeanAndCovariance; readonly generated: FeatureRows },
  signal: AbortSignal | undefined,
): Promise<number> {
  const { influence, count } = await frechetInfluence(sets, { signal });
  return ((count - 1) ** 2 / count) * variance(influence);
}

function check(
  { real, generated }: Parameters<typeof frechetInfinity>[0],
  repeats: number,
  confidence: number,
): void {
  const fewest = Math.min(generated.count, "data" in real ? real.count : Number.POSITIVE_INFINITY);
  if (!(fewest >= 4 * PARTS))
    throw new RangeError(
      `Cannot extrapolate a distance: ${4 * PARTS} rows or more of each side are needed, got ${fewest}`,
    );
  if (!(Number.isSafeInteger(repeats) && repeats >= 2 && confidence > 0 && confidence < 1))
    throw new RangeError(
      `Cannot extrapolate a distance: 2 repeats or more and a confidence between 0 and 1 are needed, got ${repeats} and ${confidence}`,
    );
}
