/** Counts by shard for tests: drawn independently, stratified, or with one shard that differs. */
import type { CategoryCount } from "gpic-lab/corpus";
import type { Random } from "../../../lib/core/index.js";

/** The paper's mix of captions. */
export const captionShares: { readonly [type: string]: number } = {
  short: 0.45,
  medium: 0.45,
  long: 0.09,
  tag: 0.01,
};

/** As many draws by share as asked, counted. */
export function drawn(
  random: Random,
  size: number,
  shares: { readonly [category: string]: number } = captionShares,
): { [category: string]: number } {
  const names = Object.keys(shares);
  const counts = Object.fromEntries(names.map((name) => [name, 0]));
  for (let i = 0; i < size; i++) {
    let u = random.next();
    let name = names.at(-1) ?? "";
    for (const candidate of names) {
      u -= shares[candidate] ?? 0;
      if (u < 0) {
        name = candidate;
        break;
      }
    }
    counts[name]!++;
  }
  return counts;
}

/** Counts of shards as rows, as a grouped query gives them. */
export function rowsOf(shards: readonly { readonly [category: string]: number }[]): CategoryCount[] {
  return shards.flatMap((counts, i) =>
    Object.entries(counts).map(([category, count]) => ({
      shard: `train/gpic_train_${String(i).padStart(5, "0")}.tar`,
      category,
      count,
    })),
  );
}

/** The largest distance between the values' distribution and the uniform one, times the root of their number. */
export function kolmogorov(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  return (
    Math.sqrt(n) * sorted.reduce((most, value, i) => Math.max(most, (i + 1) / n - value, value - i / n), 0)
  );
}
