/** Rows without their mean, some hundred at a time, and where they lie in the coordinates of a transport. */
import type { FeatureRows } from "../features/index.js";
import { type DenseMatrix, multiply } from "../models/index.js";

/** Rows that are multiplied at once: 8 MB of float64 at a width of 1,024. */
const BLOCK_ROWS = 1024;

/** Some rows, centred and turned. */
export interface TurnedRows {
  /** The first row's index. */
  readonly from: number;
  readonly count: number;
  /** count x width, row-major, without the mean. */
  readonly centred: Float64Array;
  /** count x rank, row-major. */
  readonly turned: DenseMatrix;
}

/** What every walk over rows takes. */
export interface RowWalkOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { rowsDone: number; rowsTotal: number }) => void) | undefined;
}

/**
 * Rows in order, in blocks.
 * @param by width x rank: what a centred row is multiplied by
 * @throws the signal's reason where it is aborted
 */
export async function* turnedRows(
  rows: FeatureRows,
  mean: Float64Array,
  by: DenseMatrix,
  { signal, onProgress }: RowWalkOptions,
): AsyncGenerator<TurnedRows> {
  const { data, count, width } = rows;
  for (let from = 0; from < count; from += BLOCK_ROWS) {
    signal?.throwIfAborted();
    const some = Math.min(BLOCK_ROWS, count - from);
    const centred = new Float64Array(some * width);
    for (let row = 0, at = 0; row < some; row++)
      for (let c = 0; c < width; c++, at++) centred[at] = data[(from + row) * width + c]! - mean[c]!;
    const turned =
      by.columns === 0
        ? { rows: some, columns: 0, data: new Float64Array(0) }
        : await multiply({ rows: some, columns: width, data: centred }, by);
    yield { from, count: some, centred, turned };
    onProgress?.({ rowsDone: from + some, rowsTotal: count });
  }
}

/** The sum of squares of a row. */
export function squaredLength(data: Float64Array, row: number, width: number): number {
  let sum = 0;
  for (let at = row * width; at < (row + 1) * width; at++) sum += data[at]! ** 2;
  return sum;
}
