/**
 * Singular values of a matrix of any shape, right to some epsilons of the largest, however small they are: what
 * eigenvalues of A'A, which are their squares, cannot give.
 *
 * Those of two diagonals d and e, to which the matrix is reduced (matrix-bidiagonal.ts), are the positive eigenvalues of
 * the three diagonals 0 and d0, e0, d1, e1, ... (Golub and Kahan 1965).
 */
import { areFinite, type Stoppable, tridiagonalEigenvalues } from "../core/index.js";
import { reduceToBidiagonal } from "./matrix-bidiagonal.js";
import type { DenseMatrix } from "./matrix-product.js";
import { transposed } from "./matrix-transposed.js";

/**
 * All of them in falling order: as many as the shorter side has.
 * @throws RangeError where a number is not finite; the signal's reason
 * @example await singularValues({ rows: 1, columns: 2, data: Float64Array.of(3, 4) }) // [5]
 */
export async function singularValues(matrix: DenseMatrix, options: Stoppable = {}): Promise<Float64Array> {
  if (!areFinite(matrix.data))
    throw new RangeError("Cannot find singular values: finite numbers are needed, got NaN or infinity");
  const count = Math.min(matrix.rows, matrix.columns);
  if (count === 0) return new Float64Array(0);
  const tall = matrix.rows >= matrix.columns ? matrix : transposed(matrix);
  const twoDiagonals = await reduceToBidiagonal(tall, options);
  const values = tridiagonalEigenvalues({ diagonal: new Float64Array(2 * count), beside: twoDiagonals });
  return values.subarray(count).reverse();
}
