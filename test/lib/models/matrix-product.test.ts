/** Products of matrices through the engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { type DenseMatrix, multiply } from "gpic-lab/models";

function random(rows: number, columns: number, seed: number): DenseMatrix {
  const generator = new Random(seed);
  return { rows, columns, data: Float64Array.from({ length: rows * columns }, () => generator.normal()) };
}

test("a product known by hand", async () => {
  const left = { rows: 2, columns: 2, data: Float64Array.of(1, 2, 3, 4) };
  const right = { rows: 2, columns: 1, data: Float64Array.of(5, 6) };
  assert.deepEqual(await multiply(left, right), { rows: 2, columns: 1, data: Float64Array.of(17, 39) });
});

test("the same as three loops, of any shape", async () => {
  for (const [rows, inner, columns] of [
    [1, 1, 1],
    [3, 200, 5],
    [70, 33, 41],
  ] as const) {
    const left = random(rows, inner, 1);
    const right = random(inner, columns, 2);
    const { data } = await multiply(left, right);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) sum += left.data[i * inner + k]! * right.data[k * columns + j]!;
        assert.ok(Math.abs(data[i * columns + j]! - sum) < 1e-12 * inner);
      }
  }
});

test("inner sizes that differ are refused", async () => {
  await assert.rejects(multiply(random(2, 3, 1), random(2, 3, 1)), /got 2 x 3 and 2 x 3/);
});
