/**
 * Moments as numbers for a file: version, width, count of the rows done, count of those that wait; the mean; the
 * products' rows from the diagonal on; the rows that wait.
 */
import type { CenteredProducts } from "./moments-merge.js";
import { noProducts } from "./moments-merge.js";

const VERSION = 1;
const HEAD = 4;

/** Moments of rows that are done, and rows that wait for a full block. */
export interface MomentsState {
  readonly done: CenteredProducts;
  /** Whole rows. */
  readonly waiting: Float64Array;
}

/** The state as numbers. */
export function momentsToBinary({ done, waiting }: MomentsState): Float64Array {
  const width = done.mean.length;
  const numbers = new Float64Array(binaryLength(width, waiting.length / width));
  numbers.set([VERSION, width, done.count, waiting.length / width]);
  numbers.set(done.mean, HEAD);
  let at = HEAD + width;
  for (let i = 0; i < width; at += width - i, i++)
    numbers.set(done.products.subarray(i * width + i, (i + 1) * width), at);
  numbers.set(waiting, at);
  return numbers;
}

/**
 * Numbers as a state.
 * @param blockRows more rows than can wait
 * @throws RangeError where the numbers are no such state
 */
export function momentsFromBinary(numbers: Float64Array, blockRows: number): MomentsState {
  const [version, width = 0, count = -1, waiting = -1] = numbers;
  const isCounted = [width, count, waiting].every((value) => Number.isSafeInteger(value) && value >= 0);
  const isRight = version === VERSION && isCounted && width > 0 && waiting < blockRows;
  if (!isRight || numbers.length !== binaryLength(width, waiting) || !numbers.every(Number.isFinite))
    throw new RangeError(
      `Cannot read moments: the numbers that Moments.toBinary gives are needed, got ${numbers.length} others`,
    );
  const done = noProducts(width);
  done.count = count;
  done.mean.set(numbers.subarray(HEAD, HEAD + width));
  let at = HEAD + width;
  for (let i = 0; i < width; at += width - i, i++)
    done.products.set(numbers.subarray(at, at + width - i), i * width + i);
  return { done, waiting: numbers.subarray(at) };
}

function binaryLength(width: number, waiting: number): number {
  return HEAD + width + (width * (width + 1)) / 2 + waiting * width;
}
