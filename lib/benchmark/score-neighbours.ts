/** Precision, recall, density and coverage of two sides: what the neighbours of rows say. */
import { type PrdcValues, prdc, prdcIntervals } from "../metrics/index.js";
import { BENCHMARK_RULES } from "./rules.js";
import type { ScoreSides } from "./score-checks.js";
import { type DrawOptions, rowsOf, type ScoreEstimate } from "./score-rows.js";

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

/** Neighbours that are counted, all at once; the benchmark's is among them. */
const EVERY_K: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** Repetitions for an interval, each a quarter of the work; fewer of many rows, whose values scatter less. */
const REPEATS = { few: 10, many: 20, fewFrom: 4000 };

/** PRDC of two sides, by the benchmark's conventions, with intervals where half of the rows are enough for them. */
export async function neighbourScore(sides: ScoreSides, options: DrawOptions): Promise<NeighbourScore> {
  const { neighbours, neighbourRows: maxRows } = BENCHMARK_RULES;
  const { seed, signal } = options;
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

function none(sentence: string): NeighbourScore {
  return { precision: null, recall: null, density: null, coverage: null, perK: [], missing: [sentence] };
}
