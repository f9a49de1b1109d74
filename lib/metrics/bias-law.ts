/**
 * How much of a Frechet distance is sample size: FD = b (1/n + 1/N) + shift.
 *
 * The distance of two samples grows with the scatter of their moments, which is of size 1/n and 1/N. Where the n images
 * are part of the N, what they share scatters alike, and the sum becomes 1/n - 1/N. The shift is what the laws
 * themselves are apart: 0 for samples of one law. Source for 1/n: Chong and Forsyth, "Effectively unbiased FID" (2020);
 * with N, and with the minus, our own (the scatter of two independent means adds up; that of a part against its whole is
 * that of sampling without replacement). What b is made of: bias-law-delta.ts.
 */
import { type Interval, leastSquares, studentQuantile } from "../core/index.js";

/** How many images a distance is of. */
export interface SampleSizes {
  /** n, at least 2. */
  readonly generatedCount: number;
  /** N, at least 2; Infinity for a law itself. */
  readonly referenceCount: number;
  /** Whether the n images are some of the N; false where it is left out. */
  readonly isSubset?: boolean | undefined;
}

/** A distance that was measured at some size. */
export interface BiasPoint extends SampleSizes {
  readonly fd: number;
  /** Of fd; where every point has one, points weigh by 1 over its square, otherwise all the same. */
  readonly standardError?: number | undefined;
}

/** A number that was fitted. */
export interface FittedNumber {
  readonly value: number;
  /** From the residuals; NaN where there are as many numbers as points, which leaves none. */
  readonly standardError: number;
  /** By Student's t; NaN at both ends where the standard error is. */
  readonly interval: Interval;
}

/** A law that was fitted to distances. */
export interface BiasLaw {
  readonly b: FittedNumber;
  /** What is left for infinitely many images; null where it was held at 0. */
  readonly shift: FittedNumber | null;
  /** Measured less fitted, in the order of the points. */
  readonly residuals: readonly number[];
  readonly fitted: readonly number[];
  /** Points less numbers that were fitted. */
  readonly degreesOfFreedom: number;
  readonly confidence: number;
}

/**
 * 1/n + 1/N, or 1/n - 1/N for images that are some of the N.
 * @throws RangeError where a count is below 2, or a subset larger than its whole
 * @example sizeTerm({ generatedCount: 50_000, referenceCount: 1_000_000 }) // 2.1e-5
 */
export function sizeTerm({ generatedCount, referenceCount, isSubset = false }: SampleSizes): number {
  if (!(generatedCount >= 2 && referenceCount >= 2))
    throw new RangeError(
      `Cannot apply the bias law: counts of at least 2 are needed, got ${generatedCount} and ${referenceCount}`,
    );
  if (isSubset && generatedCount > referenceCount)
    throw new RangeError(
      `Cannot apply the bias law: a subset is at most as large as its whole, got ${generatedCount} of ${referenceCount}`,
    );
  return 1 / generatedCount + (isSubset ? -1 : 1) / referenceCount;
}

/**
 * The law through distances at several sizes.
 * @param points two or more of different size (one where the shift is held at 0)
 * @param options withShift: false holds the shift at 0, default true; confidence, default 0.95
 * @throws RangeError where there are too few points, all of one size, or a distance is not finite
 * @example
 * const points = [
 *   { fd: 43.2, generatedCount: 10_000, referenceCount: 100_000 },
 *   { fd: 12.0, generatedCount: 50_000, referenceCount: 100_000 },
 * ];
 * fitBiasLaw(points).b.value; // 390,000
 */
export function fitBiasLaw(
  points: readonly BiasPoint[],
  {
    withShift = true,
    confidence = 0.95,
  }: { readonly withShift?: boolean; readonly confidence?: number } = {},
): BiasLaw {
  const wrong = points.find(
    ({ fd, standardError = 1 }) =>
      !Number.isFinite(fd) || !(standardError > 0 && Number.isFinite(standardError)),
  );
  if (wrong !== undefined)
    throw new RangeError(
      `Cannot fit the bias law: finite distances and positive errors are needed, got ${wrong.fd} and ${wrong.standardError}`,
    );
  if (points.length < (withShift ? 2 : 1))
    throw new RangeError(
      `Cannot fit the bias law: ${withShift ? "2 points" : "1 point"} or more are needed, got ${points.length}`,
    );
  const errors = points.map(({ standardError }) => standardError);
  const isWeighted = errors.every((error) => error !== undefined);
  const { coefficients, covariance, residuals, degreesOfFreedom } = leastSquares(
    points.map((point) => (withShift ? [sizeTerm(point), 1] : [sizeTerm(point)])),
    points.map(({ fd }) => fd),
    isWeighted ? errors.map((error) => 1 / error! ** 2) : undefined,
  );
  const t = degreesOfFreedom > 0 ? studentQuantile((1 + confidence) / 2, degreesOfFreedom) : Number.NaN;
  const number = (column: number): FittedNumber => {
    const value = coefficients[column]!;
    const standardError = Math.sqrt(covariance[column]![column]!);
    const half = t * standardError;
    return { value, standardError, interval: { low: value - half, high: value + half } };
  };
  return {
    b: number(0),
    shift: withShift ? number(1) : null,
    residuals,
    fitted: points.map(({ fd }, i) => fd - residuals[i]!),
    degreesOfFreedom,
    confidence,
  };
}
