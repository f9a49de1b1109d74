/** Precision, recall, density, coverage and MMD of two sides: what needs rows of both. */
import { type Interval, normalQuantile, Random } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { drawRows, mmd, mmdAllPairs, type PrdcValues, prdc, prdcIntervals } from "../metrics/index.js";
import { BENCHMARK_RULES } from "./rules.js";
import type { ScoreSides } from "./score-checks.js";

/** A value and its interval. */
export interface ScoreEstimate {
  readonly value: number;
  readonly interval: Interval | null;
}

/** What the neighbours of rows say. */
export interface NeighbourScore {
  readonly precision: ScoreEstimate | null;
  readonly recall: ScoreEstimate | null;
  readonly density: ScoreEstimate | null;
  readonly coverage: ScoreEstimate | null;
  /** For each k from 1 to 10, as far as there are rows. */
  readonly perK: readonly PrdcValues[];
  /** Why there are no values or intervals, a sentence. */
  readonly missing: readonly string[];
}

/** How rows are drawn. */
export interface NeighbourOptions {
  readonly seed: number;
  /** Rows of each side at the most; the benchmark's 10,000 where it is left out. */
  readonly maxRows?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Neighbours that are counted, all at once; the benchmark's is among them. */
const EVERY_K: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** Repetitions for an interval, each a quarter of the work; fewer of many rows, whose values scatter less. */
const REPEATS = { few: 10, many: 20, fewFrom: 4000 };

/** PRDC of two sides, by the benchmark's conventions, with intervals where half of the rows are enough for them. */
export async function neighbourScore(sides: ScoreSides, options: NeighbourOptions): Promise<NeighbourScore> {
  const { neighbours, neighbourRows } = BENCHMARK_RULES;
  const { seed, maxRows = neighbourRows, signal } = options;
  const sets = rowsOf(sides);
  if ("missing" in sets)
    return none(`Precision, recall, density, coverage and MMD need rows of both sides: ${sets.missing}.`);
  const fewest = Math.min(sets.real.count, sets.generated.count, maxRows);
  if (fewest <= neighbours)
    return none(
      `Precision, recall, density and coverage need more than ${neighbours} images of each side, which have ${sets.real.count} and ${sets.generated.count}.`,
    );
  const control = { maxRows, seed, ...(signal === undefined ? {} : { signal }) };
  const half = Math.floor(fewest / 2);
  if (half <= neighbours) {
    const { k: perK } = await prdc(sets, { k: EVERY_K.filter((k) => k < fewest), ...control });
    const { precision, recall, density, coverage } = perK.find(({ k }) => k === neighbours)!;
    const bare = (value: number): ScoreEstimate => ({ value, interval: null });
    return {
      ...{
        precision: bare(precision),
        recall: bare(recall),
        density: bare(density),
        coverage: bare(coverage),
      },
      ...{
        perK,
        missing: [
          `No intervals of precision, recall, density and coverage: half of ${fewest} images are too few.`,
        ],
      },
    };
  }
  const repeats = fewest >= REPEATS.fewFrom ? REPEATS.few : REPEATS.many;
  const { k, whole } = await prdcIntervals(sets, {
    repeats,
    k: EVERY_K.filter((each) => each < half),
    ...control,
  });
  const { precision, recall, density, coverage } = k.find((each) => each.k === neighbours)!;
  return { precision, recall, density, coverage, perK: whole.k, missing: [] };
}

/**
 * MMD of two sides: the benchmark's mean over subsets, with an interval over new samples.
 *
 * The interval is that of all pairs of at most 10,000 rows a side, with that of the drawing of subsets: of more rows it
 * would be narrower, so it errs on the safe side.
 */
export async function mmdScore(sides: ScoreSides, options: NeighbourOptions): Promise<ScoreEstimate | null> {
  const { mmdSubsets, mmdSubsetRows, neighbourRows } = BENCHMARK_RULES;
  const { seed, maxRows = neighbourRows, signal } = options;
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

function rowsOf({
  real,
  generated,
}: ScoreSides):
  | { readonly real: FeatureRows; readonly generated: FeatureRows }
  | { readonly missing: string } {
  if (real.rows !== undefined && generated.rows !== undefined)
    return { real: real.rows, generated: generated.rows };
  const which =
    real.rows !== undefined
      ? "the generated side has"
      : generated.rows !== undefined
        ? "the real side has"
        : "both sides have";
  return { missing: `${which} a mean and a covariance alone` };
}

function none(sentence: string): NeighbourScore {
  return { precision: null, recall: null, density: null, coverage: null, perK: [], missing: [sentence] };
}

function drawn(rows: FeatureRows, most: number, seed: string): FeatureRows {
  if (rows.count <= most) return rows;
  const { data, width } = rows;
  const chosen = drawRows(rows.count, most, new Random(seed));
  const some = data instanceof Float64Array ? new Float64Array(most * width) : new Float32Array(most * width);
  chosen.forEach((row, at) => {
    some.set(data.subarray(row * width, (row + 1) * width), at * width);
  });
  return { data: some, count: most, width };
}
