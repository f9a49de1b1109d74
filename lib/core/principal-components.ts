/**
 * Principal components: the directions in which rows vary most, how much they vary there, and where each row lies.
 *
 * Rows are centred, not scaled; variances have the divisor count - 1, as numpy's and the toolkits' covariances have.
 * No covariance matrix is made: only its products with vectors are needed, so a thousand columns cost no more memory
 * than the rows. A direction's sign means nothing and is fixed all the same: its largest number is positive.
 */
import { leadingEigenvectors } from "./leading-eigenvectors.js";

/** What is taken beside the rows. */
export interface PrincipalOptions {
  /** How many directions; at most as many as columns. */
  readonly components: number;
  /** Of the start vectors; no choice changes more of the result than `residual` says. */
  readonly seed?: number | string | undefined;
}

/** The leading directions of a set of rows, that of most variance first. */
export interface PrincipalComponents {
  readonly components: number;
  /** What was subtracted: a number for each column. */
  readonly mean: Float64Array;
  /** components x width, row-major; of length 1 and at right angles to each other. */
  readonly axes: Float64Array;
  /** The variance along each axis, in falling order. */
  readonly variances: Float64Array;
  /** The same as shares of the variance of all columns; zeros where nothing varies. */
  readonly shares: Float64Array;
  /** count x components, row-major: where each row lies along each axis. */
  readonly scores: Float64Array;
  /** How far an axis is from an eigenvector: the largest |Ca - va| as a share of the largest variance. */
  readonly residual: number;
}

/**
 * The principal components of rows.
 * @param rows count x width, row-major, finite; width is rows.length / count
 * @param count at least 2
 * @throws RangeError where rows, count or components do not fit, or a number is not finite
 * @example
 * const { shares, scores } = principalComponents(Float64Array.of(0, 0, 3, 4), 2, { components: 1 });
 * // shares [1], scores [-2.5, 2.5]: both lie on one line
 */
export function principalComponents(
  rows: Float32Array | Float64Array,
  count: number,
  { components, seed = "principal components" }: PrincipalOptions,
): PrincipalComponents {
  const width = rows.length / count;
  if (!(Number.isSafeInteger(count) && count >= 2 && Number.isSafeInteger(width) && width >= 1))
    throw new RangeError(
      `Cannot find principal components: 2 rows or more of one width are needed, got ${rows.length} numbers in ${count} rows`,
    );
  if (!(Number.isSafeInteger(components) && components >= 1 && components <= width))
    throw new RangeError(
      `Cannot find principal components: 1 to ${width} of them are possible, got ${components}`,
    );
  if (!rows.every(Number.isFinite))
    throw new RangeError("Cannot find principal components: finite numbers are needed, got NaN or infinity");
  const { mean, centred } = centre(rows, count, width);
  const covariance = (vector: Float64Array) => covarianceTimes(centred, count, vector);
  const { vectors, values, residual } = leadingEigenvectors(covariance, width, { count: components, seed });
  const axes = new Float64Array(components * width);
  const scores = new Float64Array(count * components);
  for (const [at, vector] of vectors.entries()) {
    fixSign(vector);
    axes.set(vector, at * width);
    const places = rowsTimes(centred, count, vector);
    for (let row = 0; row < count; row++) scores[row * components + at] = places[row]!;
  }
  const total = centred.reduce((sum, value) => sum + value * value, 0) / (count - 1);
  const variances = Float64Array.from(values, (value) => Math.max(0, value));
  const shares = variances.map((variance) => (total > 0 ? variance / total : 0));
  return { components, mean, axes, variances, shares, scores, residual };
}

function centre(
  rows: Float32Array | Float64Array,
  count: number,
  width: number,
): { readonly mean: Float64Array; readonly centred: Float64Array } {
  const mean = new Float64Array(width);
  for (let row = 0, at = 0; row < count; row++)
    for (let column = 0; column < width; column++) mean[column]! += rows[at++]!;
  for (let column = 0; column < width; column++) mean[column]! /= count;
  const centred = Float64Array.from(rows);
  for (let row = 0, at = 0; row < count; row++)
    for (let column = 0; column < width; column++) centred[at++]! -= mean[column]!;
  return { mean, centred };
}

/** X'Xv / (count - 1). */
function covarianceTimes(centred: Float64Array, count: number, vector: Float64Array): Float64Array {
  const places = rowsTimes(centred, count, vector);
  const width = vector.length;
  const product = new Float64Array(width);
  for (let row = 0, at = 0; row < count; row++) {
    const place = places[row]! / (count - 1);
    for (let column = 0; column < width; column++) product[column]! += centred[at++]! * place;
  }
  return product;
}

/** Xv. */
function rowsTimes(centred: Float64Array, count: number, vector: Float64Array): Float64Array {
  const product = new Float64Array(count);
  for (let row = 0, at = 0; row < count; row++) {
    let sum = 0;
    for (let column = 0; column < vector.length; column++) sum += centred[at++]! * vector[column]!;
    product[row] = sum;
  }
  return product;
}

/** Of two that are equally large the first counts. */
function fixSign(vector: Float64Array): void {
  let largest = 0;
  for (let i = 1; i < vector.length; i++) if (Math.abs(vector[i]!) > Math.abs(vector[largest]!)) largest = i;
  if (vector[largest]! < 0) for (let i = 0; i < vector.length; i++) vector[i]! *= -1;
}
