/**
 * One side of a Frechet distance: moments, or rows of which moments are taken.
 *
 * Rows are kept beside their covariance for a root that does not come of it, where the covariance is singular or nearly
 * so: an eigenvalue of 1e-16 is lost in a covariance, the 1e-8 that is its root is not in the rows.
 *
 * n rows that are fewer than columns are kept as a root of their covariance, S = R'R, so that nothing is lost to the
 * rounding of a singular covariance. R has n - 1 rows, not n with a dependence: row k is how far image k lies from the
 * mean of those before it, times sqrt(k / (k + 1)) (Helmert's transformation, or Welford's update unsummed).
 */
import { areFinite, mirrorUpper, type Stoppable } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import {
  type CholeskyFactor,
  choleskyFactor,
  type DenseMatrix,
  multiply,
  type PivotedFactor,
  pivotedFactor,
  subtractProduct,
  type Transposed,
  triangularRoot,
} from "../models/index.js";
import { checkedTrace, checkMoments, type MeanAndCovariance, notFinite } from "./frechet-check.js";
import { centred, meanOf } from "./frechet-rows.js";

/** A root of a covariance: S = R'R. */
export type Root = DenseMatrix | Transposed;

/** A side, ready for distances to many others. */
export interface Side {
  readonly width: number;
  readonly mean: Float64Array;
  /** The sum of the variances. */
  readonly trace: number;
  /** Covariances and roots are those of features divided by this power of two. */
  readonly unit: number;
  /** Where it was not made of few rows. */
  readonly covariance?: Float64Array;
  /** None where the covariance is singular, or there is none. */
  factor(): Promise<CholeskyFactor | undefined>;
  /** A root: of moments with as many rows as the covariance has rank, of rows exact. */
  root(): Promise<Root>;
  rank(): Promise<SideRank>;
}

/** What is known of a covariance. */
export interface SideRank {
  /** Directions in which features vary by more than rounding: their number where the covariance is regular. */
  readonly rank: number;
  /** The sum of the variances that were left out as rounding of zero; of rows none are. */
  readonly clamped: number;
}

/** What cannot be done with sets that are none. */
const WORK = "take a Frechet distance";
/** What a factor may leave of the variances: float32's rounding makes some 1e-5, more is no covariance. */
const LEFT_ALLOWED = 1e-3;
/** Rows that are multiplied at once. */
const BLOCK_ROWS = 2048;

/**
 * Moments or rows as a side; the signal stops what is later asked of it too.
 * @throws RangeError where sizes do not agree, rows are fewer than two, numbers are not finite, their squares
 * overflow, or the halves of a covariance differ
 */
export async function sideOf(
  which: string,
  set: MeanAndCovariance | FeatureRows,
  options: Stoppable = {},
): Promise<Side> {
  return "covariance" in set ? ofMoments(which, set, options) : ofRows(which, set, options);
}

function ofMoments(which: string, set: MeanAndCovariance, options: Stoppable): Side {
  const { mean, covariance } = set;
  const width = mean.length;
  const sum = checkMoments(WORK, which, set);
  const unit = unitOf(sum);
  const scaled = unit === 1 ? covariance : covariance.map((value) => value / unit / unit);
  return { width, mean, trace: sum, unit, ...byCovariance(which, scaled, width, options) };
}

async function ofRows(which: string, { data, count, width }: FeatureRows, options: Stoppable): Promise<Side> {
  if (data.length !== count * width || width < 1)
    throw new RangeError(
      `Cannot ${WORK}: ${count} x ${width} numbers are needed, got ${data.length} of ${which} features`,
    );
  if (count < 2) throw new RangeError(`Cannot ${WORK}: 2 ${which} rows or more are needed, got ${count}`);
  if (!areFinite(data)) throw notFinite(WORK, which);
  const mean = meanOf(data, count, width);
  let squares = 0;
  for (let at = 0; at < data.length; )
    for (let c = 0; c < width; c++) squares += (data[at++]! - mean[c]!) ** 2;
  const trace = checkedTrace(WORK, which, squares / (count - 1));
  const unit = unitOf(trace);
  const scale = 1 / (unit * Math.sqrt(count - 1));
  const common = { width, mean, trace, unit };
  if (count <= width) return { ...common, ...fewRows({ data, count, width }, scale, options) };
  const negative = { rows: width, columns: width, data: new Float64Array(width * width) };
  const blocks = function* (): Generator<DenseMatrix> {
    for (let first = 0; first < count; first += BLOCK_ROWS)
      yield centred(data, mean, scale, first, Math.min(BLOCK_ROWS, count - first));
  };
  for (const rows of blocks()) {
    options.signal?.throwIfAborted();
    await subtractProduct(negative, { transpose: rows }, rows);
  }
  const spread = byCovariance(which, mirrorUpper(negative.data, width, -1), width, options);
  const root = once(async () => ({ transpose: await triangularRoot(width, blocks(), options) }));
  const rank = async () => ({ rank: (await spread.rank()).rank, clamped: 0 });
  return { ...common, ...spread, root, rank };
}

type Spread = Pick<Side, "covariance" | "factor" | "root" | "rank">;

function byCovariance(which: string, covariance: Float64Array, width: number, options: Stoppable): Spread {
  const factor = once(() => choleskyFactor(covariance, width, options));
  const pivoted = once(async () => {
    const made = await pivotedFactor(covariance, width, options);
    if (made.left > LEFT_ALLOWED)
      throw new RangeError(
        `Cannot ${WORK}: a covariance is needed, got a matrix of ${which} features that is none: some combination of features would have a variance below 0`,
      );
    return made;
  });
  return {
    covariance,
    factor,
    async root() {
      return { transpose: (await pivoted()).factor };
    },
    async rank() {
      return (await factor()) === undefined ? rankOf(await pivoted()) : { rank: width, clamped: 0 };
    },
  };
}

function fewRows({ data, count, width }: FeatureRows, scale: number, options: Stoppable): Spread {
  const root = { rows: count - 1, columns: width, data: new Float64Array((count - 1) * width) };
  const before = Float64Array.from(data.subarray(0, width));
  for (let row = 1, at = width; row < count; row++) {
    const weight = scale * Math.sqrt(row / (row + 1));
    for (let c = 0; c < width; c++, at++) {
      const apart = data[at]! - before[c]!;
      root.data[at - width] = weight * apart;
      before[c]! += apart / (row + 1);
    }
  }
  const pivoted = once(async () =>
    pivotedFactor((await multiply(root, { transpose: root })).data, root.rows, options),
  );
  return {
    factor: async () => undefined,
    root: async () => root,
    rank: async () => ({ rank: (await pivoted()).factor.columns, clamped: 0 }),
  };
}

function rankOf({ factor, clamped }: PivotedFactor): SideRank {
  return { rank: factor.columns, clamped };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** 1, but where squares of covariances would overflow or vanish. */
function unitOf(trace: number): number {
  return trace === 0 || (trace > 2 ** -200 && trace < 2 ** 200) ? 1 : 2 ** Math.round(Math.log2(trace) / 2);
}
