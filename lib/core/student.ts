/** Student's t, of any degrees of freedom: its tails by the incomplete beta function, its quantiles by halving. */
import { regularizedBeta } from "./beta.js";
import { regularizedGammaQ } from "./gamma.js";

/** Halvings of a bracket: 2^-100 of it is below a float64's last digit. */
const HALVINGS = 100;

/**
 * The probability that |t| is at least as large.
 * @param degrees of freedom, above 0, whole or not; Infinity is the normal law
 * @throws RangeError for other numbers
 * @example studentTails(2.776, 4) // 0.05
 */
export function studentTails(t: number, degrees: number): number {
  if (!(degrees > 0) || Number.isNaN(t))
    throw new RangeError(
      `Cannot compute a tail of t: degrees of freedom above 0 and a number are needed, got ${degrees} and ${t}`,
    );
  if (degrees === Number.POSITIVE_INFINITY) return regularizedGammaQ(0.5, (t * t) / 2);
  return regularizedBeta(1 / (1 + (t / Math.sqrt(degrees)) ** 2), degrees / 2, 0.5);
}

/**
 * The value below which a share p of Student's t lies.
 * @param p between 0 and 1
 * @param degrees as `studentTails`
 * @throws RangeError for other numbers
 * @example studentQuantile(0.975, 19) // 2.0930
 */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p > 0 && p < 1))
    throw new RangeError(`Cannot compute a quantile of t: a share between 0 and 1 is needed, got ${p}`);
  if (p === 0.5) return 0;
  const tails = 2 * Math.min(p, 1 - p);
  let high = 1;
  while (studentTails(high, degrees) > tails) high *= 2;
  let low = 0;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (studentTails(middle, degrees) > tails) low = middle;
    else high = middle;
  }
  return p < 0.5 ? -high : high;
}
