/** Large matrices: products, factors, eigenvalues and singular values by blocks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { matrixMemory, Random, symmetricEigenvalues } from "gpic-lab/core";
import {
  choleskyFactor,
  congruence,
  type DenseMatrix,
  eigenvaluesOf,
  eigenvaluesOfBlocks,
  multiply,
  multiplyInto,
  pivotedFactor,
  singularValues,
  subtractProduct,
  symmetricEigen,
  triangularRoot,
} from "gpic-lab/models";
import { Matrix, SingularValueDecomposition } from "ml-matrix";

function normal(rows: number, columns: number, seed: number): DenseMatrix {
  const random = new Random(seed);
  return { rows, columns, data: Float64Array.from({ length: rows * columns }, () => random.normal()) };
}

async function covariance(count: number, width: number, seed: number): Promise<Float64Array> {
  const rows = normal(count, width, seed);
  return (await multiply({ transpose: rows }, rows)).data.map((value) => value / count);
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)), 0);
}

/** Reflections of each side of a diagonal matrix: its values stay its singular values. */
function withValues(rows: number, columns: number, values: readonly number[], seed: number): DenseMatrix {
  const data = new Float64Array(rows * columns);
  for (const [i, value] of values.entries()) data[i * columns + i] = value;
  const matrix = Matrix.from1DArray(rows, columns, data);
  const reflection = (size: number, from: number) => {
    const v = Matrix.columnVector(normal(size, 1, from).data);
    const squares = v.norm() ** 2;
    return Matrix.eye(size).sub(v.mmul(v.transpose()).mul(2 / squares));
  };
  const product = reflection(rows, seed)
    .mmul(matrix)
    .mmul(reflection(columns, seed + 1));
  return { rows, columns, data: Float64Array.from(product.to1DArray()) };
}

test("the loops are those of plain sums, with zeros where sizes are padded", () => {
  const size = 24;
  const memory = matrixMemory(size * size + 4 * size, 5);
  const [a, v, p, sums] = [size * size, size, size, size].map((count) => memory.take(count));
  assert.ok(a !== undefined && v !== undefined && p !== undefined && sums !== undefined);
  a.set(normal(size, size, 1).data);
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) a[j * size + i] = a[i * size + j]!;
  v.set(normal(1, size, 2).data);
  const expected = Array.from(v, (_, i) => v.reduce((sum, x, j) => sum + a[i * size + j]! * x, 0));
  // what is above the diagonal, outside the 4 x 4 on it, is not read
  const above = a.slice();
  for (let i = 0; i < size; i++) a.fill(Number.NaN, i * size + 4 * Math.floor(i / 4) + 4, (i + 1) * size);
  const { loops } = memory;
  loops.symmetricTimes(a.byteOffset, 8 * size, 0, 8 * size, v.byteOffset, p.byteOffset);
  assert.ok(largestDifference(p, expected) < 1e-14);
  a.set(above);
  loops.dots(a.byteOffset, 8 * size, v.byteOffset, 8 * size, sums.byteOffset, sums.byteOffset + 8 * size);
  assert.ok(largestDifference(sums, expected) < 1e-14);
  p.fill(1);
  loops.addRows(a.byteOffset, 8 * size, p.byteOffset, 8 * size, v.byteOffset, v.byteOffset + 8 * size);
  assert.ok(
    largestDifference(
      p,
      expected.map((value) => 1 + value),
    ) < 1e-14,
  );
});

test("products with transposes, into and out of a matrix that stands", async () => {
  const [a, b] = [normal(5, 3, 1), normal(3, 4, 2)];
  const turned = ({ rows, columns, data }: DenseMatrix): DenseMatrix => ({
    rows: columns,
    columns: rows,
    data: data.map((_, at) => data[(at % rows) * columns + Math.floor(at / rows)]!),
  });
  const expected = Matrix.from1DArray(5, 3, a.data)
    .mmul(Matrix.from1DArray(3, 4, b.data))
    .to1DArray();
  for (const left of [a, { transpose: turned(a) }])
    for (const right of [b, { transpose: turned(b) }]) {
      assert.ok(largestDifference((await multiply(left, right)).data, expected) < 1e-15);
      const into = { rows: 5, columns: 4, data: new Float64Array(20).fill(7) };
      await multiplyInto(into, left, right);
      assert.ok(largestDifference(into.data, expected) < 1e-15);
      await subtractProduct(into, left, right);
      assert.ok(largestDifference(into.data, new Float64Array(20)) < 1e-15);
    }
  await assert.rejects(multiply(a, a), /inner sizes that agree are needed, got 5 x 3 and 5 x 3/);
  await assert.rejects(multiplyInto(a, a, b), /a result of 5 x 4 is needed, got 5 x 3/);
});

