/**
 * The eigenvalues of a symmetric matrix, without its eigenvectors.
 *
 * Householder's reduction to three diagonals, then those of tridiagonal.ts; for sizes up to a few hundred. Source: Golub and Van Loan,
 * Matrix Computations, 8.3; the reduction reads and writes the lower triangle row by row, as rows lie in memory.
 */
import { areFinite } from "./finite.js";
import { type Tridiagonal, tridiagonalEigenvalues } from "./tridiagonal.js";

/**
 * Eigenvalues in rising order.
 * @param matrix size x size, row-major, symmetric; only its lower triangle is read
 * @throws RangeError where it is no square, or holds NaN or infinity
 * @example symmetricEigenvalues(Float64Array.of(2, 1, 1, 2), 2) // [1, 3]
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  if (matrix.length !== size * size)
    throw new RangeError(
      `Cannot find eigenvalues: ${size} x ${size} numbers are needed, got ${matrix.length}`,
    );
  if (!areFinite(matrix))
    throw new RangeError("Cannot find eigenvalues: finite numbers are needed, got NaN or infinity");
  return tridiagonalEigenvalues(tridiagonal(matrix.slice(), size));
}

/** Reduces the rows from the last one up; each reflection is applied to the triangle above it. */
function tridiagonal(a: Float64Array, size: number): Tridiagonal {
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  const p = new Float64Array(size);
  for (let row = size - 1; row > 0; row--) {
    const v = a.subarray(row * size, row * size + row);
    diagonal[row] = a[row * size + row]!;
    beside[row - 1] = reflect(v);
    if (v.length > 1) rankTwo(a, v, p, row, size);
  }
  diagonal[0] = a[0] ?? 0;
  return { diagonal, beside };
}

/**
 * Makes a vector into the reflection that leaves only its last element, scaled so that H = I - v v'.
 * @returns that element afterwards; v is zero where there is nothing to reflect
 */
export function reflect(v: Float64Array): number {
  const last = v.length - 1;
  let largest = 0;
  for (let i = 0; i < last; i++) largest = Math.max(largest, Math.abs(v[i]!));
  const kept = v[last]!;
  if (largest === 0) {
    v.fill(0);
    return kept;
  }
  largest = Math.max(largest, Math.abs(kept));
  let squares = 0;
  for (let i = 0; i <= last; i++) squares += (v[i]! / largest) ** 2;
  const norm = largest * Math.sqrt(squares);
  const result = kept > 0 ? -norm : norm;
  v[last] = kept - result;
  // two roots, as the product of the two would underflow in a matrix of very small numbers
  const scale = 1 / (Math.sqrt(norm) * Math.sqrt(Math.abs(kept - result)));
  for (let i = 0; i <= last; i++) v[i]! *= scale;
  return result;
}

/** A := H A H for the leading `count` rows, of which only the lower triangle is kept. */
function rankTwo(a: Float64Array, v: Float64Array, p: Float64Array, count: number, size: number): void {
  p.fill(0, 0, count);
  for (let i = 0; i < count; i++) {
    const at = i * size;
    const vi = v[i]!;
    let sum = a[at + i]! * vi;
    for (let j = 0; j < i; j++) {
      const aij = a[at + j]!;
      sum += aij * v[j]!;
      p[j]! += aij * vi;
    }
    p[i]! += sum;
  }
  let half = 0;
  for (let i = 0; i < count; i++) half += p[i]! * v[i]!;
  half /= 2;
  for (let i = 0; i < count; i++) p[i]! -= half * v[i]!;
  for (let i = 0; i < count; i++) {
    const at = i * size;
    const vi = v[i]!;
    const pi = p[i]!;
    for (let j = 0; j <= i; j++) a[at + j]! -= vi * p[j]! + pi * v[j]!;
  }
}
