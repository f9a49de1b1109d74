/** What moments must be before a distance is made of them: of one size, finite, and symmetric to rounding. */
import { areFinite, trace } from "../core/index.js";
import type { FeatureMoments } from "../features/index.js";

/** What of a set's moments a distance is made of: D means, and D x D covariances with divisor n - 1. */
export type MeanAndCovariance = Pick<FeatureMoments, "mean" | "covariance">;

/** What the halves of a covariance may differ by, of the deviations' product: float32 sums round some 1e-6 of it. */
const ALLOWED_OF_DEVIATIONS = 1e-4;
/** And of the largest variance, beside which a feature that does not vary is rounding alone. */
const ALLOWED_OF_LARGEST = 1e-7;

/**
 * @param work what cannot be done with moments that are none: "take a Frechet distance"
 * @returns the sum of the variances
 * @throws RangeError where sizes do not agree, numbers are not finite or too large to be summed, a variance is below 0, or
 * the halves of the covariance differ by more than rounding
 */
export function checkMoments(
  work: string,
  which: string,
  { mean, covariance }: MeanAndCovariance,
  width: number = mean.length,
): number {
  if (width === 0 || mean.length !== width || covariance.length !== width * width)
    throw new RangeError(
      `Cannot ${work}: a mean of ${width} and a covariance of ${width} x ${width} are needed, got ${mean.length} and ${covariance.length} numbers of ${which} features`,
    );
  if (!areFinite(mean) || !areFinite(covariance)) throw notFinite(work, which);
  const deviations = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    const variance = covariance[i * (width + 1)]!;
    if (variance < 0)
      throw new RangeError(
        `Cannot ${work}: variances of at least 0 are needed, got ${variance} for feature ${i} of the ${which} ones`,
      );
    deviations[i] = Math.sqrt(variance);
  }
  checkHalves(work, which, covariance, deviations);
  return checkedTrace(work, which, trace(covariance, width));
}

/** @throws RangeError where the sum of the variances is more than float64 holds, or was lost on the way to it */
export function checkedTrace(work: string, which: string, sum: number): number {
  if (!Number.isFinite(sum))
    throw new RangeError(
      `Cannot ${work}: variances with a sum that float64 holds are needed, got ${sum} for the ${which} features`,
    );
  return sum;
}

/** The error of numbers that are none. */
export function notFinite(work: string, which: string): RangeError {
  return new RangeError(
    `Cannot ${work}: finite numbers are needed, got NaN or infinity in the ${which} ones`,
  );
}

function checkHalves(work: string, which: string, covariance: Float64Array, deviations: Float64Array): void {
  const width = deviations.length;
  const ofLargest = ALLOWED_OF_LARGEST * deviations.reduce((most, value) => Math.max(most, value), 0) ** 2;
  for (let i = 0; i < width; i++)
    for (let j = 0; j < i; j++) {
      const [below, above] = [covariance[i * width + j]!, covariance[j * width + i]!];
      const allowed = ALLOWED_OF_DEVIATIONS * deviations[i]! * deviations[j]! + ofLargest;
      if (Math.abs(below - above) > allowed)
        throw new RangeError(
          `Cannot ${work}: a symmetric covariance is needed, got ${below} and ${above} for features ${i} and ${j} of the ${which} ones`,
        );
    }
}
