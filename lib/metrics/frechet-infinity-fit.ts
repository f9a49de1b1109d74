/**
 * The curve through distances at several sizes: FD-infinity + b/n + e/n^2, and the same of N, followed to no term at all.
 *
 * A part's distance scatters about what it should be by its own bias, which grows like the number of parts; the mean of
 * as many distances therefore by the root of it, and a point weighs by one over the number of parts.
 */
import { leastSquares } from "./bias-law-fit.js";

/** Into how many parts a side is cut, beside being whole. */
export const CUTS: readonly number[] = [2, 3, 4];

/** A mean distance at a size. */
export interface FrechetAtSize {
  /** Images of a part, on the average. */
  readonly generatedCount: number;
  /** Infinity for a reference that is taken as it is. */
  readonly realCount: number;
  readonly fd: number;
  /** Distances that it is a mean of. */
  readonly distances: number;
}

/** What a side's number of images n adds: b/n + bend/n^2. */
export interface SideCurve {
  readonly b: number;
  readonly bend: number;
}

/** A side's images, and for each shuffle the mean distance of its halves, thirds, quarters. */
export interface ShuffledSide {
  readonly count: number;
  readonly means: readonly (readonly number[])[];
}

/** The curve, and how much its foot scatters. */
export interface SizeFit {
  readonly fd: number;
  readonly generated: SideCurve;
  readonly real: SideCurve | null;
  /** The variance of fd for the shuffles that there were. */
  readonly ofShuffles: number;
  readonly points: readonly FrechetAtSize[];
  readonly residuals: readonly number[];
}

/** The curve through the whole's distance and the means of all shuffles. */
export function fitSizes(
  whole: number,
  { generated, real }: { readonly generated: ShuffledSide; readonly real: ShuffledSide | undefined },
): SizeFit {
  const sides = real === undefined ? [generated] : [generated, real];
  // cuts of each side: all whole, then one side after the other in parts
  const cuts = [sides.map(() => 1)];
  for (const [at] of sides.entries())
    for (const cut of CUTS) cuts.push(sides.map((_, i) => (i === at ? cut : 1)));
  const columns = cuts.map((cut) => [
    1,
    ...cut.flatMap((parts, i) => [parts / sides[i]!.count, (parts / sides[i]!.count) ** 2]),
  ]);
  const weights = cuts.map((cut) => 1 / Math.max(...cut));
  const fit = (means: readonly number[]) => leastSquares(columns, [whole, ...means], weights);
  const repeats = generated.means.length;
  const feet = generated.means.map(
    (_, repeat) => fit(sides.flatMap(({ means }) => means[repeat]!)).coefficients[0]!,
  );
  const values = sides.flatMap(({ means }) => CUTS.map((_, i) => average(means.map((own) => own[i]!))));
  const { coefficients, residuals } = fit(values);
  const foot = average(feet);
  return {
    fd: coefficients[0]!,
    generated: { b: coefficients[1]!, bend: coefficients[2]! },
    real: real === undefined ? null : { b: coefficients[3]!, bend: coefficients[4]! },
    ofShuffles: average(feet.map((own) => (own - foot) ** 2)) / (repeats - 1),
    points: cuts.map((cut, i) => ({
      generatedCount: generated.count / cut[0]!,
      realCount: real === undefined ? Number.POSITIVE_INFINITY : real.count / cut[1]!,
      fd: [whole, ...values][i]!,
      distances: i === 0 ? 1 : Math.max(...cut) * repeats,
    })),
    residuals,
  };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
