/**
 * The collision model of section 2.3, D(N) = A N^beta: fitted, extrapolated with its error, and tested for being one.
 *
 * Method: least squares on logarithms, by equal weights or by counts (the variance of log D is near 1/D where removals
 * are rare and independent). Intervals are Student's, of the residuals; the interval of an extrapolation is that of a
 * new observation. A square of log N beside the line tells whether the points bend.
 *
 * Known limits: points of nested subsets are not independent, and no residual says what lies beyond the largest subset:
 * intervals are those of the model, if it is true there.
 */
import {
  type Interval,
  type LeastSquares,
  leastSquares,
  studentQuantile,
  studentTails,
} from "../core/index.js";

/** How many images were removed from how many. */
export interface CollisionPoint {
  readonly images: number;
  readonly removed: number;
}

/** How a fit is to be made. */
export interface CollisionFitOptions {
  /** "equal" (the default), or "counts": a point weighs as much as it removes. */
  readonly weights?: "equal" | "counts" | undefined;
  /** Between 0 and 1; default 0.95. */
  readonly confidence?: number | undefined;
}

/** A number and its interval. */
export interface Estimate extends Interval {
  readonly value: number;
}

/** The fit of a power law. */
export interface CollisionFit {
  readonly a: Estimate;
  readonly beta: Estimate;
  /** log D measured less log D of the fit, point by point. */
  readonly residuals: readonly number[];
  /** Slopes of log D over log N from each point to the next larger one: beta everywhere, if it is a power law. */
  readonly slopes: readonly number[];
  /** The term c (log N)^2 beside the line, and how likely one as large is where there is none; null of fewer than 4 points. */
  readonly curvature: { readonly c: Estimate; readonly p: number } | null;
  readonly points: readonly CollisionPoint[];
  /**
   * D of so many images by the fit, with the interval of a new observation.
   * @throws RangeError where `images` is not above 0
   */
  extrapolate(images: number): Estimate;
}

/**
 * Fits D(N) = A N^beta.
 * @param points at least three, of two sizes or more; all remove at least one
 * @throws RangeError where they are fewer, or one removes nothing
 * @example
 * const fit = fitCollisions([{ images: 1e5, removed: 50 }, { images: 2e5, removed: 198 }, { images: 4e5, removed: 805 }]);
 * fit.beta.value; // 2.00
 */
export function fitCollisions(
  points: readonly CollisionPoint[],
  { weights = "equal", confidence = 0.95 }: CollisionFitOptions = {},
): CollisionFit {
  checkPoints(points);
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`Cannot fit collisions: a confidence between 0 and 1 is needed, got ${confidence}`);
  const x = points.map(({ images }) => Math.log(images));
  const y = points.map(({ removed }) => Math.log(removed));
  const w = points.map(({ removed }) => (weights === "equal" ? 1 : removed));
  // about the mean of log N: the columns are then far from alike
  const centre = x.reduce((sum, value) => sum + value, 0) / x.length;
  const line = (at: number) => [1, at - centre];
  const fit = leastSquares(x.map(line), y, w);
  const t = studentQuantile((1 + confidence) / 2, points.length - 2);
  const around = (value: number, error: number): Estimate => ({
    value,
    low: value - t * error,
    high: value + t * error,
  });
  const power = ({ value, low, high }: Estimate): Estimate => ({
    value: Math.exp(value),
    low: Math.exp(low),
    high: Math.exp(high),
  });
  const level = fittedAt(fit, line(0));
  return {
    a: power(around(level.value, level.error)),
    beta: around(fit.coefficients[1]!, Math.sqrt(fit.covariance[1]![1]!)),
    residuals: fit.residuals,
    slopes: slopesOf(points),
    curvature: curvatureOf(x, y, w, centre, confidence),
    points,
    extrapolate(images) {
      if (!(images > 0))
        throw new RangeError(`Cannot extrapolate: a number of images above 0 is needed, got ${images}`);
      const { value, error } = fittedAt(fit, line(Math.log(images)));
      // a new observation scatters as the points do; weighed by counts, as one that removes so many
      const scatter = fit.variance / (weights === "equal" ? 1 : Math.exp(value));
      return power(around(value, Math.sqrt(error * error + scatter)));
    },
  };
}

/** The fitted value at a row of columns, and its standard error. */
function fittedAt({ coefficients, covariance }: LeastSquares, row: readonly number[]) {
  const along = (numbers: readonly number[]) => row.reduce((sum, at, i) => sum + at * numbers[i]!, 0);
  return { value: along(coefficients), error: Math.sqrt(along(covariance.map(along))) };
}

function checkPoints(points: readonly CollisionPoint[]): void {
  const sizes = new Set(points.map(({ images }) => images));
  if (points.length < 3 || sizes.size < 2)
    throw new RangeError(
      `Cannot fit collisions: three points of two sizes or more are needed, got ${points.length} of ${sizes.size}`,
    );
  for (const { images, removed } of points)
    if (!(images > 0 && removed > 0 && Number.isFinite(images) && Number.isFinite(removed)))
      throw new RangeError(
        `Cannot fit collisions: points that remove at least one image are needed, got ${removed} of ${images}; larger subsets, or a lower threshold, have some`,
      );
}

function slopesOf(points: readonly CollisionPoint[]): number[] {
  const sorted = [...points].sort((a, b) => a.images - b.images);
  return sorted.slice(1).flatMap(({ images, removed }, i) => {
    const before = sorted[i]!;
    if (images === before.images) return [];
    return [Math.log(removed / before.removed) / Math.log(images / before.images)];
  });
}

function curvatureOf(
  x: readonly number[],
  y: readonly number[],
  w: readonly number[],
  centre: number,
  confidence: number,
): CollisionFit["curvature"] {
  if (x.length < 4 || new Set(x).size < 3) return null;
  const fit = leastSquares(
    x.map((at) => [1, at - centre, (at - centre) ** 2]),
    y,
    w,
  );
  const [value, error] = [fit.coefficients[2]!, Math.sqrt(fit.covariance[2]![2]!)];
  const degrees = x.length - 3;
  const half = studentQuantile((1 + confidence) / 2, degrees) * error;
  const p = error > 0 ? studentTails(value / error, degrees) : Number(value === 0);
  return { c: { value, low: value - half, high: value + half }, p };
}
