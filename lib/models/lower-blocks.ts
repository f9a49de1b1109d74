/**
 * A symmetric matrix by its lower half, in rows of blocks that are each one dense matrix: so a product can be
 * subtracted from each where it stands, and rows that are done with are left out without moving the others.
 *
 * Block i has rows 128 i to 128 (i + 1) and all columns up to the last of these rows; its 128 x 128 on the diagonal
 * is full. Rows and columns are padded with zeros to fours.
 */
import { type MatrixMemory, matrixMemory } from "../core/index.js";
import type { DenseMatrix } from "./matrix-product.js";

/** Rows of a block. */
export const BLOCK = 128;

/** The lower half of a symmetric matrix, and a memory with room beside it. */
export interface LowerBlocks {
  readonly size: number;
  readonly blocks: readonly DenseMatrix[];
  readonly memory: MatrixMemory;
}

/** Numbers up to a multiple of four. */
export function padded(count: number): number {
  return Math.ceil(count / 4) * 4;
}

/**
 * Zeros.
 * @param beside how many numbers the memory has room for beside them, and in how many pieces
 */
export function lowerBlocks(
  size: number,
  beside: { readonly numbers: number; readonly pieces: number },
): LowerBlocks {
  const shapes = Array.from({ length: Math.ceil(size / BLOCK) }, (_, i) => {
    const end = Math.min(size, (i + 1) * BLOCK);
    return { rows: padded(end - i * BLOCK), columns: padded(end) };
  });
  const numbers = shapes.reduce((sum, { rows, columns }) => sum + rows * columns, beside.numbers);
  const memory = matrixMemory(numbers, shapes.length + beside.pieces);
  const blocks = shapes.map(({ rows, columns }) => ({ rows, columns, data: memory.take(rows * columns) }));
  return { size, blocks, memory };
}

/** Copies the lower half of a dense symmetric matrix. */
export function fillBlocks({ blocks, size }: LowerBlocks, matrix: Float64Array): void {
  for (const [i, { columns, data }] of blocks.entries())
    for (let row = i * BLOCK; row < Math.min(size, (i + 1) * BLOCK); row++) {
      const end = Math.min(size, columns);
      data.set(matrix.subarray(row * size, row * size + end), (row - i * BLOCK) * columns);
    }
}
