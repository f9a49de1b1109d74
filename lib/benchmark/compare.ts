/**
 * Scores features against features: what gpic-eval computes, with what none of the toolkits says beside it.
 *
 * Section 3 of the paper. The Frechet distance is taken of the files' moments, all else of their rows.
 */
import type { Interval } from "../core/index.js";
import { frechetDistance } from "../metrics/index.js";
import { type DisclosureFacts, disclose } from "./disclosure.js";
import { SCORE_NAMES, type Score, type ScoreIntervals, type ScoreValues } from "./score.js";
import { checkSides, type ScoreSides } from "./score-checks.js";
import { countOf, frechetSide } from "./score-side.js";

/** How features are scored. */
export interface CompareOptions extends DisclosureFacts {
  /** Of every draw; 0 where it is left out. */
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scores generated features against real ones.
 * @throws RangeError where no meaningful number can be made of the two; see `checkSides`
 * @example
 * const [real, generated] = [await openSide("test_stats.npz"), await openSide("samples.npz")];
 * (await compareFeatures({ real, generated })).values.fd
 */
export async function compareFeatures(sides: ScoreSides, options: CompareOptions = {}): Promise<Score> {
  checkSides(sides);
  const { real, generated } = sides;
  const frechet = await frechetDistance({ real: frechetSide(real), generated: frechetSide(generated) });
  const values: ScoreValues = {
    ...{ fd: frechet.fd, fd_mu: frechet.fd_mu, fd_sigma: frechet.fd_sigma },
    ...{ precision: null, recall: null, density: null, coverage: null, mmd: null },
  };
  return {
    values,
    intervals: noIntervals(),
    missing: [],
    counts: {
      real: countOf(real) ?? null,
      realRows: real.rows?.count ?? 0,
      generated: countOf(generated) ?? null,
      generatedRows: generated.rows?.count ?? 0,
      generatedFailed: options.failed ?? 0,
    },
    width: real.width,
    disclosure: disclose(sides, options),
  };
}

function noIntervals(): ScoreIntervals {
  return Object.fromEntries(
    SCORE_NAMES.map((name): [string, Interval | null] => [name, null]),
  ) as ScoreIntervals;
}
