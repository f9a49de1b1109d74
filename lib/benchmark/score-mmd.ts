/** MMD of two sides, with an interval. */
import { normalQuantile, Random } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { drawRows, mmd, mmdAllPairs, pickRows } from "../metrics/index.js";
import { BENCHMARK_RULES } from "./rules.js";
import type { ScoreSides } from "./score-checks.js";
import { type DrawOptions, rowsOf, type ScoreEstimate } from "./score-rows.js";

/**
 * MMD of two sides: the benchmark's mean over subsets, with an interval over new samples.
 *
 * The interval is that of all pairs of at most 10,000 rows a side, with that of the drawing of subsets: of more rows it
 * would be narrower, so it errs on the safe side.
 */
export async function mmdScore(sides: ScoreSides, options: DrawOptions): Promise<ScoreEstimate | null> {
  const { mmdSubsets, mmdSubsetRows, neighbourRows: maxRows } = BENCHMARK_RULES;
  const { seed, signal } = options;
  const sets = rowsOf(sides);
  if ("missing" in sets) return null;
  const control = signal === undefined ? {} : { signal };
  const { mmd: value, standardError } = await mmd(sets, {
    subsets: mmdSubsets,
    subsetRows: mmdSubsetRows,
    seed,
    ...control,
  });
  if (Math.min(sets.real.count, sets.generated.count) < 3) return { value, interval: null };
  const all = await mmdAllPairs(
    {
      real: drawn(sets.real, maxRows, `mmd real ${seed}`),
      generated: drawn(sets.generated, maxRows, `mmd generated ${seed}`),
    },
    control,
  );
  const reach = normalQuantile(0.975) * Math.hypot(all.standardError, standardError);
  return { value, interval: { low: value - reach, high: value + reach } };
}

function drawn(rows: FeatureRows, most: number, seed: string): FeatureRows {
  return rows.count <= most ? rows : pickRows(rows, drawRows(rows.count, most, new Random(seed)));
}
