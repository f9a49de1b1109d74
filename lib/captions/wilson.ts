/** How sure a counted share is: Wilson's interval, which stays within 0 and 1 and is right for rare events too. */
import { wilsonInterval } from "../core/index.js";

/** A count of a total, as a share with its interval. */
export interface Share {
  readonly count: number;
  readonly of: number;
  /** NaN where the total is 0. */
  readonly share: number;
  /** 95 % interval of the share in what the captions were drawn from; [0, 1] where the total is 0. */
  readonly interval: readonly [number, number];
}

/**
 * A share with Wilson's score interval (1927), without continuity correction.
 * @param count how many of `of`, at most `of`
 * @throws RangeError where count is not within 0 and `of`
 * @example wilson(0, 100).interval // [0, 0.0370]
 */
export function wilson(count: number, of: number): Share {
  if (!(count >= 0 && count <= of))
    throw new RangeError(`Cannot make a share: a count between 0 and ${of} is needed, got ${count}`);
  if (of === 0) return { count, of, share: Number.NaN, interval: [0, 1] };
  const { low, high } = wilsonInterval(count, of);
  return { count, of, share: count / of, interval: [low, high] };
}
