/** DINOv2's table of positions at another size; the official code's own numbers are in open-encoder.test.ts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { interpolatePositions } from "../../../lib/models/position-table.js";

test("a table of equal vectors stays one, however it is interpolated", () => {
  const table = Float32Array.from({ length: 37 * 37 * 2 }, (_, i) => (i % 2 === 0 ? 3 : -0.5));
  for (const antialias of [false, true])
    for (const side of [16, 37, 40]) {
      const result = interpolatePositions(table, { tableSide: 37, side, width: 2, antialias });
      assert.equal(result.length, side * side * 2);
      for (const [i, value] of result.entries()) assert.ok(Math.abs(value - table[i % 2]!) < 1e-6);
    }
});

test("the same size is a copy", () => {
  const table = Float32Array.from({ length: 18 }, (_, i) => i);
  const result = interpolatePositions(table, { tableSide: 3, side: 3, width: 2, antialias: false });
  assert.deepEqual(result, table);
  assert.notEqual(result, table);
});

test("a ramp stays a ramp inside, stepped by the official scale", () => {
  // a cubic kernel repeats straight lines: place i of 16 lies at (i + 0.5) 37 / 16.1 - 0.5, or (i + 0.5) 37 / 16 - 0.5
  const table = Float32Array.from({ length: 37 * 37 }, (_, i) => i % 37);
  for (const [antialias, step] of [
    [false, 37 / 16.1],
    [true, 37 / 16],
  ] as const) {
    const row = interpolatePositions(table, { tableSide: 37, side: 16, width: 1, antialias }).subarray(0, 16);
    // the antialiased kernel is sampled and made to sum to 1, which bends a ramp by less than a tenth
    const tolerance = antialias ? 0.1 : 0.05;
    for (let i = 3; i < 13; i++)
      assert.ok(Math.abs(row[i]! - ((i + 0.5) * step - 0.5)) < tolerance, `${i}: ${row[i]}`);
  }
});
