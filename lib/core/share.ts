/** A counted share and how sure it is: Wilson's interval, which stays within 0 and 1 and is right for rare events too. */
import { type Interval, wilsonInterval } from "./intervals.js";

/** A count of a total as a share with its 95 % interval; NaN, and 0 to 1, where there is nothing that it could be a share of. */
export interface Share extends Interval {
  readonly share: number;
  readonly count: number;
  readonly total: number;
}

/**
 * A share with Wilson's score interval (1927), without continuity correction.
 * @param count how many of `total`, at most `total`
 * @throws RangeError where count is not within 0 and `total`
 * @example shareOf(3, 3) // { share: 1, count: 3, total: 3, low: 0.438..., high: 1 }
 */
export function shareOf(count: number, total: number): Share {
  if (!(count >= 0 && count <= total))
    throw new RangeError(`Cannot make a share: a count from 0 to ${total} is needed, got ${count}`);
  if (total === 0) return { share: Number.NaN, count, total, low: 0, high: 1 };
  return { share: count / total, count, total, ...wilsonInterval(count, total) };
}
