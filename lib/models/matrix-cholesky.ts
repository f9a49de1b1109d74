/**
 * The Cholesky factor of a large covariance, S = L L', and L' S L' s relatives, by blocks of 128 columns.
 *
 * Left-looking: a panel of columns takes all that the panels before it subtract (ONNX Runtime), then its block on the
 * diagonal is factored by loops, and what lies below is divided by that block through its inverse, with one step of
 * refinement, which makes it as stable as substitution (Higham, Accuracy and Stability, 14.2).
 */
import type { Stoppable } from "../core/index.js";
import { BLOCK, type LowerBlocks } from "./lower-blocks.js";
import { type DenseMatrix, multiply, multiplyInto, subtractProduct } from "./matrix-product.js";
import { blocksToReduce } from "./matrix-tridiagonal.js";

/** L by panels of 128 columns: panel j has the rows from 128 j on. */
export interface CholeskyFactor {
  readonly size: number;
  readonly panels: readonly DenseMatrix[];
}

/**
 * The factor, or none where a pivot is rounding of the number that stood in its place.
 * @param matrix size x size, row-major, symmetric, positive semidefinite; only its lower half is read
 * @example (await choleskyFactor(Float64Array.of(4, 2, 2, 2), 2))?.panels[0].data // [2, 0, 1, 1]
 */
export async function choleskyFactor(
  matrix: Float64Array,
  size: number,
  { signal }: Stoppable = {},
): Promise<CholeskyFactor | undefined> {
  const panels: DenseMatrix[] = [];
  for (let first = 0; first < size; first += BLOCK) {
    signal?.throwIfAborted();
    const panel = columnsOf(matrix, size, first, Math.min(BLOCK, size - first));
    const { columns } = panel;
    const pivots = Float64Array.from({ length: columns }, (_, i) => panel.data[i * (columns + 1)]!);
    for (const [k, earlier] of panels.entries()) {
      const from = rowsFrom(earlier, first - k * BLOCK);
      await subtractProduct(panel, from, {
        transpose: {
          rows: columns,
          columns: from.columns,
          data: from.data.subarray(0, columns * from.columns),
        },
      });
    }
    if (!factorBlock(panel.data, columns, (i) => size * Number.EPSILON * pivots[i]!)) return undefined;
    if (panel.rows > columns) await divideBelow(panel);
    panels.push(panel);
  }
  return { size, panels };
}

/** The lower half of L' S L, ready to be reduced. */
export async function congruence(
  { size, panels }: CholeskyFactor,
  matrix: Float64Array,
): Promise<LowerBlocks> {
  const lower = blocksToReduce(size);
  for (const [i, panel] of panels.entries()) {
    const first = i * BLOCK;
    // columns of S from `first` on are its rows, as it is symmetric
    const below = { rows: size - first, columns: size, data: matrix.subarray(first * size) };
    const product = await multiply({ transpose: below }, panel);
    for (let j = i; j < panels.length; j++) {
      const tile = await multiply({ transpose: panels[j]! }, rowsFrom(product, j * BLOCK));
      placeTile(lower.blocks[j]!, tile, first);
    }
  }
  return lower;
}

function columnsOf(matrix: Float64Array, size: number, first: number, columns: number): DenseMatrix {
  const rows = size - first;
  const data = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const start = (first + row) * size + first;
    data.set(matrix.subarray(start, start + Math.min(columns, row + 1)), row * columns);
  }
  return { rows, columns, data };
}

function rowsFrom({ rows, columns, data }: DenseMatrix, first: number): DenseMatrix {
  return { rows: rows - first, columns, data: data.subarray(first * columns) };
}

/** Factors the leading square in place and clears what stands above its diagonal. */
function factorBlock(data: Float64Array, size: number, noise: (i: number) => number): boolean {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = data[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= data[i * size + k]! * data[j * size + k]!;
      if (j < i) data[i * size + j] = sum / data[j * size + j]!;
      else if (!(sum > noise(i))) return false;
      else data[i * size + i] = Math.sqrt(sum);
    }
    data.fill(0, i * size + i + 1, (i + 1) * size);
  }
  return true;
}

/** What lies below the leading square, divided by the transpose of that. */
async function divideBelow(panel: DenseMatrix): Promise<void> {
  const { columns } = panel;
  const square = { rows: columns, columns, data: panel.data.subarray(0, columns * columns) };
  const below = rowsFrom(panel, columns);
  const inverse = { rows: columns, columns, data: inverseOf(square.data, columns) };
  const rest = { ...below, data: below.data.slice() };
  await multiplyInto(below, rest, { transpose: inverse });
  await subtractProduct(rest, below, { transpose: square });
  const negative = { ...inverse, data: inverse.data.map((value) => -value) };
  await subtractProduct(below, rest, { transpose: negative });
}

/** Of a lower triangle. */
function inverseOf(square: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let k = 0; k < i; k++) {
      const factor = square[row + k]!;
      for (let j = 0; j <= k; j++) inverse[row + j]! -= factor * inverse[k * size + j]!;
    }
    const pivot = square[row + i]!;
    inverse[row + i] = 1;
    for (let j = 0; j <= i; j++) inverse[row + j]! /= pivot;
  }
  return inverse;
}

function placeTile(block: DenseMatrix, tile: DenseMatrix, column: number): void {
  for (let row = 0; row < tile.rows; row++)
    block.data.set(
      tile.data.subarray(row * tile.columns, (row + 1) * tile.columns),
      row * block.columns + column,
    );
}
