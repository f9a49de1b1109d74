/** Eigenvalues of large symmetric matrices: the reduction of matrix-tridiagonal.ts, then those of three diagonals. */
import { areFinite, type Stoppable, symmetricEigenvalues, tridiagonalEigenvalues } from "../core/index.js";
import { fillBlocks, type LowerBlocks } from "./lower-blocks.js";
import { blocksToReduce, reduceToTridiagonal } from "./matrix-tridiagonal.js";

/** Below this size products have nothing to win. */
const SMALL = 96;

/**
 * Eigenvalues in rising order, right to some epsilons of the largest.
 * @param matrix size x size, row-major, symmetric; only its lower half is read
 * @throws RangeError where it is no square, or holds NaN or infinity; the signal's reason
 * @example await eigenvaluesOf(Float64Array.of(2, 1, 1, 2), 2) // [1, 3]
 */
export async function eigenvaluesOf(
  matrix: Float64Array,
  size: number,
  options: Stoppable = {},
): Promise<Float64Array> {
  if (size <= SMALL || matrix.length !== size * size || !areFinite(matrix))
    return symmetricEigenvalues(matrix, size);
  const blocks = blocksToReduce(size);
  fillBlocks(blocks, matrix);
  return eigenvaluesOfBlocks(blocks, options);
}

/** Those of a matrix in blocks, which are used up. */
export async function eigenvaluesOfBlocks(
  blocks: LowerBlocks,
  options: Stoppable = {},
): Promise<Float64Array> {
  return tridiagonalEigenvalues(await reduceToTridiagonal(blocks, options));
}
