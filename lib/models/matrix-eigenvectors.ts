/**
 * Eigenvalues and eigenvectors of large symmetric matrices.
 *
 * Reduced to three diagonals (matrix-tridiagonal.ts); the rotations that make these diagonal turn the rows of a unit
 * matrix (WebAssembly); the reflections of the reduction then act on those rows, a panel at once (ONNX Runtime).
 */
import { areFinite, matrixMemory, pausesFor, type Stoppable, turnToDiagonal } from "../core/index.js";
import { fillBlocks, padded } from "./lower-blocks.js";
import type { DenseMatrix } from "./matrix-product.js";
import { reflectRows } from "./matrix-reflections.js";
import { blocksToReduce, reduceToTridiagonal } from "./matrix-tridiagonal.js";

/** Values in rising order, and a row of `vectors` for each: of length 1, at right angles to the others. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  /** size x size; row i belongs to value i */
  readonly vectors: Float64Array;
}

/**
 * All eigenvalues and eigenvectors; the thread has turns on the way.
 * @param matrix size x size, row-major, symmetric; only its lower half is read
 * @throws RangeError where it is no square, or holds NaN or infinity; the signal's reason
 * @example await symmetricEigen(Float64Array.of(2, 0, 0, 1), 2) // values [1, 2], vectors [0, 1, 1, 0] to the sign
 */
export async function symmetricEigen(
  matrix: Float64Array,
  size: number,
  options: Stoppable = {},
): Promise<SymmetricEigen> {
  if (matrix.length !== size * size)
    throw new RangeError(
      `Cannot find eigenvectors: ${size} x ${size} numbers are needed, got ${matrix.length}`,
    );
  if (!areFinite(matrix))
    throw new RangeError("Cannot find eigenvectors: finite numbers are needed, got NaN or infinity");
  const blocks = blocksToReduce(size);
  fillBlocks(blocks, matrix);
  const panels: DenseMatrix[] = [];
  const diagonals = await reduceToTridiagonal(blocks, options, (panel) => panels.push(panel));
  const width = padded(size);
  const { loops, take } = matrixMemory(size * width + 2 * size, 2);
  const rows = take(size * width);
  const turns = take(2 * size);
  for (let i = 0; i < size; i++) rows[i * width + i] = 1;
  const pauses = pausesFor(options);
  const values = await turnToDiagonal(diagonals, turns, async ({ last, count }) => {
    const [first, end] = [turns.byteOffset, turns.byteOffset + 16 * count];
    loops.turnRows(rows.byteOffset + 8 * last * width, 8 * width, 8 * width, first, end);
    if (pauses.isDue(count * width)) await pauses.take();
  });
  const order = Array.from(values, (value, at) => ({ value, at })).sort((a, b) => a.value - b.value);
  const vectors = { rows: size, columns: size, data: new Float64Array(size * size) };
  for (const [row, { at }] of order.entries())
    vectors.data.set(rows.subarray(at * width, at * width + size), row * size);
  for (const panel of panels.reverse()) {
    options.signal?.throwIfAborted();
    await reflectRows(vectors, panel, "last to first");
  }
  return { values: Float64Array.from(order, ({ value }) => value), vectors: vectors.data };
}
