/**
 * The score that perfect images would have: what of a Frechet distance is there before a model has done anything wrong.
 *
 * n images of the reference's own law are expected at b (1/n + 1/N) (bias-law.ts), never at 0, and a single such score
 * scatters about that like a sum of squares: like a chi-square number with 2 / scatter^2 degrees of freedom
 * (Satterthwaite's approximation). A model's score as a ratio to it says how far it is from real photographs at a size
 * at which both were counted alike.
 */
import { chiSquareQuantile, type Interval } from "../core/index.js";
import { type SampleSizes, sizeTerm } from "./bias-law.js";

/** b as it was measured or published. */
export interface KnownBias {
  readonly b: number;
  /** Of b; null or left out where it is not known, and then taken for exact. */
  readonly standardError?: number | null | undefined;
  /** Standard deviation of one score of perfect images as a share of it; biasFromSplits measures it. */
  readonly scatter?: number | undefined;
}

/** The score of perfect images. */
export interface ExpectedScore {
  readonly value: number;
  /** Where one score of perfect images lies with the confidence asked for. */
  readonly interval: Interval;
  /** Of one such score about the value, that of b taken in. */
  readonly standardDeviation: number;
  readonly confidence: number;
}

/** A score in units of perfect images. */
export interface RatioToReal {
  /** 1 is what real images of the same number would have. */
  readonly ratio: number;
  /** The ratio to the ends of the interval of perfect images: below 1 at its low end means that perfect is possible. */
  readonly interval: Interval;
  readonly expected: ExpectedScore;
}

/**
 * The expected score of n perfect images against a reference of N.
 * @throws RangeError where b is negative or no number, or counts are below 2
 * @example expectedScore({ bias: 3.92e5, generatedCount: 50_000, referenceCount: 1_000_000 }) // 8.232
 */
export function expectedScore({ bias, ...sizes }: SampleSizes & { readonly bias: number }): number {
  if (!(bias >= 0 && Number.isFinite(bias)))
    throw new RangeError(`Cannot expect a score: a b of 0 or more is needed, got ${bias}`);
  return bias * sizeTerm(sizes);
}

/**
 * The same with the interval in which one score of perfect images lies.
 * @param asked bias as biasFromSplits gives it, or a b with what is known of it; confidence, default 0.95
 * @throws RangeError as expectedScore, or where scatter or error are negative
 * @example
 * const bias = await biasFromSplits(realRows, { seed: 1 });
 * expectedScoreRange({ bias, generatedCount: 2_000, referenceCount: 50_000 }).interval; // { low, high }
 */
export function expectedScoreRange({
  bias,
  confidence = 0.95,
  ...sizes
}: SampleSizes & { readonly bias: KnownBias; readonly confidence?: number | undefined }): ExpectedScore {
  const value = expectedScore({ bias: bias.b, ...sizes });
  const { scatter = 0, standardError } = bias;
  const error = standardError ?? 0;
  if (!(scatter >= 0 && error >= 0 && confidence > 0 && confidence < 1))
    throw new RangeError(
      `Cannot expect a score: a scatter and an error of 0 or more and a confidence between 0 and 1 are needed, got ${scatter}, ${error}, ${confidence}`,
    );
  const variation = bias.b === 0 ? 0 : Math.hypot(scatter, error / bias.b);
  return {
    value,
    interval: {
      low: value * chiSquareShare((1 - confidence) / 2, variation),
      high: value * chiSquareShare((1 + confidence) / 2, variation),
    },
    standardDeviation: value * variation,
    confidence,
  };
}

/**
 * A score as a ratio to real images of the same number.
 * @throws RangeError as expectedScoreRange, or where nothing is expected, so that there is no ratio
 * @example ratioToReal({ fd: 76.25, bias: { b: 3.92e5 }, generatedCount: 50_000, referenceCount: 1_000_000 }).ratio // 9.26
 */
export function ratioToReal({
  fd,
  ...asked
}: Parameters<typeof expectedScoreRange>[0] & { readonly fd: number }): RatioToReal {
  const expected = expectedScoreRange(asked);
  if (!(expected.value > 0) || !Number.isFinite(fd))
    throw new RangeError(
      `Cannot take a ratio to real images: a finite distance and an expected one above 0 are needed, got ${fd} and ${expected.value}`,
    );
  const { low, high } = expected.interval;
  return { ratio: fd / expected.value, interval: { low: fd / high, high: fd / low }, expected };
}

/** A quantile of a positive number with mean 1 and this standard deviation. */
function chiSquareShare(p: number, variation: number): number {
  if (variation === 0) return 1;
  const degrees = 2 / variation ** 2;
  return chiSquareQuantile(p, degrees) / degrees;
}
