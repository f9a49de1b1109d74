/** How sure a counted share is: Wilson's interval, which stays within 0 and 1 and is right for rare events too. */

/** A count of a total, as a share with its interval. */
export interface Share {
  readonly count: number;
  readonly of: number;
  /** NaN where the total is 0. */
  readonly share: number;
  /** 95 % interval of the share in what the captions were drawn from; [0, 1] where the total is 0. */
  readonly interval: readonly [number, number];
}

/** The 0.975 quantile of the standard normal distribution. */
const Z = 1.959963984540054;

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
  const share = count / of;
  const shrink = 1 + Z ** 2 / of;
  const centre = (share + Z ** 2 / (2 * of)) / shrink;
  const half = (Z / shrink) * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  // exact at the ends, where rounding would leave 1e-18
  return { count, of, share, interval: [count === 0 ? 0 : centre - half, count === of ? 1 : centre + half] };
}
