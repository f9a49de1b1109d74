/**
 * The surface through distances at several sizes, followed to none: FD-infinity + b/n + B/N + bend (1/n - 1/N)^2.
 *
 * Why the bend is of the difference: with hardly more rows than columns the distance of one small side curves upwards,
 * but where both sides shrink together each loses the same small eigenvalues, and the points lie on a line even below
 * one row a column. By simulation with 2 to 3 rows a column the foot is off by these shares of the whole bias: without a
 * bend 26 to 34 %, with bends in 1/n^2 and 1/N^2 17 to 19 %, with this one 2 % for normal laws, like or unlike, and 2 %
 * for descriptors of photographs of one law, but 18 % for those of two; with 8 rows a column 6 % there.
 * A part's distance scatters about what it should be by its own bias, which grows like the number of parts; the mean of
 * as many distances therefore by the root of it, and a point weighs by one over the number of parts.
 */
import { leastSquares, mean, variance } from "../core/index.js";

/** Into how many parts sides are cut, beside being whole. */
export const CUTS: readonly number[] = [2, 4];

/** Into how many parts either side is cut for a point. */
export interface Cut {
  readonly generated: number;
  readonly real: number;
}

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

/** The surface, and how much its foot scatters. */
export interface SizeFit {
  readonly fd: number;
  readonly b_generated: number;
  readonly b_real: number | null;
  readonly bend: number;
  /** The variance of fd for the shuffles that there were. */
  readonly ofShuffles: number;
  readonly points: readonly FrechetAtSize[];
  /** Null where there are as many points as numbers that are fitted: they would be 0 whatever the distances. */
  readonly residuals: readonly number[] | null;
}

/** The cuts of a shuffle: one side, the other, both; of the generated side alone where the reference is fixed. */
export function cutsOf(isReferenceFixed: boolean): Cut[] {
  return CUTS.flatMap((parts) =>
    isReferenceFixed
      ? [{ generated: parts, real: 1 }]
      : [
          { generated: parts, real: 1 },
          { generated: 1, real: parts },
          { generated: parts, real: parts },
        ],
  );
}

/**
 * The surface through the whole's distance and those of all shuffles.
 * @param shuffles two or more: a mean distance for each of the cuts
 * @param counts images of either side; Infinity for a fixed reference
 */
export function fitSizes(
  whole: number,
  cuts: readonly Cut[],
  shuffles: readonly (readonly number[])[],
  counts: { readonly generated: number; readonly real: number },
): SizeFit {
  const isReferenceFixed = counts.real === Number.POSITIVE_INFINITY;
  const places = [{ generated: 1, real: 1 }, ...cuts].map((cut) => ({
    generatedCount: counts.generated / cut.generated,
    realCount: counts.real / cut.real,
    parts: Math.max(cut.generated, cut.real),
  }));
  const columns = places.map(({ generatedCount, realCount }) => {
    const bend = (1 / generatedCount - 1 / realCount) ** 2;
    return isReferenceFixed ? [1, 1 / generatedCount, bend] : [1, 1 / generatedCount, bend, 1 / realCount];
  });
  const weights = places.map(({ parts }) => 1 / parts);
  const fit = (means: readonly number[]) => leastSquares(columns, [whole, ...means], weights);
  const values = cuts.map((_, i) => mean(shuffles.map((means) => means[i]!)));
  const { coefficients, residuals, degreesOfFreedom } = fit(values);
  const feet = shuffles.map((means) => fit(means).coefficients[0]!);
  return {
    fd: coefficients[0]!,
    b_generated: coefficients[1]!,
    b_real: coefficients[3] ?? null,
    bend: coefficients[2]!,
    ofShuffles: variance(feet) / feet.length,
    points: places.map(({ generatedCount, realCount, parts }, i) => ({
      generatedCount,
      realCount,
      fd: [whole, ...values][i]!,
      distances: i === 0 ? 1 : parts * shuffles.length,
    })),
    residuals: degreesOfFreedom > 0 ? residuals : null,
  };
}
