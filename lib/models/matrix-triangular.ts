/**
 * The triangular root of a sum of squares of rows, S = L'L, from the rows themselves: what the factor of a covariance
 * would be if it were not rounded before.
 *
 * Householder's reflections, a panel of 32 columns at a time, taken over some thousand rows on top of the root of those
 * before them. Columns lie in memory as rows. Source: Demmel, Grigori, Hoemmen, Langou, "Communication-optimal parallel and sequential QR".
 */
import { type MatrixLoops, matrixMemory, reflect, type Stoppable } from "../core/index.js";
import { padded } from "./lower-blocks.js";
import type { DenseMatrix } from "./matrix-product.js";
import { reflectRows } from "./matrix-reflections.js";

/** Columns of a panel. */
const PANEL = 32;

/**
 * The transpose of the root.
 * @param blocks rows of the width, finite; any number in each
 * @returns width x width, upper triangular
 * @example // 5, to the sign: await triangularRoot(1, [{ rows: 2, columns: 1, data: Float64Array.of(3, 4) }])
 */
export async function triangularRoot(
  width: number,
  blocks: Iterable<DenseMatrix>,
  { signal }: Stoppable = {},
): Promise<DenseMatrix> {
  let root: DenseMatrix = { rows: width, columns: width, data: new Float64Array(width * width) };
  for (const block of blocks) {
    const work = workOn(root, block);
    for (let count = width; count > 0; count -= PANEL) {
      signal?.throwIfAborted();
      await reducePanel(work, Math.max(0, count - PANEL), count);
    }
    root = rootOf(work);
  }
  return root;
}

interface Work {
  readonly loops: MatrixLoops;
  readonly width: number;
  /** Of a column: rows of the block, of the root, and padding before them. */
  readonly length: number;
  /** width x length */
  readonly columns: Float64Array;
  /** PANEL x length: the reflections of a panel. */
  readonly reflections: Float64Array;
  readonly factors: Float64Array;
}

function workOn(root: DenseMatrix, block: DenseMatrix): Work {
  const width = root.rows;
  const length = padded(block.rows + width);
  const memory = matrixMemory((width + PANEL) * length + PANEL, 3);
  const columns = memory.take(width * length);
  for (let c = 0; c < width; c++) {
    const end = (c + 1) * length;
    columns.set(root.data.subarray(c * width, (c + 1) * width), end - width);
    for (let row = 0, at = end - width - block.rows; row < block.rows; row++, at++)
      columns[at] = block.data[row * width + c]!;
  }
  return {
    ...{ loops: memory.loops, width, length, columns },
    reflections: memory.take(PANEL * length),
    factors: memory.take(PANEL),
  };
}

/** Columns `first` to `end` keep what is on and below their place in the last `width` rows. */
async function reducePanel(work: Work, first: number, end: number): Promise<void> {
  const { length, columns, reflections } = work;
  const size = end - first;
  for (let k = 0; k < size; k++) reduceColumn(work, first, end - 1 - k, k);
  if (first === 0) return;
  const rest = { rows: first, columns: length, data: columns.subarray(0, first * length) };
  const panel = { rows: size, columns: length, data: reflections.subarray(0, size * length) };
  await reflectRows(rest, panel, "first to last");
}

function reduceColumn(
  { loops, width, length, columns, reflections, factors }: Work,
  first: number,
  column: number,
  k: number,
): void {
  const own = columns.subarray(column * length, (column + 1) * length);
  const v = reflections.subarray(k * length, (k + 1) * length);
  const kept = length - width + column + 1;
  v.set(own.subarray(0, kept));
  v.fill(0, kept);
  own.fill(0, 0, kept);
  own[kept - 1] = reflect(v.subarray(0, kept));
  const bytes = 8 * padded(kept);
  const count = column - first;
  // an odd number takes the column itself with it, whose product is not used
  const factorsEnd = factors.byteOffset + 16 * Math.ceil(count / 2);
  const start = columns.byteOffset + 8 * first * length;
  loops.dots(start, 8 * length, v.byteOffset, bytes, factors.byteOffset, factorsEnd);
  const alongs = factors.slice(0, count);
  factors[1] = 0;
  for (let i = 0; i < count; i++) {
    factors[0] = -alongs[i]!;
    loops.addRows(
      v.byteOffset,
      0,
      start + 8 * i * length,
      bytes,
      factors.byteOffset,
      factors.byteOffset + 16,
    );
  }
}

function rootOf({ width, length, columns }: Work): DenseMatrix {
  const data = new Float64Array(width * width);
  for (let c = 0; c < width; c++)
    data.set(columns.subarray((c + 1) * length - width, (c + 1) * length), c * width);
  return { rows: width, columns: width, data };
}
