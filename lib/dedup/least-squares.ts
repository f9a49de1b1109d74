/** Weighted least squares with a handful of columns, by the normal equations. */

/** A fit, and how sure it is of itself. */
export interface LeastSquares {
  readonly coefficients: readonly number[];
  /** Standard error of each. */
  readonly errors: readonly number[];
  /** y less the fit. */
  readonly residuals: readonly number[];
  /** Of a point of weight 1. */
  readonly variance: number;
  /** The fitted value at a row of columns, and its standard error. */
  valueAt(row: readonly number[]): { readonly value: number; readonly error: number };
}

/**
 * Fits y = rows x coefficients.
 * @param rows as many columns each, fewer than there are rows
 * @param weights of each row, above 0
 */
export function leastSquares(
  rows: readonly (readonly number[])[],
  y: readonly number[],
  weights: readonly number[],
): LeastSquares {
  const columns = rows[0]!.length;
  const normal = square(columns, (i, j) =>
    rows.reduce((sum, row, r) => sum + weights[r]! * row[i]! * row[j]!, 0),
  );
  const inverse = invert(normal);
  const right = Array.from({ length: columns }, (_, i) =>
    rows.reduce((sum, row, r) => sum + weights[r]! * row[i]! * y[r]!, 0),
  );
  const coefficients = inverse.map((line) => dot(line, right));
  const residuals = rows.map((row, r) => y[r]! - dot(row, coefficients));
  const variance =
    residuals.reduce((sum, residual, r) => sum + weights[r]! * residual * residual, 0) /
    (rows.length - columns);
  return {
    coefficients,
    residuals,
    variance,
    errors: inverse.map((line, i) => Math.sqrt(variance * line[i]!)),
    valueAt: (row) => ({
      value: dot(row, coefficients),
      error: Math.sqrt(
        variance *
          dot(
            row,
            inverse.map((line) => dot(line, row)),
          ),
      ),
    }),
  };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function square(size: number, entry: (i: number, j: number) => number): number[][] {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => entry(i, j)));
}

/** By Gauss and Jordan; the matrix is symmetric and positive definite, and needs no pivots. */
function invert(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const work = matrix.map((line, i) => [...line, ...square(size, (a, b) => Number(a === b))[i]!]);
  for (let pivot = 0; pivot < size; pivot++) {
    const scale = work[pivot]![pivot]!;
    work[pivot] = work[pivot]!.map((value) => value / scale);
    for (let row = 0; row < size; row++) {
      const factor = work[row]![pivot]!;
      if (row !== pivot) work[row] = work[row]!.map((value, c) => value - factor * work[pivot]![c]!);
    }
  }
  return work.map((line) => line.slice(size));
}
