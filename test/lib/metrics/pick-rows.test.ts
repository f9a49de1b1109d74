import assert from "node:assert/strict";
import { test } from "node:test";
import { joinRows, pickRows } from "gpic-lab/metrics";

const rows = { data: Float32Array.of(1, 2, 3, 4, 5, 6), count: 3, width: 2 };

test("rows come in the order of their numbers, and come again where a number does", () => {
  assert.deepEqual(pickRows(rows, [2, 0, 2]), {
    data: Float32Array.of(5, 6, 1, 2, 5, 6),
    count: 3,
    width: 2,
  });
  assert.deepEqual(pickRows(rows, Uint32Array.of(1)).data, Float32Array.of(3, 4));
});

test("what is picked is a copy", () => {
  const picked = pickRows(rows, [0]);
  picked.data[0] = 9;
  assert.equal(rows.data[0], 1);
});

test("a number that is no row is refused", () => {
  for (const number of [3, -1, 0.5])
    assert.throws(() => pickRows(rows, [number]), {
      name: "RangeError",
      message: `Cannot pick rows: numbers from 0 to 2 are needed, got ${number}`,
    });
});

test("sets follow each other, in float64 where one of them is", () => {
  const double = { data: Float64Array.of(0.1, 0.2), count: 1, width: 2 };
  assert.deepEqual(joinRows([rows, rows]).data, Float32Array.of(1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6));
  const joined = joinRows([rows, double]);
  assert.deepEqual(joined, { data: Float64Array.of(1, 2, 3, 4, 5, 6, 0.1, 0.2), count: 4, width: 2 });
});

test("no sets and other widths are refused", () => {
  assert.throws(() => joinRows([]), /at least one set is needed, got none/);
  assert.throws(
    () => joinRows([rows, { data: Float32Array.of(1), count: 1, width: 1 }]),
    /one width is needed, got 2 and 1 columns/,
  );
});
