/**
 * What the number of images alone does to a Frechet distance: the score that perfect images would have.
 *
 * n images drawn from the very law of the real ones do not score 0 but about b(1/n + 1/N). b is measured on splits of the
 * real rows, so that it is that of this encoder and these images; N is what the reference says of itself, or what its
 * explanation found. Approximation: where an eighth of the rows has fewer images than features the law has not begun,
 * and the distances of eighths, quarters and halves are extended instead. On 60 to 1,400 descriptors of 512 numbers that
 * hit measured distances within a tenth as a rule (once 17 %), which the interval takes in.
 */
import type { Interval } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { biasFromSplits, type MeasuredBias, ratioToReal } from "../metrics/index.js";
import { type ReferenceExplanation, splitRepeats } from "./reference-explain.js";
import type { ScoreSides } from "./score-checks.js";
import { countOf } from "./score-side.js";

/** A score against that of perfect images. */
export interface SampleSizeEffect {
  readonly bias: MeasuredBias;
  /** Images of each side. */
  readonly generated: number;
  readonly real: number;
  /** "law": b(1/n + 1/N); "bent": extended from the distances of parts, where there are too few rows for the law. */
  readonly method: "law" | "bent";
  /** The distance that as many images of the real law would have on average, and where one such set lies (95 %). */
  readonly perfect: number;
  readonly perfectInterval: Interval;
  /** The distance over that of perfect images: 1 is as good as real ones. */
  readonly ratio: number;
}

/** What there is to say of the sample size. */
export interface SampleSizeFinding {
  readonly bias: MeasuredBias | undefined;
  readonly effect: SampleSizeEffect | undefined;
  readonly missing: readonly string[];
}

/** Rows below which nothing is split. */
export const SPLIT_ROWS = 32;
/** How far the extended distance is off as a rule, as a share of it. */
const BENT_ERROR = 0.08;

/**
 * Measures b on the real rows.
 * @returns undefined where there are none, or too few
 */
export async function realBias(
  rows: FeatureRows | undefined,
  { seed, signal }: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<MeasuredBias | undefined> {
  if (rows === undefined || rows.count < SPLIT_ROWS) return undefined;
  return biasFromSplits(rows, { seed, repeats: splitRepeats(rows.width), signal });
}

/**
 * Sets a distance beside that of perfect images.
 * @param found b of the real rows, and from how many images the reference's moments are, where it does not say
 * @returns why there is none where the real side has too few rows, or a count is not known
 */
export function sampleSizeFinding(
  { real, generated }: ScoreSides,
  fd: number,
  found: { readonly bias: MeasuredBias | undefined; readonly explained: ReferenceExplanation | undefined },
): SampleSizeFinding {
  const { bias, explained } = found;
  const none = (why: string): SampleSizeFinding => ({
    ...{ bias, effect: undefined },
    missing: [`What perfect images of the same number would score is not known: ${why}.`],
  });
  const counts = { generated: countOf(generated), real: countOf(real) ?? explained?.count };
  if (real.rows === undefined) return none("the reference has no rows to measure it on");
  if (bias === undefined) return none(`at least ${SPLIT_ROWS} real rows are needed, got ${real.rows.count}`);
  if (counts.generated === undefined) return none("the generated file does not say of how many images it is");
  if (counts.real === undefined || Number.isNaN(counts.real))
    return none("the reference does not say of how many images it is");
  const sizes = {
    generatedCount: counts.generated,
    referenceCount: Math.min(counts.real, Number.MAX_SAFE_INTEGER),
  };
  const method = bias.bySize.at(-1)!.partCount > real.width ? "law" : "bent";
  const x = 1 / sizes.generatedCount + 1 / sizes.referenceCount;
  const b = method === "law" ? bias.b : bentDistance(bias, x) / x;
  const scatter = method === "law" ? bias.scatter : Math.hypot(bias.scatter, BENT_ERROR);
  const { ratio, expected } = ratioToReal({ fd, bias: { ...bias, b, scatter }, ...sizes });
  return {
    bias,
    effect: {
      ...{ bias, method, ratio, generated: counts.generated, real: counts.real },
      ...{ perfect: expected.value, perfectInterval: expected.interval },
    },
    missing:
      fd < expected.interval.low
        ? [
            "The distance is below what independent real images have: samples and reference share images, or the samples repeat them.",
          ]
        : [],
  };
}

/**
 * The distance at a size term where the law has not begun: log FD against log x bends towards the law's slope of 1. The
 * slopes between eighths, quarters and halves are followed, a halving of x at a time, up to 1.
 */
function bentDistance({ bySize }: MeasuredBias, x: number): number {
  const [half, quarter, eighth] = bySize.map(({ partCount, b }) => ({
    logX: Math.log(2 / partCount),
    logFd: Math.log((2 * b) / partCount),
  })) as [LogPoint, LogPoint, LogPoint];
  const slopeOf = (from: LogPoint, to: LogPoint) => (to.logFd - from.logFd) / (to.logX - from.logX);
  let slope = slopeOf(half, quarter);
  const bend = Math.max(0, slope - slopeOf(quarter, eighth));
  const wanted = Math.log(x);
  if (wanted >= half.logX) return Math.exp(half.logFd + slope * (wanted - half.logX));
  let { logX, logFd } = half;
  while (logX > wanted) {
    slope = Math.min(1, slope + bend);
    const next = Math.max(wanted, logX - Math.LN2);
    logFd += slope * (next - logX);
    logX = next;
  }
  return Math.exp(logFd);
}

interface LogPoint {
  readonly logX: number;
  readonly logFd: number;
}
