/** Eigenvalues of symmetric matrices. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { generalEigenvalues, Random, symmetricEigenvalues, tridiagonalEigenvalues } from "gpic-lab/core";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** A random symmetric matrix: A + A', or A A' / rank of a given rank. */
function symmetric(size: number, seed: number, rank?: number): Float64Array {
  const random = new Random(seed);
  const a = Array.from({ length: size }, () => Array.from({ length: rank ?? size }, () => random.normal()));
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      result[i * size + j] =
        rank === undefined
          ? a[i]![j]! + a[j]![i]!
          : a[i]!.reduce((sum, value, k) => sum + value * a[j]![k]!, 0) / rank;
  return result;
}

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++)
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= tolerance, `${i}: ${actual[i]} is not ${expected[i]}`);
}

test("matrices whose eigenvalues are known", () => {
  assert.deepEqual([...symmetricEigenvalues(Float64Array.of(5), 1)], [5]);
  near(symmetricEigenvalues(Float64Array.of(2, 1, 1, 2), 2), [1, 3], 1e-15);
  near(symmetricEigenvalues(Float64Array.of(3, 0, 0, 0, -1, 0, 0, 0, 2), 3), [-1, 2, 3], 0);
  assert.deepEqual([...symmetricEigenvalues(new Float64Array(16), 4)], [0, 0, 0, 0]);
  // the second difference of n points: 2 - 2 cos(k pi / (n + 1))
  const n = 40;
  const difference = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    difference[i * n + i] = 2;
    if (i > 0) difference[i * n + i - 1] = difference[(i - 1) * n + i] = -1;
  }
  const expected = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)));
  near(symmetricEigenvalues(difference, n), expected, 1e-14);
});

test("sum and sum of squares are the matrix's own, and a scaled matrix has scaled eigenvalues", () => {
  for (const size of [2, 3, 17, 64]) {
    const matrix = symmetric(size, size);
    const values = symmetricEigenvalues(matrix, size);
    const trace = matrix.filter((_, at) => at % (size + 1) === 0).reduce((sum, value) => sum + value, 0);
    const squares = matrix.reduce((sum, value) => sum + value * value, 0);
    // sums of size numbers of order sqrt(size), each right to some ulps
    const tolerance = 1e-13 * squares;
    assert.ok(Math.abs(values.reduce((sum, value) => sum + value, 0) - trace) < tolerance);
    assert.ok(Math.abs(values.reduce((sum, value) => sum + value * value, 0) - squares) < tolerance);
    const tiny = symmetricEigenvalues(
      matrix.map((value) => value * 1e-160),
      size,
    );
    near(
      tiny.map((value) => value * 1e160),
      values,
      1e-12 * Math.sqrt(squares),
    );
  }
});

test("the same as ml-matrix's decomposition, of full and of low rank", () => {
  for (const [size, rank] of [
    [30, undefined],
    [100, undefined],
    [100, 10],
    [90, 1],
  ] as const) {
    const matrix = symmetric(size, 7, rank);
    const twin = new EigenvalueDecomposition(Matrix.from1DArray(size, size, matrix), {
      assumeSymmetric: true,
    });
    const expected = [...twin.realEigenvalues].sort((a, b) => a - b);
    // both are backward stable: some size times epsilon of the largest eigenvalue
    near(
      symmetricEigenvalues(matrix, size),
      expected,
      100 * size * Number.EPSILON * Math.max(...expected.map(Math.abs)),
    );
  }
});

test("three diagonals whose eigenvalues are known, however long or large", () => {
  const n = 500;
  const expected = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)));
  for (const scale of [1, 1e-200, 1e200]) {
    const values = tridiagonalEigenvalues({
      diagonal: new Float64Array(n).fill(2 * scale),
      beside: Float64Array.from({ length: n }, (_, i) => (i < n - 1 ? -scale : 0)),
    });
    near(
      values.map((value) => value / scale),
      expected,
      1e-14,
    );
  }
  assert.deepEqual(
    [...tridiagonalEigenvalues({ diagonal: Float64Array.of(7), beside: Float64Array.of(0) })],
    [7],
  );
});

