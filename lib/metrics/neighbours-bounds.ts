/**
 * How far a squared distance that was computed by float32 products can be from the true one, and so which comparisons
 * it decides.
 *
 * d2 = |a|^2 + |b|^2 - 2 a.b of centred rows of D numbers. Rounding of the rows, of the product in whatever order it is
 * summed, of the sums, and of distances that are compared as float32: at most e (|a|^2 + |b|^2) with e = (D + 40) 2^-24 (Higham, Accuracy and Stability of Numerical
 * Algorithms, 3.1). As |b| <= |a| + d, that is at most e (3 |a|^2 + 2 d2): a bound of one row and one distance, which no
 * outlier elsewhere can widen.
 */

/** Between which computed values a true squared distance can lie on either side of a threshold. */
export interface Doubt {
  /** Computed below this: the true one is below the threshold. */
  readonly below: number;
  /** Computed at or above this: the true one is at or above the threshold. */
  readonly above: number;
}

/** Rounding to float32, relative. */
const UNIT = 2 ** -24;
/** Products smaller than float32's least normal number lose all digits; numbers are at most 1 here. */
const SMALLEST = 2 ** -125;

/** e of rows of this width. */
export function relativeError(width: number): number {
  return (width + 40) * UNIT;
}

/**
 * Where a computed squared distance leaves a threshold in doubt.
 * @param threshold a true squared distance
 * @param norm squared length of the row that it is measured from
 */
export function doubtAt(threshold: number, norm: number, width: number): Doubt {
  const error = relativeError(width) * (3 * norm + 2 * threshold) + width * SMALLEST;
  return { below: threshold - error, above: threshold + error };
}

/** Between which true values a squared distance lies that was computed. */
export function trueRange(computed: number, norm: number, width: number): Doubt {
  const relative = relativeError(width);
  const error = 3 * relative * norm + width * SMALLEST;
  return {
    below: Math.max(0, (computed - error) / (1 + 2 * relative)),
    above: Math.max(0, (computed + error) / (1 - 2 * relative)),
  };
}
