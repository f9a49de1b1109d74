/**
 * How far a squared distance that was computed by products can be from the true one, and so which comparisons it decides.
 *
 * d2 = |a|^2 + |b|^2 - 2 a.b of centred rows of D numbers. Rounding of the rows, of the product in whatever order it is
 * summed, and of the sums: at most e (|a|^2 + |b|^2) with e = (D + 40) 2^-24 for float32, 2^-53 for float64 (Higham, Accuracy and Stability of Numerical
 * Algorithms, 3.1). As |b| <= |a| + d, that is at most e (3 |a|^2 + 2 d2): a bound of one row and one distance, which no
 * outlier elsewhere can widen. Distances that are compared as float32 are off by 2^-24 of themselves once more, twice.
 */
import type { ProductType } from "./neighbours-product.js";

/** Between which computed values a true squared distance can lie on either side of a threshold. */
export interface Doubt {
  /** Computed below this: the true one is below the threshold. */
  readonly below: number;
  /** Computed at or above this: the true one is at or above the threshold. */
  readonly above: number;
}

/** Rounding, relative. */
const UNIT: { readonly [type in ProductType]: number } = { float32: 2 ** -24, float64: 2 ** -53 };
/** Products smaller than the least normal number lose all digits; numbers are at most 1 here. */
const SMALLEST: { readonly [type in ProductType]: number } = { float32: 2 ** -125, float64: 2 ** -1021 };
/** Of a squared distance whose terms or root were rounded to float32. */
const COMPARED = 2 ** -22;

/** Rows of how many numbers are compared, and in what. */
export interface Compared {
  readonly width: number;
  readonly type: ProductType;
}

/** e of rows of this width. */
export function relativeError({ width, type }: Compared): number {
  return (width + 40) * UNIT[type];
}

/**
 * Whether float32 tells anything of rows of this squared length: not where products of their numbers vanish in it, as
 * they do where one number elsewhere is some 1e17 times as large.
 */
export function isLostToFloat32(squaredLength: number, width: number): boolean {
  return squaredLength * UNIT.float32 < SMALLEST.float32 * width;
}

/**
 * Where a computed squared distance leaves a threshold in doubt.
 * @param threshold a true squared distance
 * @param norm squared length of the row that it is measured from
 */
export function doubtAt(threshold: number, norm: number, compared: Compared): Doubt {
  const error =
    relativeError(compared) * (3 * norm + 2 * threshold) +
    COMPARED * threshold +
    compared.width * SMALLEST[compared.type];
  return { below: threshold - error, above: threshold + error };
}

/** Between which true values a squared distance lies that was computed. */
export function trueRange(computed: number, norm: number, compared: Compared): Doubt {
  const relative = relativeError(compared);
  const error = 3 * relative * norm + compared.width * SMALLEST[compared.type];
  return {
    below: Math.max(0, (computed - error) / (1 + 2 * relative + COMPARED)),
    above: Math.max(0, (computed + error) / (1 - 2 * relative - COMPARED)),
  };
}
