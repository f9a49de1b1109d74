/**
 * Blocks of images as moments, and the moments of all blocks but one.
 *
 * With one block of b images at m + a taken from n at m, the mean of the rest is m - a b/(n - b), and the products about
 * it are those of all, less those of the block, less b n/(n - b) a a'. Taking away costs what merging costs, once a
 * block; merging the others instead would cost their number more. Nothing cancels but the block's own share: with g
 * blocks of one size the result has g/(g - 1) of the rounding of the whole.
 */
import { Random } from "../core/index.js";
import { type FeatureMoments, type FeatureRows, featureMoments, Moments } from "../features/index.js";
import { momentsOfRows } from "./moments-of-rows.js";

/**
 * Rows in blocks of equal size, as far as that goes, in an order drawn by seed: so that a block is a sample of all rows,
 * whatever order they came in. In the caller's thread: `drawBlocks` is the way for many wide rows.
 * @param rows n x D
 * @param options number of blocks, 2 to n; seed
 * @returns moments of each block
 * @throws RangeError where there are fewer rows than blocks
 * @example momentsInBlocks(rows, { blocks: 20, seed: 1 }).length // 20
 */
export function momentsInBlocks(
  { data, count, width }: FeatureRows,
  { blocks, seed }: { readonly blocks: number; readonly seed: number | string },
): Moments[] {
  return numbersInBlocks(count, blocks, seed).map((numbers) => {
    const moments = Moments.of(width);
    for (const row of numbers) moments.add(data.subarray(row * width, (row + 1) * width), 1);
    return moments;
  });
}

/**
 * The same blocks by promise: the way for many wide rows, which go through the engine while the thread has turns.
 * @throws as `momentsInBlocks`; the signal's reason
 * @example await drawBlocks(rows, { blocks: 20, seed: 1 })
 */
export async function drawBlocks(
  rows: FeatureRows,
  {
    blocks,
    seed,
    signal,
  }: {
    readonly blocks: number;
    readonly seed: number | string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Moments[]> {
  const drawn: Moments[] = [];
  for (const numbers of numbersInBlocks(rows.count, blocks, seed)) {
    // merged into none: products of rows that waited take no memory of their own then
    const moments = Moments.of(rows.width);
    moments.merge(await momentsOfRows(rows, { numbers, signal }));
    drawn.push(moments);
  }
  return drawn;
}

function numbersInBlocks(count: number, blocks: number, seed: number | string): number[][] {
  if (!(Number.isSafeInteger(blocks) && blocks >= 2 && blocks <= count))
    throw new RangeError(
      `Cannot make blocks: 2 to ${count} of them are possible with ${count} rows, got ${blocks}`,
    );
  const order = new Random(seed).shuffle(Array.from({ length: count }, (_, i) => i));
  const edge = (block: number) => Math.round((block * count) / blocks);
  return Array.from({ length: blocks }, (_, block) => order.slice(edge(block), edge(block + 1)));
}

/** Moments whose count is known. */
export interface MergedMoments extends FeatureMoments {
  readonly count: number;
}

/** All blocks together. */
export function mergedBlocks(blocks: readonly Moments[]): MergedMoments {
  const merged = Moments.of(blocks[0]?.width ?? 1);
  for (const block of blocks) merged.merge(block);
  return { ...featureMoments(merged), count: merged.count };
}

/**
 * The moments of all rows but a block's.
 * @param all those of all blocks
 * @throws RangeError where fewer than two rows are left
 */
export function withoutBlock(all: MergedMoments, block: Moments): FeatureMoments {
  const whole = all.count;
  const count = whole - block.count;
  if (count < 2)
    throw new RangeError(`Cannot leave a block out: at least 2 rows must be left, got ${count} of ${whole}`);
  const width = all.mean.length;
  const apart = block.mean.map((value, i) => value - all.mean[i]!);
  const mean = all.mean.map((value, i) => value - apart[i]! * (block.count / count));
  const own = block.count > 1 ? block.covariance() : new Float64Array(width * width);
  const weight = (block.count * whole) / count;
  const covariance = new Float64Array(width * width);
  for (let i = 0, at = 0; i < width; i++)
    for (let j = 0; j < width; j++, at++)
      covariance[at] =
        ((whole - 1) * all.covariance[at]! - (block.count - 1) * own[at]! - weight * apart[i]! * apart[j]!) /
        (count - 1);
  return { count, mean, covariance };
}
