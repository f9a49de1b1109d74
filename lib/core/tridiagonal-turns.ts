/**
 * The eigenvalues of a matrix of three diagonals, and the plane rotations that make it diagonal, for eigenvectors.
 *
 * The QL method with implicit shifts. Source: Parlett, The Symmetric Eigenvalue Problem, 8.13; EISPACK's tql2.
 */
import type { Tridiagonal } from "./tridiagonal.js";

const MOST_STEPS = 60;

/** Rotations of neighbouring rows of the eigenvectors, from row `last` up. */
export interface Turns {
  readonly last: number;
  readonly count: number;
}

/**
 * Eigenvalues, in the order of the rows that were turned.
 * @param turns takes a cosine and a sine for each rotation; room for 2 x size
 * @param turn is called, and awaited, after each step: rows last and last - 1 are turned by the first pair, then last - 1 and last - 2
 * @throws RangeError where a number is not finite
 */
export async function turnToDiagonal(
  { diagonal, beside }: Tridiagonal,
  turns: Float64Array,
  turn: (turns: Turns) => void | Promise<void>,
): Promise<Float64Array> {
  const d = diagonal.slice();
  const e = beside.slice();
  if (!d.every(Number.isFinite) || !e.every(Number.isFinite))
    throw new RangeError("Cannot find eigenvalues: finite numbers are needed, got NaN or infinity");
  const size = d.length;
  for (let at = 0; at < size; at++)
    for (let step = 0; ; step++) {
      let end = at;
      while (end < size - 1 && !isNegligible(e[end]!, d[end]!, d[end + 1]!)) end++;
      if (end === at) break;
      if (step === MOST_STEPS) throw new RangeError("Cannot find eigenvalues: the method does not converge");
      await turn({ last: end, count: sweep(d, e, at, end, turns) });
    }
  return d;
}

function isNegligible(beside: number, before: number, after: number): boolean {
  return Math.abs(beside) <= Number.EPSILON * (Math.abs(before) + Math.abs(after));
}

/** One step on the block from `at` to `end`; how many rotations it took. */
function sweep(d: Float64Array, e: Float64Array, at: number, end: number, turns: Float64Array): number {
  let g = (d[at + 1]! - d[at]!) / (2 * e[at]!);
  let r = Math.sqrt(g * g + 1);
  g = d[end]! - d[at]! + e[at]! / (g + (g < 0 ? -r : r));
  let sine = 1;
  let cosine = 1;
  let p = 0;
  for (let i = end - 1, k = 0; i >= at; i--, k += 2) {
    const f = sine * e[i]!;
    const b = cosine * e[i]!;
    r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= p;
      e[end] = 0;
      return k / 2;
    }
    sine = f / r;
    cosine = g / r;
    turns[k] = cosine;
    turns[k + 1] = sine;
    g = d[i + 1]! - p;
    r = (d[i]! - g) * sine + 2 * cosine * b;
    p = sine * r;
    d[i + 1] = g + p;
    g = cosine * r - b;
  }
  d[at]! -= p;
  e[at] = g;
  e[end] = 0;
  return end - at;
}
