/** The mean of numbers, and how they scatter about it. */

/**
 * The mean: the sum over the number.
 * @returns NaN where there are none
 * @example mean([1, 2, 6]) // 3
 */
export function mean(values: Iterable<number>): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    sum += value;
    count++;
  }
  return sum / count;
}

/**
 * The variance of the law that numbers are a sample of: squared deviations over their number less one.
 * @returns NaN where there are fewer than two
 * @example variance([1, 2, 6]) // 7
 */
export function variance(values: Iterable<number>): number {
  const all = [...values];
  const middle = mean(all);
  return all.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (all.length - 1);
}
