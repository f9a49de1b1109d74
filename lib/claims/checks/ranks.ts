/** Rankings and correlations of short lists. */

/**
 * Ranks from 1 (smallest); equal values share the mean of their ranks.
 * @example ranks([3, 1, 3]) // [2.5, 1, 2.5]
 */
export function ranks(values: readonly number[]): number[] {
  return values.map((v) => {
    const less = values.filter((other) => other < v).length;
    const equal = values.filter((other) => other === v).length;
    return less + (equal + 1) / 2;
  });
}

/**
 * Pearson's correlation of two lists of one length.
 * @example pearson([1, 2, 3], [2, 4, 6]) // 1
 */
export function pearson(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const mx = mean(x);
  const my = mean(y);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  x.forEach((xi, i) => {
    const dx = xi - mx;
    const dy = (y[i] ?? Number.NaN) - my;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  });
  return xy / Math.sqrt(xx * yy);
}

/** Spearman's correlation: Pearson's of the ranks. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  return pearson(ranks(x), ranks(y));
}
