/**
 * The eigenvalues of a matrix of three diagonals, without eigenvectors.
 *
 * The QL method with implicit shifts in the form without square roots of Pal, Walker and Kahan, as LAPACK's dsterf has
 * it: right to some epsilons of the largest eigenvalue. Source: Parlett, The Symmetric Eigenvalue Problem, 8.14 and 8.15.
 */

/** Three diagonals of a symmetric matrix. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Beside the diagonal: element i stands between i and i + 1; the last is 0. */
  readonly beside: Float64Array;
}

/** The method needs some two steps an eigenvalue; sixty without an end is a matrix of NaN. */
const MOST_STEPS = 60;
/** What beside the diagonal is nothing whatever stands on it: 1e-6 of the rounding of the largest number. */
const NOTHING = (1e-6 * Number.EPSILON) ** 2;

/**
 * Eigenvalues in rising order.
 * @throws RangeError where a number is not finite
 * @example tridiagonalEigenvalues({ diagonal: Float64Array.of(2, 2), beside: Float64Array.of(1, 0) }) // [1, 3]
 */
export function tridiagonalEigenvalues({ diagonal, beside }: Tridiagonal): Float64Array {
  const size = diagonal.length;
  let largest = 0;
  for (let i = 0; i < size; i++)
    largest = Math.max(largest, Math.abs(diagonal[i]!), i < size - 1 ? Math.abs(beside[i]!) : 0);
  if (!Number.isFinite(largest))
    throw new RangeError("Cannot find eigenvalues: finite numbers are needed, got NaN or infinity");
  if (largest === 0) return new Float64Array(size);
  // squares of what is beside the diagonal neither overflow nor vanish in numbers of about 1
  const scale = 2 ** Math.round(Math.log2(largest));
  const d = diagonal.map((value) => value / scale);
  const squares = beside.map((value) => (value / scale) ** 2);
  squares[size - 1] = 0;
  for (let at = 0; at < size; at++) settle(d, squares, at);
  return d.map((value) => value * scale).sort();
}

/** Turns the block that begins at `at` until that element is an eigenvalue. */
function settle(d: Float64Array, squares: Float64Array, at: number): void {
  const last = d.length - 1;
  for (let step = 0; ; step++) {
    let end = at;
    while (end < last && !isNegligible(squares[end]!, d[end]!, d[end + 1]!)) end++;
    if (end < last) squares[end] = 0;
    if (end === at) return;
    if (step === MOST_STEPS) throw new RangeError("Cannot find eigenvalues: the method does not converge");
    sweep(d, squares, at, end);
  }
}

function isNegligible(square: number, before: number, after: number): boolean {
  return square <= Number.EPSILON ** 2 * Math.abs(before * after) || square <= NOTHING;
}

function sweep(d: Float64Array, squares: Float64Array, at: number, end: number): void {
  const beside = Math.sqrt(squares[at]!);
  const half = (d[at + 1]! - d[at]!) / (2 * beside);
  const root = Math.sqrt(half * half + 1);
  const shift = d[at]! - beside / (half < 0 ? half - root : half + root);
  let cosine = 1;
  let sine = 0;
  let gamma = d[end]! - shift;
  let p = gamma * gamma;
  for (let i = end - 1; i >= at; i--) {
    const square = squares[i]!;
    const r = p + square;
    if (i < end - 1) squares[i + 1] = sine * r;
    const oldCosine = cosine;
    cosine = p / r;
    sine = square / r;
    const oldGamma = gamma;
    const alpha = d[i]!;
    gamma = cosine * (alpha - shift) - sine * oldGamma;
    d[i + 1] = oldGamma + (alpha - gamma);
    p = cosine !== 0 ? (gamma * gamma) / cosine : oldCosine * square;
  }
  squares[at] = sine * p;
  d[at] = shift + gamma;
}
