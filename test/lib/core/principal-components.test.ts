import assert from "node:assert/strict";
import { test } from "node:test";
import { gram, principalComponents, Random, symmetricEigenvalues } from "gpic-lab/core";
import { goldenRows } from "./golden.js";

/** Fails where any number is off by more than `room`. */
function assertNear(found: ArrayLike<number>, expected: ArrayLike<number>, room: number, what: string): void {
  assert.equal(found.length, expected.length, what);
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(found[i]! - expected[i]!);
    assert.ok(off <= room, `${what} ${i}: expected ${expected[i]}, found ${found[i]}`);
  }
}

function normalRows(seed: string, count: number, width: number, scale: (column: number) => number) {
  const random = new Random(seed);
  return Float64Array.from({ length: count * width }, (_, i) => scale(i % width) * random.normal());
}

test("two rows lie on one line, which holds all their variance", () => {
  const found = principalComponents(Float64Array.of(0, 0, 3, 4), 2, { components: 1 });
  assertNear(found.axes, [0.6, 0.8], 1e-15, "axis");
  assertNear(found.scores, [-2.5, 2.5], 1e-15, "score");
  assertNear(found.variances, [12.5], 1e-14, "variance");
  assertNear(found.shares, [1], 1e-15, "share");
  assert.deepEqual([...found.mean], [1.5, 2]);
});

test("columns that do not vary together are the axes themselves, in the order of their variance", () => {
  const rows = Float64Array.of(1, 0, 0, -1, 0, 0, 0, 3, 0, 0, -3, 0, 0, 0, 2, 0, 0, -2);
  const { axes, variances, shares } = principalComponents(rows, 6, { components: 3 });
  assertNear(axes, [0, 1, 0, 0, 0, 1, 1, 0, 0], 1e-15, "axis");
  assertNear(variances, [18 / 5, 8 / 5, 2 / 5], 1e-15, "variance");
  assertNear(shares, [9 / 14, 4 / 14, 1 / 14], 1e-15, "share");
});

test("equal variances give axes at right angles with each of them, and equal rows none", () => {
  const corners = Float64Array.of(1, 0, -1, 0, 0, 1, 0, -1);
  const { axes, variances } = principalComponents(corners, 4, { components: 2 });
  assertNear(variances, [2 / 3, 2 / 3], 1e-15, "variance");
  assertNear([axes[0]! * axes[2]! + axes[1]! * axes[3]!], [0], 1e-15, "angle");
  const still = principalComponents(new Float64Array(12).fill(7), 4, { components: 3 });
  assert.deepEqual([...still.variances, ...still.shares], [0, 0, 0, 0, 0, 0]);
});

test("axes are at right angles, scores have their variance, and the seed changes nothing beyond rounding", () => {
  const [count, width, components] = [200, 40, 6];
  const rows = normalRows("invariants", count, width, (column) => 1 / (1 + column));
  const found = principalComponents(rows, count, { components });
  assert.ok(found.residual <= 1e-10);
  for (let i = 0; i < components; i++) {
    let squares = 0;
    for (let row = 0; row < count; row++) squares += found.scores[row * components + i]! ** 2;
    assertNear([squares / (count - 1)], [found.variances[i]!], 1e-12, "variance of scores");
    const axis = found.axes.subarray(i * width, (i + 1) * width);
    const largest = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    assert.ok(largest > 0, "the largest number of an axis is positive");
    for (let j = 0; j <= i; j++) {
      const other = found.axes.subarray(j * width, (j + 1) * width);
      const product = axis.reduce((sum, value, at) => sum + value * other[at]!, 0);
      assertNear([product], [i === j ? 1 : 0], 1e-13, `axes ${i} and ${j}`);
    }
  }
  const again = principalComponents(rows, count, { components, seed: "another" });
  assertNear(again.variances, found.variances, 1e-14, "variance");
  // a residual of 1e-10 over a gap of some hundredths
  assertNear(again.axes, found.axes, 1e-7, "axis");
});

test("variances are the eigenvalues of the whole covariance, also where all of them lie close together", () => {
  const [count, width] = [90, 60];
  const rows = normalRows("flat", count, width, () => 1);
  const { mean } = principalComponents(rows, count, { components: 1 });
  const centred = rows.map((value, i) => value - mean[i % width]!);
  const covariance = gram(centred, count, width).map((value) => value / (count - 1));
  const eigenvalues = symmetricEigenvalues(covariance, width).reverse();
  for (const components of [2, 17, width])
    assertNear(
      principalComponents(rows, count, { components }).variances,
      eigenvalues.subarray(0, components),
      1e-13,
      `of ${components}, variance`,
    );
});

interface Golden {
  readonly name: string;
  readonly count: number;
  readonly components: number;
  readonly rows: readonly number[];
  readonly mean: readonly number[];
  readonly axes: readonly number[];
  readonly variances: readonly number[];
  readonly shares: readonly number[];
  readonly scores: readonly number[];
}

for (const golden of goldenRows<Golden>("principal-components"))
  test(`numpy finds the same: ${golden.name}`, () => {
    const { count, components } = golden;
    const found = principalComponents(Float32Array.from(golden.rows), count, { components });
    // numbers up to 60 in float64, eigenvectors of gaps from a hundredth of the variance on
    assertNear(found.mean, golden.mean, 1e-12, "mean");
    assertNear(found.variances, golden.variances, 1e-11, "variance");
    assertNear(found.shares, golden.shares, 1e-12, "share");
    assertNear(found.axes, golden.axes, 1e-8, "axis");
    assertNear(found.scores, golden.scores, 1e-8, "score");
  });

test("what has no principal components is refused", () => {
  const rows = Float64Array.of(1, 2, 3, 4, 5, 6);
  for (const [given, count, components, message] of [
    [rows, 1, 1, /2 rows or more of one width are needed, got 6 numbers in 1 rows/],
    [rows, 4, 1, /2 rows or more of one width are needed, got 6 numbers in 4 rows/],
    [new Float64Array(), 2, 1, /got 0 numbers in 2 rows/],
    [rows, 3, 3, /1 to 2 of them are possible, got 3/],
    [rows, 3, 0, /1 to 2 of them are possible, got 0/],
    [Float64Array.of(1, Number.NaN), 2, 1, /finite numbers are needed/],
  ] as const)
    assert.throws(() => principalComponents(given, count, { components }), message);
});
