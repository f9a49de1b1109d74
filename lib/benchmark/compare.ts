/**
 * Scores features against features: what gpic-eval computes, with what none of the toolkits says beside it.
 *
 * Section 3 of the paper. The Frechet distance is taken of the files' moments, all else of their rows.
 */
import { frechetDistance } from "../metrics/index.js";
import { type DisclosureFacts, disclose } from "./disclosure.js";
import type { Score, ScoreCounts } from "./score.js";
import { checkSides, type ScoreSides } from "./score-checks.js";
import { influentialImages } from "./score-images.js";
import { frechetIntervals } from "./score-intervals.js";
import { neighbourScore } from "./score-neighbours.js";
import { sampleSizeEffect } from "./score-sample-size.js";
import { countOf, frechetSide } from "./score-side.js";

/** How features are scored. */
export interface CompareOptions extends DisclosureFacts {
  /** Of every draw; 0 where it is left out. */
  readonly seed?: number | undefined;
  /** Rows of each side that neighbours are looked for among; the benchmark's 10,000 where it is left out. */
  readonly maxRows?: number | undefined;
  /** Is told what is being computed, a few words. */
  readonly onStage?: ((stage: string) => void) | undefined;
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
  const { seed = 0, maxRows, signal, onStage = () => {} } = options;
  const { real, generated } = sides;
  onStage("Frechet distance");
  const { fd, fd_mu, fd_sigma } = await frechetDistance({
    real: frechetSide(real),
    generated: frechetSide(generated),
  });
  onStage("its interval");
  const sure = await frechetIntervals(sides, { seed, signal });
  onStage("precision, recall, density, coverage");
  const near = await neighbourScore(sides, { seed, maxRows, signal });
  onStage("what the number of images does");
  const counts = countsOf(sides, options);
  const effect = await sampleSizeEffect(sides, fd, options.reference, { seed, signal });
  onStage("which images made the distance");
  const images = await influentialImages(sides, { signal });
  return {
    values: { fd, fd_mu, fd_sigma, ...near.values, mmd: null },
    intervals: {
      ...{ fd: sure.intervals?.fd ?? null, fd_mu: sure.intervals?.fd_mu ?? null },
      fd_sigma: sure.intervals?.fd_sigma ?? null,
      ...{ precision: null, recall: null, density: null, coverage: null, mmd: null },
    },
    missing: [...sure.missing, ...near.missing, ...effect.missing],
    counts,
    width: real.width,
    perK: near.perK,
    sampleSize: effect.effect,
    images,
    seed,
    disclosure: disclose(sides, options),
  };
}

function countsOf({ real, generated }: ScoreSides, { failed = 0 }: CompareOptions): ScoreCounts {
  return {
    real: countOf(real) ?? null,
    realRows: real.rows?.count ?? 0,
    generated: countOf(generated) ?? null,
    generatedRows: generated.rows?.count ?? 0,
    generatedFailed: failed,
  };
}
