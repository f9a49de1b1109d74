/** Weighted least squares of a few columns, by Cholesky's method, with the covariance of what it finds. */

/** What a fit found. */
export interface LeastSquares {
  /** One for each column. */
  readonly coefficients: number[];
  /** columns x columns, for residuals whose variance is `variance` over their weight. */
  readonly covariance: number[][];
  /** Value less fit, one for each row. */
  readonly residuals: number[];
  /** Of a residual of weight 1; NaN, as `covariance` is, where as many columns as rows leave no residual to tell it by. */
  readonly variance: number;
  /** Rows less columns. */
  readonly degreesOfFreedom: number;
}

/**
 * The coefficients that make the weighted sum of squared residuals smallest.
 * @param rows one list of columns' numbers for each value
 * @throws RangeError where there are fewer rows than columns, or columns depend on each other
 * @example leastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 5]).coefficients // [1, 2]
 */
export function leastSquares(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  weights: readonly number[] = values.map(() => 1),
): LeastSquares {
  const columns = rows[0]?.length ?? 0;
  if (rows.length < columns || columns === 0)
    throw new RangeError(`Cannot fit: ${columns} points or more are needed, got ${rows.length}`);
  // columns of very different sizes (1, and 1/n): in units of their own length, so that the pivots can be judged
  const scale = Array.from({ length: columns }, (_, j) =>
    Math.sqrt(rows.reduce((sum, row, i) => sum + weights[i]! * row[j]! ** 2, 0)),
  );
  const scaled = rows.map((row) => row.map((value, j) => value / (scale[j]! || 1)));
  const normal = Array.from({ length: columns }, (_, j) =>
    Array.from({ length: columns }, (_, k) =>
      scaled.reduce((sum, row, i) => sum + weights[i]! * row[j]! * row[k]!, 0),
    ),
  );
  const inverse = inverted(normal);
  const right = Array.from({ length: columns }, (_, j) =>
    scaled.reduce((sum, row, i) => sum + weights[i]! * row[j]! * values[i]!, 0),
  );
  const coefficients = inverse.map(
    (line, j) => line.reduce((sum, value, k) => sum + value * right[k]!, 0) / scale[j]!,
  );
  const residuals = rows.map((row, i) =>
    row.reduce((rest, value, j) => rest - value * coefficients[j]!, values[i]!),
  );
  const degreesOfFreedom = rows.length - columns;
  const squares = residuals.reduce((sum, residual, i) => sum + weights[i]! * residual ** 2, 0);
  const variance = degreesOfFreedom > 0 ? squares / degreesOfFreedom : Number.NaN;
  const covariance = inverse.map((line, j) =>
    line.map((value, k) => (variance * value) / (scale[j]! * scale[k]!)),
  );
  return { coefficients, covariance, residuals, variance, degreesOfFreedom };
}

/** The inverse of a symmetric positive matrix with a diagonal of 1. */
function inverted(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const lower = matrix.map(() => new Array<number>(size).fill(0));
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i]![j]!;
      for (let k = 0; k < j; k++) rest -= lower[i]![k]! * lower[j]![k]!;
      if (i === j && !(rest > 1e-12))
        throw new RangeError(
          "Cannot fit: points that differ in every column are needed, got ones that do not",
        );
      lower[i]![j] = i === j ? Math.sqrt(rest) : rest / lower[j]![j]!;
    }
  return matrix.map((_, column) => {
    const solved = new Array<number>(size).fill(0);
    for (let i = 0; i < size; i++) {
      let rest = i === column ? 1 : 0;
      for (let k = 0; k < i; k++) rest -= lower[i]![k]! * solved[k]!;
      solved[i] = rest / lower[i]![i]!;
    }
    for (let i = size - 1; i >= 0; i--) {
      let rest = solved[i]!;
      for (let k = i + 1; k < size; k++) rest -= lower[k]![i]! * solved[k]!;
      solved[i] = rest / lower[i]![i]!;
    }
    return solved;
  });
}
