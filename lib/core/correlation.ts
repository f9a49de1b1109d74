/**
 * Correlations of two lists, and the mean over all pairs of several.
 *
 * Method: Pearson's product-moment correlation about the means (two passes, float64); Spearman's is Pearson's of the
 * mean ranks, which counts ties.
 */
import { ranks } from "./ranks.js";

/**
 * Pearson's correlation of two lists of one length: how near the points lie to a rising line.
 * @param x at least two finite numbers
 * @param y as many
 * @returns from -1 to 1; NaN where a list is constant, as nothing can go together with what does not change
 * @throws RangeError where the lengths differ, are below two, or a number is not finite
 * @example pearson([1, 2, 3], [2, 4, 6]) // 1
 */
export function pearson(x: readonly number[], y: readonly number[]): number {
  checkPair(x, y);
  if (isConstant(x) || isConstant(y)) return Number.NaN;
  const meanX = mean(x);
  const meanY = mean(y);
  // in units of the largest deviation, so that no square leaves float64's range
  const unitX = largest(x, meanX);
  const unitY = largest(y, meanY);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    const dx = ((x[i] ?? 0) - meanX) / unitX;
    const dy = ((y[i] ?? 0) - meanY) / unitY;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

/**
 * Spearman's correlation: Pearson's of the ranks. It asks for the same order, not for a line.
 * @param x at least two finite numbers
 * @param y as many
 * @returns from -1 to 1; NaN where a list is constant
 * @throws RangeError as `pearson`
 * @example spearman([1, 2, 3], [1, 10, 100]) // 1
 */
export function spearman(x: readonly number[], y: readonly number[]): number {
  checkPair(x, y);
  return pearson(ranks(x), ranks(y));
}

/**
 * The mean of a correlation over all pairs of several lists.
 * @param lists at least two, all of one length
 * @param correlation default `pearson`
 * @returns from -1 to 1; NaN where one pair has none
 * @throws RangeError where there are fewer than two lists, or as the correlation
 * @example meanPairwise([[1, 2, 3], [2, 4, 6], [3, 2, 1]]) // (1 - 1 - 1) / 3
 */
export function meanPairwise(
  lists: readonly (readonly number[])[],
  correlation: (x: readonly number[], y: readonly number[]) => number = pearson,
): number {
  if (lists.length < 2)
    throw new RangeError(`Cannot correlate pairs: at least two lists are needed, got ${lists.length}`);
  const pairs = lists.flatMap((x, i) => lists.slice(i + 1).map((y) => correlation(x, y)));
  return mean(pairs);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

function largest(values: readonly number[], center: number): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value - center)), 0);
}

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}

function checkPair(x: readonly number[], y: readonly number[]): void {
  if (x.length !== y.length || x.length < 2)
    throw new RangeError(
      `Cannot correlate: two lists of one length, at least 2, are needed, got ${x.length} and ${y.length}`,
    );
  for (const value of [...x, ...y])
    if (!Number.isFinite(value))
      throw new RangeError(`Cannot correlate: finite numbers are needed, got ${value}`);
}
