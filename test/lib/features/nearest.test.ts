import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { cosine, type FeatureRows, nearest } from "gpic-lab/features";

const rowsOf = (...rows: readonly (readonly number[])[]): FeatureRows => ({
  data: Float32Array.from(rows.flat()),
  count: rows.length,
  width: rows[0]?.length ?? 2,
});

test("the cosine is that of the angle, whatever the lengths, and equally near rows come by number", () => {
  const queries = rowsOf([2, 0]);
  const rows = rowsOf([0, 5], [3, 4], [-1, 0], [0.5, 0], [7, 0]);
  const [found] = nearest({ queries, rows, k: 9 });
  assert.deepEqual(
    found!.map(({ row }) => row),
    [3, 4, 1, 0, 2],
  );
  const similarities = found!.map(({ similarity }) => similarity);
  [1, 1, 0.6, 0, -1].forEach((expected, i) => {
    assert.ok(Math.abs(similarities[i]! - expected) < 1e-7);
  });
  assert.ok(Math.abs(cosine(queries, 0, rows, 1) - 0.6) < 1e-15);
  assert.equal(cosine(rows, 1, queries, 0), cosine(queries, 0, rows, 1));
});

test("rows that are passed over are no neighbours", () => {
  const rows = rowsOf([1, 0], [1, 0.1], [0, 1]);
  const own = nearest({ queries: rows, rows, k: 1, except: (query, row) => query === row });
  assert.deepEqual(
    own.map(([one]) => one?.row),
    [1, 0, 1],
  );
  assert.deepEqual(nearest({ queries: rowsOf([1, 1]), rows, k: 2, except: () => true }), [[]]);
});

test("neighbours are those that comparing every pair gives", () => {
  const random = new Random("neighbours");
  const made = (count: number): number[][] =>
    Array.from({ length: count }, () => Array.from({ length: 7 }, () => Math.fround(random.normal())));
  const [queries, rows] = [made(5), made(300)];
  const found = nearest({ queries: rowsOf(...queries), rows: rowsOf(...rows), k: 4 });
  for (const [at, query] of queries.entries()) {
    const all = rows.map((row, i) => ({ row: i, similarity: angle(query, row) }));
    const best = all.sort((a, b) => b.similarity - a.similarity).slice(0, 4);
    assert.deepEqual(
      found[at]!.map(({ row }) => row),
      best.map(({ row }) => row),
    );
    for (const [i, { similarity }] of best.entries())
      assert.ok(Math.abs(found[at]![i]!.similarity - similarity) < 1e-12);
  }
});

function angle(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b));
}

test("what cannot be compared is refused", () => {
  const rows = rowsOf([1, 0], [0, 0]);
  const queries = rowsOf([1, 0]);
  assert.throws(() => nearest({ queries: rowsOf([1, 0, 0]), rows, k: 1 }), /2 features are needed, got 3/);
  assert.throws(() => nearest({ queries, rows, k: 1 }), /got row 1 of length 0/);
  assert.throws(() => nearest({ queries: rows, rows: queries, k: 1 }), /got query 1 of length 0/);
  assert.throws(() => nearest({ queries, rows: queries, k: 0 }), /a whole k above 0 is needed, got 0/);
  assert.throws(() => cosine(queries, 0, rowsOf([1]), 0), /2 features are needed, got 1/);
  assert.throws(() => cosine(queries, 0, rows, 2), /a row of 2 is needed, got 2/);
  assert.throws(() => cosine(queries, 0, rows, 1), /length above 0/);
});
