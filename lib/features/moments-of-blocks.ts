/** Moments of all rows of a stream, or of a matrix in memory. */
import { Moments } from "./moments.js";

/**
 * Takes moments of rows, wide ones through the engine: the way for many rows.
 * @param blocks whole rows each, row-major; a block is done with when the next is asked for
 * @param width numbers of a row
 * @returns settled moments: mean, covariance and merging have no products left to take
 * @throws RangeError where a block is no whole rows, or a number is not finite
 * @example
 * await momentsOfBlocks(file.rowBlocks(), file.width);
 * await momentsOfBlocks([rows.data], rows.width);
 */
export async function momentsOfBlocks(
  blocks: AsyncIterable<Float32Array | Float64Array> | Iterable<Float32Array | Float64Array>,
  width: number,
): Promise<Moments> {
  const moments = Moments.of(width);
  for await (const block of blocks) await moments.addRows(block, Math.ceil(block.length / width));
  await moments.settle();
  return moments;
}