test("eigenvalues by blocks are those of the plain reduction, at sizes on both sides of a block", async () => {
  for (const size of [1, 96, 97, 128, 129, 130, 203, 258, 385]) {
    const { data } = normal(size, size, size);
    for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) data[j * size + i] = data[i * size + j]!;
    const before = data.slice();
    const values = await eigenvaluesOf(data, size);
    assert.deepEqual(data, before);
    // both are right to some epsilons of the norm, 2 sqrt(size)
    assert.ok(
      largestDifference(values, symmetricEigenvalues(data, size)) < 1e-13 * Math.sqrt(size),
      `${size}`,
    );
  }
  await assert.rejects(eigenvaluesOf(new Float64Array(5), 2), /2 x 2 numbers are needed, got 5/);
  await assert.rejects(eigenvaluesOf(new Float64Array(10_000).fill(Number.NaN), 100), /finite numbers/);
});

test("singular values are those of ml-matrix, for tall and wide matrices", async () => {
  for (const [rows, columns] of [
    ...[[1, 1] as const, [1, 5] as const, [5, 1] as const, [4, 4] as const, [33, 33] as const],
    ...[[70, 40] as const, [40, 71] as const, [130, 129] as const, [100, 32] as const],
  ]) {
    const matrix = normal(rows, columns, rows);
    const twin = new SingularValueDecomposition(Matrix.from1DArray(rows, columns, matrix.data), {
      computeLeftSingularVectors: false,
      computeRightSingularVectors: false,
      autoTranspose: true,
    });
    assert.ok(largestDifference(await singularValues(matrix), twin.diagonal) < 1e-12);
  }
  assert.deepEqual([...(await singularValues({ rows: 3, columns: 2, data: new Float64Array(6) }))], [0, 0]);
  assert.equal((await singularValues({ rows: 0, columns: 2, data: new Float64Array(0) })).length, 0);
  await assert.rejects(
    singularValues({ rows: 1, columns: 1, data: Float64Array.of(Number.POSITIVE_INFINITY) }),
    /finite numbers/,
  );
});

test("singular values that are 1e-15 of the largest come right to its rounding", async () => {
  const values = Array.from({ length: 60 }, (_, i) => 10 ** (-i / 4));
  for (const [rows, columns] of [
    [60, 60],
    [140, 60],
    [60, 140],
  ] as const) {
    const found = await singularValues(withValues(rows, columns, values, rows + columns));
    // the two reflections round too: some epsilons of the largest each
    assert.ok(largestDifference(found.subarray(0, 60), values) < 2e-15);
  }
});

test("a factor times its transpose is the matrix, and L'SL has the eigenvalues of the product", async () => {
  for (const width of [1, 50, 128, 129, 300]) {
    const [one, other] = [await covariance(2 * width, width, 1), await covariance(2 * width, width, 2)];
    const factor = await choleskyFactor(one, width);
    assert.ok(factor !== undefined);
    const dense = { rows: width, columns: width, data: new Float64Array(width * width) };
    for (const [j, panel] of factor.panels.entries())
      for (let row = 0; row < panel.rows; row++)
        dense.data.set(
          panel.data.subarray(row * panel.columns, (row + 1) * panel.columns),
          (j * 128 + row) * width + j * 128,
        );
    for (let i = 0; i < width; i++)
      for (let j = i + 1; j < width; j++) assert.equal(dense.data[i * width + j], 0);
    assert.ok(largestDifference((await multiply(dense, { transpose: dense })).data, one) < 1e-14);
    const square = { rows: width, columns: width, data: other };
    const product = await multiply(await multiply({ transpose: dense }, square), dense);
    const values = await eigenvaluesOfBlocks(await congruence(factor, other));
    assert.ok(largestDifference(values, symmetricEigenvalues(product.data, width)) < 1e-13);
  }
});

