/** Precision, recall, density, coverage and MMD of two sides: what needs rows of both. */
import { type PrdcValues, prdc } from "../metrics/index.js";
import { BENCHMARK_RULES } from "./rules.js";
import type { ScoreValues } from "./score.js";
import type { ScoreSides } from "./score-checks.js";

/** What the neighbours of rows say. */
export interface NeighbourScore {
  readonly values: Pick<ScoreValues, "precision" | "recall" | "density" | "coverage">;
  /** For each k from 1 to 10, as far as there are rows. */
  readonly perK: readonly PrdcValues[];
  /** Why there are no values, a sentence. */
  readonly missing: readonly string[];
}

/** Neighbours that are counted, all at once; the benchmark's is among them. */
const EVERY_K = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;
const NONE = { precision: null, recall: null, density: null, coverage: null } as const;

/**
 * PRDC of two sides, by the benchmark's conventions.
 * @param options.maxRows rows drawn of each side at the most; the benchmark's 10,000 where it is left out
 */
export async function neighbourScore(
  { real, generated }: ScoreSides,
  options: {
    readonly seed: number;
    readonly maxRows?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<NeighbourScore> {
  const { neighbours, neighbourRows } = BENCHMARK_RULES;
  const { seed, maxRows = neighbourRows, signal } = options;
  const without = (["real", "generated"] as const).filter(
    (which) => ({ real, generated })[which].rows === undefined,
  );
  if (real.rows === undefined || generated.rows === undefined)
    return {
      values: NONE,
      perK: [],
      missing: [
        `Precision, recall, density, coverage and MMD need rows of both sides; the ${without.join(" and the ")} side has a mean and a covariance alone.`,
      ],
    };
  const fewest = Math.min(real.rows.count, generated.rows.count);
  if (fewest <= neighbours)
    return {
      values: NONE,
      perK: [],
      missing: [
        `Precision, recall, density and coverage need more than ${neighbours} images of each side, which have ${real.rows.count} and ${generated.rows.count}.`,
      ],
    };
  const k = EVERY_K.filter((each) => each < fewest);
  const found = await prdc(
    { real: real.rows, generated: generated.rows },
    { k, maxRows, seed, ...(signal === undefined ? {} : { signal }) },
  );
  const { precision, recall, density, coverage } = found.k.find((each) => each.k === neighbours)!;
  return { values: { precision, recall, density, coverage }, perK: found.k, missing: [] };
}
