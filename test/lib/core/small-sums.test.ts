/** Means, variances, and sums of square matrices. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mean, mirrorUpper, trace, variance } from "gpic-lab/core";

test("mean and variance of numbers, by hand, and NaN of too few", () => {
  assert.deepEqual([mean([1, 2, 6]), variance([1, 2, 6])], [3, 7]);
  assert.deepEqual([mean(Uint8Array.of(255, 255)), variance(Float64Array.of(4, 4))], [255, 0]);
  assert.deepEqual([mean([]), variance([1])], [Number.NaN, Number.NaN]);
});

test("the trace, and a matrix made of its upper half alone", () => {
  const matrix = Float64Array.of(1, 2, 3, 99, 5, 6, 99, 99, 9);
  assert.equal(trace(matrix, 3), 15);
  assert.deepEqual([...mirrorUpper(matrix, 3, 2)], [0.5, 1, 1.5, 1, 2.5, 3, 1.5, 3, 4.5]);
});