test("a singular matrix has no factor but a pivoted one, with as many columns as it has rank", async () => {
  for (const [count, width] of [
    [1, 1],
    [1, 5],
    [17, 50],
    [64, 129],
    [130, 300],
  ] as const) {
    const matrix = await covariance(count, width, width);
    const { factor, clamped } = await pivotedFactor(matrix, width);
    assert.equal(factor.columns, count);
    assert.ok(clamped < 1e-12 * width);
    assert.ok(largestDifference((await multiply(factor, { transpose: factor })).data, matrix) < 1e-13);
    if (count < width) assert.equal(await choleskyFactor(matrix, width), undefined);
  }
  const nothing = await pivotedFactor(new Float64Array(9), 3);
  assert.equal(nothing.factor.columns, 0);
});

test("features of very different units: each counts, however small beside the others", async () => {
  const width = 40;
  const matrix = (await covariance(100, width, 3)).map(
    (value, at) => value * 10 ** -(Math.floor(at / width) / 2 + (at % width) / 2),
  );
  assert.equal((await pivotedFactor(matrix, width)).factor.columns, width);
  assert.notEqual(await choleskyFactor(matrix, width), undefined);
});

test("the root of rows is triangular, its square theirs, whatever pieces they come in", async () => {
  for (const [width, pieces] of [
    [1, [2, 3]],
    [5, [7]],
    [33, [10, 40, 3]],
    [70, [100, 100]],
    [130, [50]],
  ] as const) {
    const blocks = pieces.map((rows, at) => normal(rows, width, at + width));
    const expected = new Float64Array(width * width);
    for (const block of blocks)
      for (const [at, value] of (await multiply({ transpose: block }, block)).data.entries())
        expected[at]! += value;
    const root = await triangularRoot(width, blocks);
    for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) assert.equal(root.data[i * width + j], 0);
    assert.ok(largestDifference((await multiply(root, { transpose: root })).data, expected) < 1e-12);
  }
});

test("the root of rows keeps what their covariance loses", async () => {
  // two columns that differ by 1e-9: their covariance is singular to the last digit
  const count = 50;
  const one = normal(count, 1, 1).data;
  const other = normal(count, 1, 2).data;
  const data = Float64Array.from({ length: 2 * count }, (_, at) =>
    at % 2 === 0 ? one[at >> 1]! : one[at >> 1]! + 1e-9 * other[at >> 1]!,
  );
  const root = await triangularRoot(2, [{ rows: count, columns: 2, data }]);
  const [, smallest] = await singularValues(root);
  // |d - (d.x) x / x.x| / sqrt(2), where d is the difference and x the mean of the two columns
  const along = one.reduce((sum, x, i) => sum + x * other[i]!, 0) / one.reduce((sum, x) => sum + x * x, 0);
  const apart = 1e-9 * Math.hypot(...other.map((value, i) => value - along * one[i]!));
  // the difference itself has seven digits left
  assert.ok(Math.abs(smallest! - apart / Math.SQRT2) < 1e-6 * apart);
});

test("eigenvectors are at right angles, of length 1, and the matrix only stretches them", async () => {
  for (const size of [1, 2, 5, 33, 130, 260]) {
    const { data } = normal(size, size, size);
    for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) data[j * size + i] = data[i * size + j]!;
    const { values, vectors } = await symmetricEigen(data, size);
    const rows = { rows: size, columns: size, data: vectors };
    const unit = (await multiply(rows, { transpose: rows })).data;
    assert.ok(largestDifference(unit, Matrix.eye(size).to1DArray()) < 1e-13);
    const images = (await multiply(rows, { rows: size, columns: size, data })).data;
    const stretched = vectors.map((value, at) => value * values[Math.floor(at / size)]!);
    assert.ok(largestDifference(images, stretched) < 1e-14 * size);
    assert.ok(largestDifference(values, await eigenvaluesOf(data, size)) < 1e-13 * Math.sqrt(size));
  }
  assert.deepEqual([...(await symmetricEigen(new Float64Array(4), 2)).values], [0, 0]);
  await assert.rejects(symmetricEigen(new Float64Array(5), 2), /2 x 2 numbers are needed, got 5/);
  await assert.rejects(symmetricEigen(Float64Array.of(Number.NaN), 1), /finite numbers/);
});
