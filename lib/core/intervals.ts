/**
 * The normal quantile, the interval of a share, and p-values corrected for how many there are.
 *
 * Method: Wilson, "Probable inference, the law of succession, and statistical inference" (1927); Holm, "A simple
 * sequentially rejective multiple test procedure" (1979). The square of a normal number is chi-square with one degree.
 */
import { chiSquareCritical, chiSquareQuantile } from "./chi-square.js";

/** An interval, both ends counted. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The value below which a share p of the standard normal law lies.
 * @param p from 0 to 1
 * @throws RangeError where p is not a share
 * @example normalQuantile(0.975) // 1.959963984540054
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1))
    throw new RangeError(`Cannot compute a normal quantile: a share from 0 to 1 is needed, got ${p}`);
  const side = p < 0.5 ? -1 : 1;
  const tail = p < 0.5 ? p : 1 - p;
  // in the middle the share within is accurate, in the tails the share outside
  if (tail > 0.25) return side * Math.sqrt(chiSquareQuantile(Math.abs(2 * p - 1), 1));
  return side * Math.sqrt(chiSquareCritical(2 * tail, 1));
}

/**
 * Wilson's interval of a share.
 * @param count how many of `total` have the property
 * @param total at least 1
 * @param confidence between 0 and 1
 * @throws RangeError where count is not within 0 and total, or confidence is not a share
 * @example wilsonInterval(0, 10) // { low: 0, high: 0.2775 }
 */
export function wilsonInterval(count: number, total: number, confidence: number = 0.95): Interval {
  if (!(total > 0 && count >= 0 && count <= total && confidence > 0 && confidence < 1))
    throw new RangeError(
      `Cannot compute the interval of a share: 0 <= count <= total and 0 < confidence < 1 are needed, got ${count} of ${total} at ${confidence}`,
    );
  const z2 = chiSquareCritical(1 - confidence, 1);
  const share = count / total;
  const middle = (share + z2 / (2 * total)) / (1 + z2 / total);
  const half = Math.sqrt((share * (1 - share)) / total + z2 / (4 * total * total)) * Math.sqrt(z2);
  const room = half / (1 + z2 / total);
  return {
    low: count === 0 ? 0 : Math.max(0, middle - room),
    high: count === total ? 1 : Math.min(1, middle + room),
  };
}

/**
 * p-values after Holm's correction: whoever rejects those at or below alpha errs once or more with probability alpha at
 * the most, whatever the tests have to do with each other.
 * @param pValues from 0 to 1
 * @returns in the same order, never smaller than what was given
 * @throws RangeError where one is not a share
 * @example holm([0.01, 0.04, 0.03]) // [0.03, 0.06, 0.06]
 */
export function holm(pValues: readonly number[]): number[] {
  checkPValues(pValues);
  const order = pValues.map((_, i) => i).sort((a, b) => (pValues[a] ?? 0) - (pValues[b] ?? 0));
  const corrected = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * (pValues[index] ?? 0)));
    corrected[index] = largest;
  });
  return corrected;
}

/**
 * p-values times their number: Bonferroni's correction, simpler and never smaller than Holm's.
 * @param pValues from 0 to 1
 * @throws RangeError where one is not a share
 * @example bonferroni([0.01, 0.04, 0.4]) // [0.03, 0.12, 1]
 */
export function bonferroni(pValues: readonly number[]): number[] {
  checkPValues(pValues);
  return pValues.map((p) => Math.min(1, p * pValues.length));
}

function checkPValues(pValues: readonly number[]): void {
  for (const p of pValues)
    if (!(p >= 0 && p <= 1))
      throw new RangeError(`Cannot correct p-values: shares from 0 to 1 are needed, got ${p}`);
}
