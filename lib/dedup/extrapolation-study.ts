/**
 * Whether the collision model tells from parts of a made-up pool what the whole removes, and what is to blame where it
 * does not: the law of the pool, which may be no power law, or the draw of the parts.
 *
 * A fit to what parts remove on average has no noise of a draw: what it gets wrong is the law's. How far fits to drawn
 * parts scatter about one another is the draw's. Student's intervals know the second alone, and that only where the points
 * are independent: of nested parts a cluster that is in one is in all, so that points err together and lie nearer to
 * their line than they should.
 */
import { drawParts, PAPER_PARTS } from "./cluster-draws.js";
import { expectedRemovals, localBeta } from "./cluster-expectation.js";
import type { ClusteredPool } from "./cluster-law.js";
import { type CollisionFitOptions, type CollisionPoint, fitCollisions } from "./collision-fit.js";

/** How a study of extrapolation is to run. */
export interface ExtrapolationOptions extends CollisionFitOptions {
  /** Default: the paper's six. */
  readonly parts?: readonly number[] | undefined;
  /** Whether each part lies in the next larger one (the default), or is drawn by itself. */
  readonly nested?: boolean | undefined;
  /** How often parts are drawn and fitted; default 100. */
  readonly repeats?: number | undefined;
  readonly seed: number | string;
}

/** What a part of a pool removes on average. */
export interface ExpectedPoint extends CollisionPoint {
  readonly part: number;
  /** The slope of log D over log N there: the same at all parts, if the pool is a power law. */
  readonly beta: number;
}

/** What extrapolating came to, over all repeats. */
export interface ExtrapolationStudy {
  /** Images that the whole pool removes. */
  readonly truth: number;
  /** The slope at the pool's own size. */
  readonly betaAtPool: number;
  /** The pool's law at each part, from the smallest to the largest. */
  readonly expected: readonly ExpectedPoint[];
  /** What the fit to the expected points foretells / truth: the error that is the law's, and no draw's. */
  readonly lawRatio: number;
  /** Medians over the repeats. */
  readonly beta: number;
  readonly extrapolated: number;
  /** extrapolated / truth. */
  readonly ratio: number;
  /** The standard deviation of log extrapolated over the repeats: the error that is the draw's; NaN of one repeat. */
  readonly scatter: number;
  /**
   * The share of repeats whose interval holds the truth. About `confidence` where the pool is a power law through all
   * parts and the whole, and parts are drawn by themselves; less of nested parts, and none where the law bends away.
   */
  readonly coverage: number;
  /** The share of repeats whose points bend by the test, p below 1 - confidence: that much by chance, more of nested parts. */
  readonly curved: number;
  /** The points of the first repeat. */
  readonly points: readonly CollisionPoint[];
  /** Repeats that drew no removal in some part, and could not be fitted. */
  readonly unfitted: number;
  readonly repeats: number;
}

/**
 * Fits the collision model to parts of a pool again and again, and holds what it foretells against what is so.
 * @throws RangeError where no repeat can be fitted, or there is none
 * @example
 * const pool = clusteredPool(110_569_761, [{ kind: "bursts", share: 0.1, mean: 20 }]);
 * extrapolationStudy(pool, { seed: 1 }).lawRatio; // 8.8: bursts look like pairs in small parts
 */
export function extrapolationStudy(
  pool: ClusteredPool,
  { parts = PAPER_PARTS, nested, repeats = 100, seed, ...fitOptions }: ExtrapolationOptions,
): ExtrapolationStudy {
  if (!(Number.isSafeInteger(repeats) && repeats >= 1))
    throw new RangeError(`Cannot study extrapolation: 1 repeat or more is needed, got ${repeats}`);
  const truth = expectedRemovals(pool, 1);
  const level = 1 - (fitOptions.confidence ?? 0.95);
  const betas: number[] = [];
  const extrapolations: number[] = [];
  let [covered, curved] = [0, 0];
  let first: CollisionPoint[] | undefined;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const points = drawParts(pool, parts, `${seed}:${repeat}`, { nested });
    first ??= points;
    if (points.some(({ removed }) => removed === 0)) continue;
    const fit = fitCollisions(points, fitOptions);
    const { value, low, high } = fit.extrapolate(pool.images);
    betas.push(fit.beta.value);
    extrapolations.push(value);
    covered += Number(low <= truth && truth <= high);
    curved += Number(fit.curvature !== null && fit.curvature.p < level);
  }
  const fitted = betas.length;
  if (fitted === 0)
    throw new RangeError(
      `Cannot study extrapolation: parts that remove at least one image are needed, got none in ${repeats} repeats`,
    );
  const expected = expectedPoints(pool, parts);
  const extrapolated = median(extrapolations);
  return {
    ...{ truth, betaAtPool: localBeta(pool, 1), expected },
    lawRatio: fitCollisions(expected, fitOptions).extrapolate(pool.images).value / truth,
    ...{ beta: median(betas), extrapolated, ratio: extrapolated / truth },
    scatter: deviation(extrapolations.map(Math.log)),
    ...{ coverage: covered / fitted, curved: curved / fitted, points: first! },
    ...{ unfitted: repeats - fitted, repeats },
  };
}

function expectedPoints(pool: ClusteredPool, parts: readonly number[]): ExpectedPoint[] {
  return [...parts]
    .sort((a, b) => a - b)
    .map((part) => ({
      ...{ part, images: Math.round(part * pool.images) },
      ...{ removed: expectedRemovals(pool, part), beta: localBeta(pool, part) },
    }));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[sorted.length >> 1]! + sorted[(sorted.length - 1) >> 1]!) / 2;
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
