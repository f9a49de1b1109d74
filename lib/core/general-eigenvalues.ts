/**
 * The eigenvalues of a matrix that is not symmetric.
 *
 * Householder's reduction to Hessenberg form, then Francis' steps with two shifts on what has not yet come apart.
 * Source: Golub and Van Loan, Matrix Computations, 7.4 and 7.5; EISPACK's orthes and hqr.
 */

import { reflect } from "./eigenvalues.js";
import { areFinite } from "./finite.js";
import { type Pauses, pausesFor, type Stoppable } from "./pauses.js";

/** Steps for one eigenvalue: some four are the rule, every tenth takes other shifts, and singular products need some hundred. */
const MOST_STEPS = 1000;

/** Eigenvalue i is real[i] + imaginary[i] i; those that are not real stand in pairs. */
export interface ComplexValues {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/**
 * All eigenvalues, in no order; the thread has turns on the way.
 * @param matrix size x size, row-major
 * @throws RangeError where it is no square, or holds NaN or infinity; the signal's reason
 * @example await generalEigenvalues(Float64Array.of(0, -1, 1, 0), 2) // { real: [0, 0], imaginary: [1, -1] }
 */
export async function generalEigenvalues(
  matrix: Float64Array,
  size: number,
  options: Stoppable = {},
): Promise<ComplexValues> {
  if (matrix.length !== size * size)
    throw new RangeError(
      `Cannot find eigenvalues: ${size} x ${size} numbers are needed, got ${matrix.length}`,
    );
  if (!areFinite(matrix))
    throw new RangeError("Cannot find eigenvalues: finite numbers are needed, got NaN or infinity");
  const pauses = pausesFor(options);
  const h = await hessenberg(matrix.slice(), size, pauses);
  const values = { real: new Float64Array(size), imaginary: new Float64Array(size) };
  let norm = 0;
  for (const value of h) norm = Math.max(norm, Math.abs(value));
  let end = size - 1;
  for (let steps = 0; end >= 0; steps++) {
    const start = apartFrom(h, size, end, norm);
    if (end - start < 2) {
      if (start === end) values.real[end] = h[end * size + end]!;
      else pairOf(h, size, end, values);
      end = start - 1;
      steps = -1;
      continue;
    }
    if (steps === MOST_STEPS) throw new RangeError("Cannot find eigenvalues: the method does not converge");
    francis(h, size, start, end, steps);
    if (pauses.isDue(10 * (end - start) ** 2)) await pauses.take();
  }
  return values;
}

/** Rows and columns are reflected from the last one up: row i keeps nothing left of i - 1. */
async function hessenberg(a: Float64Array, size: number, pauses: Pauses): Promise<Float64Array> {
  const sums = new Float64Array(size);
  for (let row = size - 1; row > 1; row--) {
    const v = a.slice(row * size, row * size + row);
    const kept = reflect(v);
    // A (I - v v'), rows above and this one
    for (let i = 0; i < row; i++) {
      const at = i * size;
      let sum = 0;
      for (let j = 0; j < row; j++) sum += a[at + j]! * v[j]!;
      for (let j = 0; j < row; j++) a[at + j]! -= sum * v[j]!;
    }
    a.fill(0, row * size, row * size + row);
    a[row * size + row - 1] = kept;
    // (I - v v') A
    sums.fill(0);
    for (let i = 0; i < row; i++) for (let j = 0; j < size; j++) sums[j]! += v[i]! * a[i * size + j]!;
    for (let i = 0; i < row; i++) for (let j = 0; j < size; j++) a[i * size + j]! -= v[i]! * sums[j]!;
    if (pauses.isDue(4 * row * size)) await pauses.take();
  }
  return a;
}

/** The first row of the block that ends with a row and has not come apart. */
function apartFrom(h: Float64Array, size: number, end: number, norm: number): number {
  for (let row = end; row > 0; row--) {
    const at = row * size + row;
    const beside = Math.abs(h[at - size - 1]!) + Math.abs(h[at]!);
    if (Math.abs(h[at - 1]!) <= Number.EPSILON * (beside === 0 ? norm : beside)) {
      h[at - 1] = 0;
      return row;
    }
  }
  return 0;
}

/** The two eigenvalues of rows end - 1 and end. */
function pairOf(h: Float64Array, size: number, end: number, { real, imaginary }: ComplexValues): void {
  const at = end * size + end;
  const half = (h[at - size - 1]! - h[at]!) / 2;
  const product = h[at - 1]! * h[at - size]!;
  const square = half * half + product;
  const root = Math.sqrt(Math.abs(square));
  if (square >= 0) {
    const larger = half + (half < 0 ? -root : root);
    real[end - 1] = h[at]! + larger;
    real[end] = larger === 0 ? h[at]! : h[at]! - product / larger;
  } else {
    real[end - 1] = real[end] = h[at]! + half;
    imaginary[end - 1] = root;
    imaginary[end] = -root;
  }
}

/** One step on the rows from `start` to `end`. */
function francis(h: Float64Array, size: number, start: number, end: number, steps: number): void {
  const at = end * size + end;
  let sum = h[at]! + h[at - size - 1]!;
  let product = h[at]! * h[at - size - 1]! - h[at - 1]! * h[at - size]!;
  if (steps > 0 && steps % 10 === 0) {
    const apart = Math.abs(h[at - 1]!) + Math.abs(h[at - size - 2]!);
    sum = 1.5 * apart;
    product = apart * apart;
  }
  const first = start * size + start;
  const below = h[first + size]!;
  const v = Float64Array.of(
    h[first + 2 * size + 1]! * below,
    below * (h[first]! + h[first + size + 1]! - sum),
    h[first]! * h[first]! + h[first + 1]! * below - sum * h[first]! + product,
  );
  for (let k = start; k < end; k++) {
    const isLast = k === end - 1;
    // reflections act on rows k, k + 1, k + 2; `reflect` leaves the last element, which is that of row k
    const w = isLast ? v.subarray(1) : v;
    const kept = reflect(w);
    if (k > start) {
      h[k * size + k - 1] = kept;
      h[(k + 1) * size + k - 1] = 0;
      if (!isLast) h[(k + 2) * size + k - 1] = 0;
    }
    const [v2, v1, v0] = isLast ? [0, w[0]!, w[1]!] : [w[0]!, w[1]!, w[2]!];
    turnRows(h, size, { k, from: k, end, v0, v1, v2 });
    turnColumns(h, size, { k, from: start, end: Math.min(end, k + 3), v0, v1, v2 });
    if (isLast) break;
    v[2] = h[(k + 1) * size + k]!;
    v[1] = h[(k + 2) * size + k]!;
    v[0] = k + 3 <= end ? h[(k + 3) * size + k]! : 0;
  }
}

interface Turn {
  readonly k: number;
  readonly from: number;
  readonly end: number;
  readonly v0: number;
  readonly v1: number;
  readonly v2: number;
}

function turnRows(h: Float64Array, size: number, { k, from, end, v0, v1, v2 }: Turn): void {
  const a = k * size;
  const b = a + size;
  // of two rows only, the third is the second with no weight
  const c = v2 === 0 ? b : b + size;
  for (let j = from; j <= end; j++) {
    const sum = v0 * h[a + j]! + v1 * h[b + j]! + v2 * h[c + j]!;
    h[a + j]! -= sum * v0;
    h[b + j]! -= sum * v1;
    h[c + j]! -= sum * v2;
  }
}

function turnColumns(h: Float64Array, size: number, { k, from, end, v0, v1, v2 }: Turn): void {
  const third = v2 === 0 ? 1 : 2;
  for (let i = from; i <= end; i++) {
    const at = i * size + k;
    const sum = v0 * h[at]! + v1 * h[at + 1]! + v2 * h[at + third]!;
    h[at]! -= sum * v0;
    h[at + 1]! -= sum * v1;
    h[at + third]! -= sum * v2;
  }
}
