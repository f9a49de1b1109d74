/**
 * Scores features against features: what gpic-eval computes, with what none of the toolkits says beside it.
 *
 * Section 3 of the paper. The Frechet distance is taken of the files' moments, all else of their rows.
 */
import { frechetDistance, type MeasuredBias } from "../metrics/index.js";
import { type DisclosureFacts, disclose } from "./disclosure.js";
import { EXPLAINED_ROWS, explainReference, type ReferenceExplanation } from "./reference-explain.js";
import type { Score, ScoreCounts } from "./score.js";
import { checkSides, type ScoreSides } from "./score-checks.js";
import { influentialImages } from "./score-images.js";
import { frechetIntervals } from "./score-intervals.js";
import { mmdScore } from "./score-mmd.js";
import { neighbourScore } from "./score-neighbours.js";
import { realBias, sampleSizeFinding } from "./score-sample-size.js";
import { countOf, frechetSide, type ScoreSide } from "./score-side.js";
import { checkTraining, trainingFinding } from "./score-training.js";

/** How features are scored. */
export interface CompareOptions extends Omit<DisclosureFacts, "reference"> {
  /** Of every draw; 0 where it is left out. */
  readonly seed?: number | undefined;
  /** Features of training images, for the nearest of them to each sample. */
  readonly training?: ScoreSide | undefined;
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
  if (options.training !== undefined) checkTraining(sides.real, options.training);
  const { seed = 0, signal, onStage = () => {} } = options;
  const { real, generated } = sides;
  const draws = { seed, signal };
  onStage("Frechet distance");
  const { fd, fd_mu, fd_sigma, health } = await frechetDistance({
    real: frechetSide(real),
    generated: frechetSide(generated),
  });
  onStage("the interval of the Frechet distance");
  const sure = await frechetIntervals(sides, draws);
  onStage("precision, recall, density, coverage");
  const { precision, recall, density, coverage, perK, missing } = await neighbourScore(sides, draws);
  onStage("MMD");
  const mmd = await mmdScore(sides, draws);
  onStage("what the number of images does");
  const bias = await realBias(real.rows, draws);
  const reference = await explained(real, { bias, seed, signal });
  const size = await sampleSizeFinding(sides, fd, { bias, explained: reference, seed, signal });
  onStage("which images made the distance");
  const ends = await influentialImages(sides, { signal });
  onStage("the nearest training images");
  const training = await trainingFinding(sides, options.training, draws);
  const near = { precision, recall, density, coverage, mmd };
  return {
    values: { fd, fd_mu, fd_sigma, ...each(near, (estimate) => estimate?.value ?? null) },
    intervals: { ...sure.intervals, ...each(near, (estimate) => estimate?.interval ?? null) },
    missing: [...sure.missing, ...missing, ...size.missing, ...ends.missing, ...training.missing],
    counts: countsOf(sides, options),
    width: real.width,
    ...{ health, perK, reference, images: ends.images, seed },
    sampleSize: size.effect,
    training: training.finding,
    disclosure: disclose(sides, { ...options, reference }),
  };
}

/** From how many images the reference's moments are, where it does not say and has the rows to tell. */
async function explained(
  { rows, moments, provenance }: ScoreSide,
  options: {
    readonly bias: MeasuredBias | undefined;
    readonly seed: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ReferenceExplanation | undefined> {
  const canTell = rows !== undefined && moments !== undefined && rows.count >= EXPLAINED_ROWS;
  return canTell && provenance === undefined ? explainReference({ rows, moments }, options) : undefined;
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

function each<Name extends string, From, To>(
  values: { readonly [name in Name]: From },
  to: (value: From) => To,
): { [name in Name]: To } {
  const entries = Object.entries(values) as [Name, From][];
  return Object.fromEntries(entries.map(([name, value]) => [name, to(value)])) as { [name in Name]: To };
}