test("a diagonal of zeros: eigenvalues in pairs of opposite sign, the singular values of two diagonals", () => {
  // [[3, 4], [0, 5]] has singular values whose squares add up to 50 and multiply to 225
  const values = tridiagonalEigenvalues({
    diagonal: new Float64Array(4),
    beside: Float64Array.of(3, 4, 5, 0),
  });
  const [a, b] = [Math.sqrt(45), Math.sqrt(5)];
  near(values, [-a, -b, b, a], 1e-14);
  // what is far below the largest number keeps its digits below that number's own rounding
  const graded = tridiagonalEigenvalues({
    diagonal: new Float64Array(6),
    beside: Float64Array.of(1, 0, 1e-9, 0, 1e-18, 0),
  });
  near(graded, [-1, -1e-9, -1e-18, 1e-18, 1e-9, 1], 1e-24);
});

test("the matrix stays as it is, and what is none is refused", () => {
  const matrix = symmetric(5, 1);
  const before = matrix.slice();
  symmetricEigenvalues(matrix, 5);
  assert.deepEqual(matrix, before);
  assert.throws(() => symmetricEigenvalues(new Float64Array(5), 2), /2 x 2 numbers are needed, got 5/);
  assert.throws(
    () => symmetricEigenvalues(Float64Array.of(1, Number.NaN, 0, 1), 2),
    /finite numbers are needed/,
  );
  assert.throws(
    () => tridiagonalEigenvalues({ diagonal: Float64Array.of(1, Number.NaN), beside: new Float64Array(2) }),
    /finite numbers are needed/,
  );
});

test("a matrix that is not symmetric: roots of unity, triangles, pairs that are not real", async () => {
  const n = 12;
  const shift = new Float64Array(n * n);
  for (let i = 0; i < n; i++) shift[i * n + ((i + 1) % n)] = 1;
  const { real, imaginary } = await generalEigenvalues(shift, n);
  for (let k = 0; k < n; k++) {
    const [x, y] = [Math.cos((2 * Math.PI * k) / n), Math.sin((2 * Math.PI * k) / n)];
    assert.ok(Math.min(...real.map((a, i) => Math.hypot(a - x, imaginary[i]! - y))) < 1e-14);
  }
  const triangle = Float64Array.of(3, 1, 2, 0, -1, 5, 0, 0, 2);
  near((await generalEigenvalues(triangle, 3)).real.sort(), [-1, 2, 3], 1e-14);
  assert.deepEqual(await generalEigenvalues(Float64Array.of(0, -1, 1, 0), 2), {
    real: Float64Array.of(0, 0),
    imaginary: Float64Array.of(1, -1),
  });
});

test("a matrix that is not symmetric has the eigenvalues that ml-matrix finds", async () => {
  for (const size of [1, 2, 3, 4, 5, 30, 100]) {
    const random = new Random(size);
    const matrix = Float64Array.from({ length: size * size }, () => random.normal());
    const { real, imaginary } = await generalEigenvalues(matrix, size);
    const twin = new EigenvalueDecomposition(Matrix.from1DArray(size, size, matrix), {
      assumeSymmetric: false,
    });
    // of a random matrix an eigenvalue moves by some tens of what is rounded: epsilons of sqrt(size)
    for (const [i, x] of twin.realEigenvalues.entries())
      assert.ok(
        Math.min(...real.map((a, k) => Math.hypot(a - x, imaginary[k]! - twin.imaginaryEigenvalues[i]!))) <
          1e-11,
      );
    const trace = matrix.filter((_, at) => at % (size + 1) === 0).reduce((sum, value) => sum + value, 0);
    assert.ok(Math.abs(real.reduce((sum, value) => sum + value, 0) - trace) < 1e-11);
  }
  await assert.rejects(generalEigenvalues(new Float64Array(3), 2), /2 x 2 numbers are needed, got 3/);
  await assert.rejects(generalEigenvalues(Float64Array.of(Number.NaN), 1), /finite numbers are needed/);
});
