/** Exact statistics of whole numbers in memory that grows with their distinct values only. */

/** What is told of a distribution of counts. */
export interface Distribution {
  readonly count: number;
  /** NaN where there is nothing. */
  readonly mean: number;
  /** Standard deviation with the divisor n - 1; NaN below two values. */
  readonly sd: number;
  readonly min: number;
  readonly q05: number;
  readonly q25: number;
  readonly median: number;
  readonly q75: number;
  readonly q95: number;
  readonly max: number;
  /** Each value that occurs and how often, ascending. */
  readonly histogram: readonly { readonly value: number; readonly count: number }[];
}

/** Counts how often each whole number occurs. */
export class Histogram {
  readonly #counts = new Map<number, number>();

  /** @param value a whole number, at least 0 */
  add(value: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  /** The distribution of what was added; quantiles are linear between ranks (R's type 7, NumPy's default). */
  distribution(): Distribution {
    const histogram = [...this.#counts]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => a.value - b.value);
    let count = 0;
    let sum = 0;
    for (const bar of histogram) {
      count += bar.count;
      sum += bar.value * bar.count;
    }
    const mean = count === 0 ? Number.NaN : sum / count;
    const squares = histogram.reduce((total, bar) => total + bar.count * (bar.value - mean) ** 2, 0);
    const at = (share: number) => quantile(histogram, count, share);
    return {
      count,
      mean,
      sd: count < 2 ? Number.NaN : Math.sqrt(squares / (count - 1)),
      min: at(0),
      q05: at(0.05),
      q25: at(0.25),
      median: at(0.5),
      q75: at(0.75),
      q95: at(0.95),
      max: at(1),
      histogram,
    };
  }
}

function quantile(histogram: Distribution["histogram"], count: number, share: number): number {
  const rank = share * (count - 1);
  const lower = Math.floor(rank);
  let seen = 0;
  for (const [i, bar] of histogram.entries()) {
    seen += bar.count;
    if (lower >= seen) continue;
    const upper = lower + 1 < seen ? bar.value : (histogram[i + 1]?.value ?? bar.value);
    return bar.value + (rank - lower) * (upper - bar.value);
  }
  return Number.NaN;
}
