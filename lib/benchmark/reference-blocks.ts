/**
 * Moments of random blocks of rows: halves, quarters and eighths of a set are made of them by merging, so that every row
 * is multiplied once.
 */
import type { Random } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { type FeatureMoments, featureMoments, Moments } from "../features/index.js";

/**
 * Deals rows to blocks at random: the order of a file may be that of its shards.
 * @param rows count x width, at least 2 for each block
 * @returns the blocks' moments; sizes differ by one row at the most
 */
export function momentBlocks(rows: FeatureRows, blocks: number, random: Random): Moments[] {
  const { data, count, width } = rows;
  const order = random.shuffle(Array.from({ length: count }, (_, row) => row));
  return Array.from({ length: blocks }, (_, block) => {
    const moments = Moments.of(width);
    for (let at = block; at < count; at += blocks) {
      const row = order[at]!;
      moments.add(data.subarray(row * width, (row + 1) * width), 1);
    }
    return moments;
  });
}

/** The moments of some blocks together. */
export function mergedMoments(blocks: readonly Moments[]): FeatureMoments {
  const all = Moments.of(blocks[0]!.width);
  for (const block of blocks) all.merge(block);
  return featureMoments(all);
}
