/**
 * What imbalance a test would see: the smallest difference of a share that is found with a given probability.
 *
 * A category that takes up d more, and the others d less in proportion, has the non-centrality n d^2 / (p (1 - p)) in a
 * sample of n. The difference is the one at which the non-central chi-square law exceeds the critical value as often as
 * asked; an approximation, good where n p is above some tens (a test simulates it).
 */
import { noncentralityForPower } from "../core/index.js";

/** The smallest difference of one category's share that is seen with the probability `power`. */
export interface DetectableDifference {
  readonly category: string;
  readonly share: number;
  readonly power: number;
  /** Level at which one shard is tested, corrected for their number. */
  readonly shardLevel: number;
  /** Images of the shard it is computed for: the median size. */
  readonly shardImages: number;
  /**
   * Between one shard's share and that of all others; null where no share from 0 to 1 is that far away, so that nothing
   * would be seen.
   */
  readonly oneShard: number | null;
  /** Standard deviation of the share from shard to shard, beyond that of independent draws, which all shards show. */
  readonly allShards: number | null;
}

/** Probabilities at which differences are given. */
export const usualPowers: readonly number[] = [0.8, 0.9];

/**
 * The difference of a share p that a chi-square test sees.
 * @param size the sample; of one against all others n (N - n) / N
 * @returns null where p cannot differ that much
 * @example detectableShare({ share: 0.09, size: 12639, df: 3, level: 0.05, power: 0.9 }) // 0.0096
 */
export function detectableShare({
  share,
  size,
  df,
  level,
  power,
}: {
  readonly share: number;
  readonly size: number;
  readonly df: number;
  readonly level: number;
  readonly power: number;
}): number | null {
  return reachable(share, Math.sqrt((noncentralityForPower(power, level, df) * share * (1 - share)) / size));
}

/**
 * The smallest differences for every category and power.
 * @param shardImages images by shard
 * @param shares by category, adding up to 1
 * @param level of the whole test; that of one shard is `level` over the number of shards (Holm's first step)
 */
export function detectableDifferences(
  categories: readonly string[],
  shares: readonly number[],
  shardImages: readonly number[],
  level: number,
  powers: readonly number[] = usualPowers,
): DetectableDifference[] {
  const images = shardImages.reduce((sum, size) => sum + size, 0);
  const median = [...shardImages].sort((a, b) => a - b)[shardImages.length >> 1] ?? 0;
  const size = (median * (images - median)) / images;
  const shardLevel = level / shardImages.length;
  const columns = categories.length - 1;
  return powers.flatMap((power) => {
    const ofOne = noncentralityForPower(power, shardLevel, columns);
    const ofAll = noncentralityForPower(power, level, (shardImages.length - 1) * columns);
    return categories.map((category, i) => {
      const share = shares[i] ?? 0;
      const variance = share * (1 - share);
      return {
        category,
        share,
        power,
        shardLevel,
        shardImages: median,
        oneShard: reachable(share, Math.sqrt((ofOne * variance) / size)),
        allShards: reachable(share, Math.sqrt((ofAll * variance) / images)),
      };
    });
  });
}

function reachable(share: number, difference: number): number | null {
  return difference <= Math.max(share, 1 - share) ? difference : null;
}
