/**
 * Householder's reduction of a matrix to two diagonals, by panels of 32 columns: each reflection from the left or the
 * right costs one product of the matrix, as it stood before the panel, with a vector (WebAssembly); A - L R' waits for
 * the panel's end (ONNX Runtime). From the last row and column up, as in matrix-tridiagonal.ts. Source: LAPACK's dlabrd.
 */
import { type MatrixLoops, matrixMemory, reflect, type Stoppable } from "../core/index.js";
import { padded } from "./lower-blocks.js";
import { type DenseMatrix, subtractProduct } from "./matrix-product.js";

/** Columns of a panel. */
const PANEL = 32;

/** Room for a reduction. Rows and columns are padded with zeros to fours. */
interface Work {
  readonly rows: number;
  readonly columns: number;
  readonly loops: MatrixLoops;
  readonly a: DenseMatrix;
  /** Pairs of what is as long as a column (the left reflection; A v), and of what is as long as a row (A'u; the right). */
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly u: Float64Array;
  readonly v: Float64Array;
  readonly factors: Float64Array;
}

/**
 * The two diagonals.
 * @param matrix no fewer rows than columns, finite
 * @returns d0, e0, d1, e1, ..., and a last 0
 * @throws the signal's reason, between two panels
 */
export async function reduceToBidiagonal(
  matrix: DenseMatrix,
  { signal }: Stoppable = {},
): Promise<Float64Array> {
  const work = workOn(matrix);
  const { rows, columns, left, right, a } = work;
  const diagonals = new Float64Array(2 * columns);
  for (let count = columns; count > 0; ) {
    signal?.throwIfAborted();
    const pairs = Math.min(PANEL, count);
    left.fill(0);
    right.fill(0);
    for (let k = 0; k < pairs; k++) {
      const column = count - 1 - k;
      const row = rows - columns + column;
      diagonals[2 * column] = reduceColumn(work, row, column, k);
      if (column > 0) diagonals[2 * column - 1] = reduceRow(work, row, column, k);
    }
    count -= pairs;
    const height = padded(rows - columns + count);
    if (count > 0)
      await subtractProduct(
        { rows: height, columns: a.columns, data: a.data.subarray(0, height * a.columns) },
        { transpose: columnsOf(left, a.rows, height, 2 * pairs) },
        columnsOf(right, a.columns, a.columns, 2 * pairs),
      );
  }
  return diagonals;
}

function workOn({ rows, columns, data }: DenseMatrix): Work {
  const [height, width] = [padded(rows), padded(columns)];
  const memory = matrixMemory(height * width + (2 * PANEL + 1) * (height + width) + 2 * PANEL, 6);
  const a = { rows: height, columns: width, data: memory.take(height * width) };
  for (let row = 0; row < rows; row++)
    a.data.set(data.subarray(row * columns, (row + 1) * columns), row * width);
  return {
    ...{ rows, columns, loops: memory.loops, a },
    left: memory.take(2 * PANEL * height),
    right: memory.take(2 * PANEL * width),
    u: memory.take(height),
    v: memory.take(width),
    factors: memory.take(2 * PANEL),
  };
}

/** Reflects from the left until the column has only its element in `row`, which it returns. */
function reduceColumn(
  { loops, a, left, right, u, v, factors }: Work,
  row: number,
  column: number,
  k: number,
): number {
  const length = row + 1;
  u.fill(0);
  for (let i = 0; i < length; i++) u[i] = a.data[i * a.columns + column]!;
  subtract(loops, { from: u, rows: left, at: column, by: right, k, factors });
  u.fill(0, length);
  const kept = reflect(u.subarray(0, length));
  left.set(u, 2 * k * u.length);
  v.fill(0);
  loops.addRows(
    a.data.byteOffset,
    8 * a.columns,
    v.byteOffset,
    8 * padded(column + 1),
    u.byteOffset,
    u.byteOffset + 8 * padded(length),
  );
  subtractMixed(loops, { from: v, rows: right, of: u, by: left, k, factors });
  v.fill(0, column);
  right.set(v, 2 * k * v.length);
  return kept;
}

/** Reflects from the right until the row has only its element before `column`, which it returns. */
function reduceRow(
  { loops, a, left, right, u, v, factors }: Work,
  row: number,
  column: number,
  k: number,
): number {
  v.fill(0);
  v.set(a.data.subarray(row * a.columns, row * a.columns + column));
  subtract(loops, { from: v, rows: right, at: row, by: left, k: k + 1, factors });
  v.fill(0, column);
  const kept = reflect(v.subarray(0, column));
  u.fill(0);
  loops.dots(
    a.data.byteOffset,
    8 * a.columns,
    v.byteOffset,
    8 * padded(column),
    u.byteOffset,
    u.byteOffset + 8 * padded(row),
  );
  subtractMixed(loops, { from: u, rows: left, of: v, by: right, k: k + 1, factors });
  u.fill(0, row);
  right.set(v, (2 * k + 1) * v.length);
  left.set(u, (2 * k + 1) * u.length);
  return kept;
}

interface Subtraction {
  readonly from: Float64Array;
  readonly rows: Float64Array;
  readonly by: Float64Array;
  readonly k: number;
  readonly factors: Float64Array;
}

/** from -= sum of by[i][at] rows[i] over the first k pairs. */
function subtract(
  loops: MatrixLoops,
  { from, rows, at, by, k, factors }: Subtraction & { readonly at: number },
): void {
  const width = by.length / (2 * PANEL);
  for (let i = 0; i < 2 * k; i++) factors[i] = -by[i * width + at]!;
  addPairs(loops, from, rows, k, factors);
}

/** from -= sum of (by[i] . of) rows[i] over the first k pairs. */
function subtractMixed(
  loops: MatrixLoops,
  { from, rows, of, by, k, factors }: Subtraction & { readonly of: Float64Array },
): void {
  const end = factors.byteOffset + 16 * k;
  loops.dots(by.byteOffset, 8 * of.length, of.byteOffset, 8 * of.length, factors.byteOffset, end);
  for (let i = 0; i < 2 * k; i++) factors[i] = -factors[i]!;
  addPairs(loops, from, rows, k, factors);
}

function addPairs(
  loops: MatrixLoops,
  from: Float64Array,
  rows: Float64Array,
  k: number,
  factors: Float64Array,
): void {
  const bytes = 8 * from.length;
  loops.addRows(
    rows.byteOffset,
    bytes,
    from.byteOffset,
    bytes,
    factors.byteOffset,
    factors.byteOffset + 16 * k,
  );
}

/** The first pairs, each cut to a length, as one matrix. */
function columnsOf(pairs: Float64Array, width: number, length: number, count: number): DenseMatrix {
  const data = new Float64Array(count * length);
  for (let i = 0; i < count; i++) data.set(pairs.subarray(i * width, i * width + length), i * length);
  return { rows: count, columns: length, data };
}
