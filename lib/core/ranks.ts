/** Ranks of values, ties sharing their mean rank; what Spearman's correlation and Kendall's W are made of. */

/**
 * Ranks from 1 (smallest); equal values share the mean of their ranks.
 * @param values finite numbers, in any order
 * @returns a rank for each value, in the order of the values; they sum to n (n + 1) / 2
 * @throws RangeError where a value is not finite
 * @example ranks([3, 1, 3]) // [2.5, 1, 2.5]
 */
export function ranks(values: readonly number[]): number[] {
  for (const value of values)
    if (!Number.isFinite(value))
      throw new RangeError(`Cannot rank values: finite numbers are needed, got ${value}`);
  const order = values.map((_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranked = new Array<number>(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++;
    for (let i = start; i < end; i++) ranked[order[i] ?? 0] = (start + 1 + end) / 2;
    start = end;
  }
  return ranked;
}

/**
 * How many values share each rank, for ranks that at least two share.
 * @param ranked as `ranks` gives them
 * @example tieSizes([2.5, 1, 2.5]) // [2]
 */
export function tieSizes(ranked: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const rank of ranked) counts.set(rank, (counts.get(rank) ?? 0) + 1);
  return [...counts.values()].filter((count) => count > 1);
}
