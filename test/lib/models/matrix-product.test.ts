/** Products of matrices through the engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { type DenseMatrix, multiply, multiplyInto, subtractProduct } from "gpic-lab/models";

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

test("small ones in loops and large ones through the engine are the same product, transposed or not", async () => {
  // 12 columns of 100 x 13 (15,600 multiplications) and 13 (16,900): on either side of the border
  for (const columns of [12, 13]) {
    const left = random(100, 13, 3);
    const right = random(13, columns, 4);
    const { data } = await multiply(left, right);
    for (const a of [left, { transpose: turned(left) }])
      for (const b of [right, { transpose: turned(right) }]) {
        const product = { rows: 100, columns, data: new Float64Array(100 * columns).fill(7) };
        await multiplyInto(product, a, b);
        // 13 terms of size 10 at most, each rounded at 1e-16 of itself
        for (let i = 0; i < data.length; i++) assert.ok(Math.abs(product.data[i]! - data[i]!) < 1e-13);
        await subtractProduct(product, a, b);
        assert.ok(product.data.every((value) => Math.abs(value) < 1e-13));
      }
  }
});

test("inner sizes that differ are refused", async () => {
  await assert.rejects(multiply(random(2, 3, 1), random(2, 3, 1)), /got 2 x 3 and 2 x 3/);
});

function turned({ rows, columns, data }: DenseMatrix): DenseMatrix {
  const at = (i: number) => (i % rows) * columns + Math.floor(i / rows);
  return { rows: columns, columns: rows, data: data.map((_, i) => data[at(i)]!) };
}
