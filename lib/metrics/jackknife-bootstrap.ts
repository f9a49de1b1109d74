/**
 * What the usual bootstrap makes of a Frechet distance, to show why it is not used.
 *
 * n rows drawn from n with replacement are a sample of size n of the rows at hand, which are themselves a sample of size
 * n: so each draw is too large by b/n once more, and where b/n + B/N is most of the distance its percentile interval
 * lies wholly above the distance that it is of.
 */
import { type Bootstrap, mean, Random, variance } from "../core/index.js";
import { type FeatureRows, featureMoments } from "../features/index.js";
import { frechetFrom } from "./frechet.js";
import type { MeanAndCovariance } from "./frechet-check.js";
import { momentsOfRows, momentsOfSide } from "./moments-of-rows.js";

/** What the draws gave. */
export interface BootstrapFrechet
  extends Pick<Bootstrap, "estimate" | "mean" | "standardError" | "low" | "high" | "repeats" | "seed"> {
  /** The mean of the draws less the distance itself: what drawing twice what was there once adds. */
  readonly inflation: number;
}

/**
 * The distances of rows that were drawn again, with replacement, from the generated ones.
 * @param sets the real side is taken as it is
 * @param options seed; repeats, default 100; the interval is of 95 % (percentiles)
 * @throws RangeError where there are fewer than two repeats; the signal's reason
 * @example (await bootstrapFrechet({ real, generated }, { seed: 1 })).inflation // about b/n
 */
export async function bootstrapFrechet(
  sets: { readonly real: FeatureRows | MeanAndCovariance; readonly generated: FeatureRows },
  {
    seed,
    repeats = 100,
    signal,
  }: { readonly seed: number | string; readonly repeats?: number; readonly signal?: AbortSignal },
): Promise<BootstrapFrechet> {
  if (!(Number.isSafeInteger(repeats) && repeats >= 2))
    throw new RangeError(`Cannot draw again: repeats is an integer of at least 2, got ${repeats}`);
  const { count } = sets.generated;
  const distance = await frechetFrom(await momentsOfSide(sets.real, signal), { signal });
  const { fd: estimate } = await distance(await momentsOfSide(sets.generated, signal));
  const random = new Random(seed);
  const draws: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const numbers = Uint32Array.from({ length: count }, () => random.integer(count));
    const moments = await momentsOfRows(sets.generated, { numbers, signal });
    draws.push((await distance(featureMoments(moments))).fd);
  }
  draws.sort((a, b) => a - b);
  const middle = mean(draws);
  return {
    estimate,
    mean: middle,
    inflation: middle - estimate,
    standardError: Math.sqrt(variance(draws)),
    low: draws[Math.floor(0.025 * (repeats - 1))]!,
    high: draws[Math.ceil(0.975 * (repeats - 1))]!,
    repeats,
    seed,
  };
}
