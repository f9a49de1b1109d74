/**
 * The eigenvalues of a symmetric matrix, without its eigenvectors.
 *
 * Householder's reduction to three diagonals, then the QL method with implicit shifts. Source: Golub and Van Loan,
 * Matrix Computations, 8.3; the reduction reads and writes the lower triangle row by row, as rows lie in memory.
 */

/** The QL method needs some two steps an eigenvalue; thirty without an end is a matrix of NaN. */
const MOST_STEPS = 60;

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
  if (!matrix.every(Number.isFinite))
    throw new RangeError("Cannot find eigenvalues: finite numbers are needed, got NaN or infinity");
  const { diagonal, beside } = tridiagonal(matrix.slice(), size);
  return ql(diagonal, beside).sort();
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Beside the diagonal: element i stands between i and i + 1; the last is 0. */
  readonly beside: Float64Array;
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
function reflect(v: Float64Array): number {
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

function ql(d: Float64Array, e: Float64Array): Float64Array {
  const size = d.length;
  for (let at = 0; at < size; at++)
    for (let step = 0; ; step++) {
      let end = at;
      while (end < size - 1 && !isNegligible(e[end]!, d[end]!, d[end + 1]!)) end++;
      if (end === at) break;
      if (step === MOST_STEPS) throw new RangeError("Cannot find eigenvalues: the method does not converge");
      sweep(d, e, at, end);
    }
  return d;
}

function isNegligible(beside: number, before: number, after: number): boolean {
  return Math.abs(beside) <= Number.EPSILON * (Math.abs(before) + Math.abs(after));
}

/** One implicit QL step on the block from `at` to `end`. */
function sweep(d: Float64Array, e: Float64Array, at: number, end: number): void {
  let g = (d[at + 1]! - d[at]!) / (2 * e[at]!);
  let r = Math.hypot(g, 1);
  g = d[end]! - d[at]! + e[at]! / (g + (g < 0 ? -r : r));
  let sine = 1;
  let cosine = 1;
  let p = 0;
  for (let i = end - 1; i >= at; i--) {
    const f = sine * e[i]!;
    const b = cosine * e[i]!;
    r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= p;
      e[end] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1]! - p;
    r = (d[i]! - g) * sine + 2 * cosine * b;
    p = sine * r;
    d[i + 1] = g + p;
    g = cosine * r - b;
  }
  d[at]! -= p;
  e[at] = g;
  e[end] = 0;
}
