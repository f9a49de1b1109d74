/**
 * Householder's reduction of a large symmetric matrix to three diagonals, by panels of 32 columns.
 *
 * Within a panel each reflection costs one product of the matrix, as it stood before the panel, with a vector (half of
 * all operations, bound by memory: WebAssembly); the two-sided update A - V W' - W V' waits for the panel's end, where
 * it is a product of matrices (the other half: ONNX Runtime). Rows are reduced from the last one up, so that what is
 * left is always the leading part. Source: Dongarra, Hammarling, Sorensen, "Block reduction of matrices to condensed
 * forms" (1989), LAPACK's dlatrd.
 */
import { type MatrixLoops, reflect, type Stoppable, type Tridiagonal } from "../core/index.js";
import { BLOCK, type LowerBlocks, lowerBlocks, padded } from "./lower-blocks.js";
import { type DenseMatrix, subtractProduct } from "./matrix-product.js";

/** Reflections of a panel. */
const PANEL = 32;

/** Zeros with the room that the reduction needs. */
export function blocksToReduce(size: number): LowerBlocks {
  const numbers = 2 * PANEL * padded(size) + 2 * padded(size) + 2 * PANEL;
  return lowerBlocks(size, { numbers, pieces: 4 });
}

/** What one panel works with. */
interface Panel {
  readonly loops: MatrixLoops;
  /** v, w, v, w, ...: the reflections and what they subtract, each `width` numbers. */
  readonly pairs: Float64Array;
  readonly width: number;
  /** The row that is reduced, then its reflection. */
  readonly v: Float64Array;
  /** A v. */
  readonly p: Float64Array;
  /** A factor for each row of pairs. */
  readonly factors: Float64Array;
}

/**
 * The three diagonals; the blocks are used up.
 * @param options a signal, which stops the work between two panels
 * @param keep is given each panel's reflections, a row of `size` numbers each, in the order in which they act
 */
export async function reduceToTridiagonal(
  { size, blocks, memory }: LowerBlocks,
  { signal }: Stoppable,
  keep: (reflections: DenseMatrix) => void = () => {},
): Promise<Tridiagonal> {
  const width = padded(size);
  const panel: Panel = {
    loops: memory.loops,
    pairs: memory.take(2 * PANEL * width),
    width,
    v: memory.take(width),
    p: memory.take(width),
    factors: memory.take(2 * PANEL),
  };
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  const left = new Float64Array(width * 2 * PANEL);
  const right = new Float64Array(width * 2 * PANEL);
  for (let count = size; count > 0; ) {
    signal?.throwIfAborted();
    const reflections = Math.min(PANEL, count);
    panel.pairs.fill(0);
    for (let k = 0; k < reflections; k++) reduceRow(panel, blocks, count - 1 - k, k, diagonal, beside);
    count -= reflections;
    keep(reflectionsOf(panel, reflections, size));
    interleave(panel, count, 2 * reflections, left, right);
    await update(blocks, count, 2 * reflections, left, right);
  }
  return { diagonal, beside };
}

/** Row `row`, the k-th of its panel. */
function reduceRow(
  panel: Panel,
  blocks: LowerBlocks["blocks"],
  row: number,
  k: number,
  diagonal: Float64Array,
  beside: Float64Array,
): void {
  const { loops, pairs, width, v, p, factors } = panel;
  const { columns, data } = blocks[Math.floor(row / BLOCK)]!;
  const start = (row % BLOCK) * columns;
  v.fill(0);
  v.set(data.subarray(start, start + row + 1));
  const bytes = 8 * padded(row + 1);
  const stride = 8 * width;
  const factorsEnd = factors.byteOffset + 16 * k;
  const subtractPairs = (from: Float64Array) =>
    loops.addRows(pairs.byteOffset, stride, from.byteOffset, bytes, factors.byteOffset, factorsEnd);
  for (let i = 0; i < 2 * k; i++) factors[i] = -pairs[(i ^ 1) * width + row]!;
  subtractPairs(v);
  diagonal[row] = v[row]!;
  v.fill(0, row);
  if (row === 0) return;
  beside[row - 1] = reflect(v.subarray(0, row));
  p.fill(0);
  for (let i = 0; i * BLOCK < row; i++) {
    const block = blocks[i]!;
    const end = Math.min(padded(row), (i + 1) * BLOCK);
    loops.symmetricTimes(
      block.data.byteOffset,
      8 * block.columns,
      8 * i * BLOCK,
      8 * end,
      v.byteOffset,
      p.byteOffset,
    );
  }
  loops.dots(pairs.byteOffset, stride, v.byteOffset, bytes, factors.byteOffset, factorsEnd);
  for (let i = 0; i < 2 * k; i += 2) {
    const ofReflection = factors[i]!;
    factors[i] = -factors[i + 1]!;
    factors[i + 1] = -ofReflection;
  }
  subtractPairs(p);
  let half = 0;
  for (let i = 0; i < row; i++) half += p[i]! * v[i]!;
  half /= 2;
  const at = 2 * k * width;
  for (let i = 0; i < row; i++) {
    pairs[at + i] = v[i]!;
    pairs[at + width + i] = p[i]! - half * v[i]!;
  }
}

function reflectionsOf({ pairs, width }: Panel, rows: number, columns: number): DenseMatrix {
  const data = new Float64Array(rows * columns);
  for (let k = 0; k < rows; k++)
    data.set(pairs.subarray(2 * k * width, 2 * k * width + columns), k * columns);
  return { rows, columns, data };
}

/** Columns v, w, v, w, ... and w, v, w, v, ... of the rows that are left, padded. */
function interleave(
  { pairs, width }: Panel,
  count: number,
  columns: number,
  left: Float64Array,
  right: Float64Array,
): void {
  const rows = padded(count);
  for (let k = 0; k < columns; k++)
    for (let row = 0, at = k, other = k ^ 1; row < rows; row++, at += columns, other += columns)
      left[at] = right[other] = pairs[k * width + row]!;
}

async function update(
  blocks: LowerBlocks["blocks"],
  count: number,
  columns: number,
  left: Float64Array,
  right: Float64Array,
): Promise<void> {
  for (let first = 0; first < count; first += BLOCK) {
    const block = blocks[first / BLOCK]!;
    const rows = Math.min(block.rows, padded(count) - first);
    await subtractProduct(
      { rows, columns: block.columns, data: block.data.subarray(0, rows * block.columns) },
      { rows, columns, data: left.subarray(first * columns, (first + rows) * columns) },
      {
        transpose: { rows: block.columns, columns, data: right.subarray(0, block.columns * columns) },
      },
    );
  }
}
