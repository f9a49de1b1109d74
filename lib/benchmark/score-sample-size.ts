/**
 * What the number of images alone does to a Frechet distance: the score that perfect images would have.
 *
 * n images drawn from the very law of the real ones do not score 0. Where n is large against the features, they score
 * about b(1/n + 1/N): b is measured on splits of the real rows, so that it is that of this encoder and these images, and
 * N is what the reference says of itself, or what its explanation found. Where n is small the law has no meaning, and as
 * many real rows are drawn and scored instead (score-perfect-draws.ts). Where neither is possible, nothing is said.
 */
import type { Interval } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { biasFromSplits, type MeasuredBias, ratioToReal } from "../metrics/index.js";
import { LAW_ROWS_PER_COLUMN, type ReferenceExplanation, splitRepeats } from "./reference-explain.js";
import type { ScoreSides } from "./score-checks.js";
import { perfectDraws } from "./score-perfect-draws.js";
import { countOf } from "./score-side.js";

/** A score against that of perfect images. */
export interface SampleSizeEffect {
  /** b of the real rows; undefined where they are too few for the law. */
  readonly bias: MeasuredBias | undefined;
  /** Images of each side. */
  readonly generated: number;
  readonly real: number;
  /** "law": b(1/n + 1/N); "draws": as many real rows were drawn and scored. */
  readonly method: "law" | "draws";
  /** The distance that as many images of the real law would have on average, and where one such set lies (95 %). */
  readonly perfect: number;
  readonly perfectInterval: Interval;
  /** The distance over that of perfect images: 1 is as good as real ones. */
  readonly ratio: number;
}

/** What there is to say of the sample size. */
export interface SampleSizeFinding {
  readonly effect: SampleSizeEffect | undefined;
  readonly missing: readonly string[];
}

/** Images for each feature from which the law holds: its next term, d/(8 n), is then 3 % of it. */
const LAW_IMAGES_PER_COLUMN = 4;
/** Rows below which nothing is measured. */
const FEWEST_ROWS = 32;

/**
 * Measures b on the real rows.
 * @returns undefined where there are none, or too few for the law
 */
export async function realBias(
  rows: FeatureRows | undefined,
  { seed, signal }: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<MeasuredBias | undefined> {
  if (rows === undefined || rows.count < Math.max(FEWEST_ROWS, LAW_ROWS_PER_COLUMN * rows.width))
    return undefined;
  return biasFromSplits(rows, { seed, repeats: splitRepeats(rows.width), signal });
}

/**
 * Sets a distance beside that of perfect images.
 * @param found b of the real rows, from how many images the reference's moments are where it does not say, seed of draws
 * @returns why there is none where the real side has too few rows, or a count is not known
 */
export async function sampleSizeFinding(
  { real, generated }: ScoreSides,
  fd: number,
  found: {
    readonly bias: MeasuredBias | undefined;
    readonly explained: ReferenceExplanation | undefined;
    readonly seed: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<SampleSizeFinding> {
  const { bias, explained, seed, signal } = found;
  const none = (why: string): SampleSizeFinding => ({
    effect: undefined,
    missing: [`What perfect images of the same number would score is not known: ${why}.`],
  });
  const { rows, width } = real;
  const counts = { generated: countOf(generated), real: countOf(real) ?? explained?.count };
  if (rows === undefined) return none("the reference has no rows to measure it on");
  if (rows.count < FEWEST_ROWS)
    return none(`at least ${FEWEST_ROWS} real rows are needed, got ${rows.count}`);
  if (counts.generated === undefined) return none("the generated file does not say of how many images it is");
  if (counts.generated < 2) return none("at least 2 generated images are needed, got 1");
  if (counts.real === undefined || Number.isNaN(counts.real))
    return none("the reference does not say of how many images it is");
  const sizes = { generatedCount: counts.generated, referenceCount: counts.real };
  const isLaw = bias !== undefined && counts.generated >= LAW_IMAGES_PER_COLUMN * width;
  if (!isLaw && 2 * counts.generated > rows.count)
    return none(
      `at least ${Math.min(2 * counts.generated, LAW_ROWS_PER_COLUMN * width)} real rows are needed, got ${rows.count}`,
    );
  const known = isLaw ? bias : await drawnBias(rows, { ...sizes, seed, signal });
  if (!(known.b > 0)) return none("real rows of the same number cannot be told from the reference");
  const { ratio, expected } = ratioToReal({ fd, bias: known, ...sizes });
  return {
    effect: {
      ...{ bias, method: isLaw ? "law" : "draws", ratio, generated: counts.generated, real: counts.real },
      ...{ perfect: expected.value, perfectInterval: expected.interval },
    },
    missing:
      fd < expected.interval.low
        ? [
            "The distance is below what images of the real law have in 97.5 % of draws: fewer outliers, repeats, or images shared with the reference.",
          ]
        : [],
  };
}

/** What draws found, as if the law held at this one size. */
async function drawnBias(
  rows: FeatureRows,
  options: Parameters<typeof perfectDraws>[1],
): Promise<{ readonly b: number; readonly scatter: number }> {
  const { value, scatter } = await perfectDraws(rows, options);
  return { b: value / (1 / options.generatedCount + 1 / options.referenceCount), scatter };
}
