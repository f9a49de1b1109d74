/**
 * How many samples chance alone flags as memorised, where none is.
 *
 * The threshold is the q-th smallest of m held-out distances, so the share of the held-out law below it is no fixed number:
 * it is Beta(q, m + 1 - q), and the number of s samples below it follows the beta-binomial law. Its mean, s q/(m + 1), is
 * passed about half the time; the bound below which it lies in 95 % of cases is what a number is to be held against.
 */
import { logGamma } from "../core/index.js";

/** What flags images. */
export interface ChanceFlags {
  readonly samples: number;
  readonly heldOut: number;
  /** Of one image of the held-out law, at the most. */
  readonly falseAlarmRate: number;
  /** Default 0.95. */
  readonly confidence?: number | undefined;
}

/**
 * The smallest number that chance alone does not pass with the confidence asked for.
 * @example flaggedByChance({ samples: 1000, heldOut: 99, falseAlarmRate: 0.01 }) // 31, where 10 are expected
 */
export function flaggedByChance({
  samples,
  heldOut,
  falseAlarmRate,
  confidence = 0.95,
}: ChanceFlags): number {
  // as `memorisation` of the metrics places its threshold
  const place = Math.floor(falseAlarmRate * (heldOut + 1) * (1 + 1e-12));
  const rest = heldOut + 1 - place;
  const logBeta = (a: number, b: number) => logGamma(a) + logGamma(b) - logGamma(a + b);
  let below = 0;
  for (let flagged = 0; flagged < samples; flagged++) {
    const ways = logGamma(samples + 1) - logGamma(flagged + 1) - logGamma(samples - flagged + 1);
    below += Math.exp(ways + logBeta(flagged + place, samples - flagged + rest) - logBeta(place, rest));
    if (below >= confidence) return flagged;
  }
  return samples;
}
