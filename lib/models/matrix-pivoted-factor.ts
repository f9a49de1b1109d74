/**
 * A factor of a singular covariance, S = F F' with as many columns as S has rank: Cholesky's method that takes the
 * largest remaining variance first and ends where all that remain are rounding of what they were.
 *
 * Rows stay where they are; a panel of columns is subtracted from the whole at once (ONNX Runtime). Source: Higham,
 * "Analysis of the Cholesky decomposition of a semi-definite matrix" (1990); LAPACK's dpstrf, whose noise is one
 * number for all rows, where here each row has its own, so that features may have units as different as they like.
 */
import type { Stoppable } from "../core/index.js";
import { type DenseMatrix, subtractProduct } from "./matrix-product.js";

/** Columns of a panel. */
const PANEL = 64;

/** A factor and what it leaves. */
export interface PivotedFactor {
  /** width x rank */
  readonly factor: DenseMatrix;
  /** The sum of the variances that count as rounding. */
  readonly clamped: number;
  /** The largest number that is left, as a share of the variances in its place: rounding, unless the matrix is none. */
  readonly left: number;
}

/**
 * The factor.
 * @param matrix size x size, row-major, symmetric, positive semidefinite
 * @example (await pivotedFactor(Float64Array.of(1, 2, 2, 4), 2)).factor // 2 x 1: [1, 2]
 */
export async function pivotedFactor(
  matrix: Float64Array,
  size: number,
  { signal }: Stoppable = {},
): Promise<PivotedFactor> {
  const rest = { rows: size, columns: size, data: matrix.slice() };
  const variances = Float64Array.from({ length: size }, (_, i) => matrix[i * (size + 1)]!);
  const noise = variances.map((value) => size * Number.EPSILON * value);
  const panels: DenseMatrix[] = [];
  const taken = new Uint8Array(size);
  for (let isDone = false; !isDone; ) {
    signal?.throwIfAborted();
    const panel = { rows: size, columns: PANEL, data: new Float64Array(size * PANEL) };
    let count = 0;
    for (; count < PANEL; count++) {
      const pivot = largest(variances, noise, taken);
      if (pivot < 0) break;
      takeColumn(rest.data, panel.data, { size, pivot, at: count, variances, taken });
      taken[pivot] = 1;
    }
    isDone = count < PANEL;
    panels.push({ rows: size, columns: count, data: narrowed(panel.data, size, count) });
    await subtractProduct(rest, panel, { transpose: panel });
  }
  const clamped = variances.reduce((sum, value, i) => sum + (taken[i] === 1 ? 0 : Math.max(0, value)), 0);
  return {
    factor: sideBySide(panels, size),
    clamped,
    left: largestShare(rest.data, matrix, size),
  };
}

function largestShare(rest: Float64Array, matrix: Float64Array, size: number): number {
  const deviations = Float64Array.from({ length: size }, (_, i) => Math.sqrt(matrix[i * (size + 1)]!));
  let largest = 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      const scale = deviations[i]! * deviations[j]!;
      const left = Math.abs(rest[i * size + j]!);
      if (left > largest * scale) largest = scale > 0 ? left / scale : Number.POSITIVE_INFINITY;
    }
  return largest;
}

function largest(variances: Float64Array, noise: Float64Array, taken: Uint8Array): number {
  let at = -1;
  for (let i = 0; i < variances.length; i++)
    if (taken[i] === 0 && variances[i]! > noise[i]! && (at < 0 || variances[i]! > variances[at]!)) at = i;
  return at;
}

interface Column {
  readonly size: number;
  readonly pivot: number;
  readonly at: number;
  readonly variances: Float64Array;
  readonly taken: Uint8Array;
}

function takeColumn(
  rest: Float64Array,
  panel: Float64Array,
  { size, pivot, at, variances, taken }: Column,
): void {
  const root = Math.sqrt(variances[pivot]!);
  const own = pivot * PANEL;
  for (let row = 0; row < size; row++) {
    if (taken[row] === 1) continue;
    const start = row * PANEL;
    let sum = rest[pivot * size + row]!;
    for (let k = 0; k < at; k++) sum -= panel[start + k]! * panel[own + k]!;
    const value = row === pivot ? root : sum / root;
    panel[start + at] = value;
    variances[row]! -= value * value;
  }
}

function narrowed(panel: Float64Array, size: number, count: number): Float64Array {
  if (count === PANEL) return panel;
  return Float64Array.from(
    { length: size * count },
    (_, i) => panel[Math.floor(i / count) * PANEL + (i % count)]!,
  );
}

function sideBySide(panels: readonly DenseMatrix[], rows: number): DenseMatrix {
  const columns = panels.reduce((sum, panel) => sum + panel.columns, 0);
  const data = new Float64Array(rows * columns);
  let first = 0;
  for (const panel of panels) {
    for (let row = 0; row < rows; row++)
      data.set(panel.data.subarray(row * panel.columns, (row + 1) * panel.columns), row * columns + first);
    first += panel.columns;
  }
  return { rows, columns, data };
}
