/**
 * The regularized incomplete beta function.
 *
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.5.8, the continued fraction, by Lentz's
 * method; the symmetry 26.5.2 where that converges faster.
 */
import { logGamma } from "./gamma.js";

/** Some twenty steps are needed up to parameters of a thousand, about the root of the larger one beyond. */
const MOST_STEPS = 100_000;
/** In place of a zero that would be divided by. */
const TINY = 1e-300;

/**
 * I_x(a, b): the probability that a beta variable stays below x.
 * @param x from 0 to 1
 * @param a above 0
 * @param b above 0
 * @throws RangeError for other numbers
 * @example regularizedBeta(0.5, 2, 3) // 0.6875
 */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1 && a > 0 && b > 0))
    throw new RangeError(
      `Cannot compute an incomplete beta function: x from 0 to 1 and parameters above 0 are needed, got ${x}, ${a}, ${b}`,
    );
  if (x === 0 || x === 1) return x;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const front = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  return (Math.exp(front) / a) * continuedFraction(x, a, b);
}

function continuedFraction(x: number, a: number, b: number): number {
  const away = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MOST_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let step = 1;
    for (const term of [even, odd]) {
      d = 1 / away(1 + term * d);
      c = away(1 + term / c);
      step = c * d;
      fraction *= step;
    }
    if (Math.abs(step - 1) < Number.EPSILON) return fraction;
  }
  throw new RangeError(`Cannot compute an incomplete beta function: no end at ${x}, ${a}, ${b}`);
}
