/** Some rows of a set, and sets one after the other: what comparisons of chosen images are made of. */
import type { FeatureRows } from "../features/index.js";

/**
 * Rows by their numbers, in that order; a number may come again.
 * @throws RangeError where a number is no row
 * @example pickRows(rows, [4, 4, 0]).count // 3
 */
export function pickRows({ data, count, width }: FeatureRows, numbers: ArrayLike<number>): FeatureRows {
  const picked = memoryLike(data, numbers.length * width);
  for (let at = 0; at < numbers.length; at++) {
    const row = numbers[at]!;
    if (!(Number.isSafeInteger(row) && row >= 0 && row < count))
      throw new RangeError(`Cannot pick rows: numbers from 0 to ${count - 1} are needed, got ${row}`);
    picked.set(data.subarray(row * width, (row + 1) * width), at * width);
  }
  return { data: picked, count: numbers.length, width };
}

/**
 * Sets of rows as one; float64 where one of them is.
 * @throws RangeError where there is no set, or their widths differ
 * @example joinRows([release, pool]).count // 425
 */
export function joinRows(sets: readonly FeatureRows[]): FeatureRows {
  const [first] = sets;
  if (first === undefined) throw new RangeError("Cannot join rows: at least one set is needed, got none");
  const other = sets.find(({ width }) => width !== first.width);
  if (other !== undefined)
    throw new RangeError(
      `Cannot join rows: one width is needed, got ${first.width} and ${other.width} columns`,
    );
  const count = sets.reduce((sum, set) => sum + set.count, 0);
  const widest = sets.find(({ data }) => data instanceof Float64Array) ?? first;
  const joined = memoryLike(widest.data, count * first.width);
  let at = 0;
  for (const { data, count: own, width } of sets) {
    joined.set(data.subarray(0, own * width), at);
    at += own * width;
  }
  return { data: joined, count, width: first.width };
}

function memoryLike(data: FeatureRows["data"], length: number): Float32Array | Float64Array {
  return data instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}
