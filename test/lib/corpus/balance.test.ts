import assert from "node:assert/strict";
import { test } from "node:test";
import { tableFromArrays } from "apache-arrow";
import { type CategoryCount, shardBalance } from "gpic-lab/corpus";
import { assertClose, goldenRows } from "../core/golden.js";
import { rowsOf } from "./made-counts.js";

const table = (counts: readonly (readonly number[])[]): CategoryCount[] =>
  rowsOf(counts.map((row) => Object.fromEntries(row.map((count, i) => [`c${i}`, count]))));

test("two shards with two categories have the statistic N (ad - bc)^2 over the product of the margins", () => {
  const { test: all, byShard } = shardBalance(
    table([
      [30, 20],
      [15, 40],
    ]),
  );
  assertClose(all.statistic, (105 * (30 * 40 - 20 * 15) ** 2) / (50 * 55 * 45 * 60), 1e-13);
  assert.equal(all.df, 1);
  // either shard against the other one is the same test; Holm doubles its p-value
  for (const one of byShard) {
    assertClose(one.statistic, all.statistic, 1e-13);
    assertClose(one.pCorrected, 2 * all.p, 1e-12);
  }
});

test("the order of rows, counts as bigint and counts in parts make no difference", () => {
  const rows = table([
    [40, 55, 12],
    [38, 61, 9],
    [51, 50, 20],
  ]);
  const other = [...rows].reverse().flatMap(({ shard, category, count }) => [
    { shard, category, count: BigInt(count) - 2n },
    { shard, category, count: 2n },
  ]);
  const [one, two] = [shardBalance(rows), shardBalance(other)];
  assertClose(two.test.statistic, one.test.statistic, 1e-13);
  assert.deepEqual(two.categories, one.categories);
  assert.deepEqual(
    two.cells.map(({ observed }) => observed).sort(),
    one.cells.map(({ observed }) => observed).sort(),
  );
});

test("an Arrow table of a grouped query is taken as it is", () => {
  const rows = tableFromArrays({
    shard: ["a", "a", "b", "b"],
    category: ["x", "y", "x", "y"],
    count: BigInt64Array.from([30n, 20n, 15n, 40n]),
  });
  const found = shardBalance(rows);
  assert.equal(found.images, 105);
  assert.deepEqual(
    found.cells.map(({ shard, category, observed }) => `${shard} ${category} ${observed}`),
    ["a y 20", "a x 30", "b y 40", "b x 15"],
  );
});

test("observed and expected have the same margins, and residuals the sign of their difference", () => {
  const { cells, images } = shardBalance(
    table([
      [40, 55, 12],
      [38, 61, 9],
      [51, 50, 20],
    ]),
  );
  const sum = (of: (cell: (typeof cells)[number]) => number): number => cells.reduce((s, c) => s + of(c), 0);
  assert.equal(
    sum(({ observed }) => observed),
    images,
  );
  assertClose(
    sum(({ expected }) => expected),
    images,
    1e-13,
  );
  for (const { observed, expected, residual } of cells)
    assert.equal(Math.sign(residual), Math.sign(observed - expected));
});

test("golden: statistic, p-value and residuals agree with scipy", () => {
  type Row = { table: number[][]; statistic: number; df: number; p: number; residuals: number[][] };
  for (const row of goldenRows<Row>("contingency")) {
    const found = shardBalance(table(row.table));
    assert.equal(found.test.method, "chi-square");
    assertClose(found.test.statistic, row.statistic, 1e-12);
    assertClose(found.test.p, row.p, 1e-11);
    assert.equal(found.test.df, row.df);
    for (const { shard, category, residual } of found.cells)
      assertClose(residual, row.residuals[Number(shard.slice(17, 22))]![Number(category.slice(1))]!, 1e-11);
  }
});

test("categories expected less than five times a shard stand together, and the result names them", () => {
  const shards = Array.from({ length: 10 }, (_, i) => ({ by: 300 + i, cc0: 20, mark: 4, pd: 3, others: 1 }));
  const found = shardBalance(rowsOf(shards));
  assert.deepEqual(found.categories, ["by", "cc0", "(others)"]);
  assert.deepEqual(found.pooled, ["mark", "pd", "others"]);
  assert.equal(found.others, "(others)");
  assert.equal(found.test.df, 9 * 2);
  assert.equal(found.images, 10 * 328 + 45);
  const joined = found.cells.filter(({ category }) => category === "(others)");
  assert.ok(joined.every(({ observed }) => observed === 8));
});

test("where rare categories together are still too rare, the smallest common one joins them", () => {
  const found = shardBalance(rowsOf(Array.from({ length: 4 }, () => ({ a: 90, b: 50, c: 30, d: 1, e: 1 }))));
  assert.deepEqual(found.categories, ["a", "b", "others"]);
  assert.deepEqual(found.pooled, ["c", "d", "e"]);
});

test("one short shard among many is no reason to give the chi-square law up, and is tested by permutation itself", () => {
  const shards = [...Array.from({ length: 40 }, (_, i) => ({ a: 200 + (i % 7), b: 100 })), { a: 1, b: 2 }];
  const found = shardBalance(rowsOf(shards));
  assert.equal(found.test.method, "chi-square");
  assert.equal(found.byShard[0]!.method, "chi-square");
  const short = found.byShard.at(-1)!;
  assert.equal(short.method, "permutation");
  assert.equal(short.replicates, 9999);
});

test("the permutation's p-value is that of Fisher's exact law, within its own error", () => {
  // 2 of 3 in one shard, 1 of 9 in the other: every table with these margins, counted
  const found = shardBalance(
    table([
      [2, 1],
      [1, 8],
    ]),
    { seed: 5 },
  );
  assert.equal(found.test.method, "permutation");
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
  let exact = 0;
  for (let a = 0; a <= 3; a++) {
    const statistic = (12 * (a * (9 - (3 - a)) - (3 - a) * (3 - a)) ** 2) / (3 * 9 * 3 * 9);
    if (statistic >= found.test.statistic - 1e-9) exact += (choose(3, a) * choose(9, 3 - a)) / choose(12, 3);
  }
  const { p, standardError = 0 } = found.test;
  assert.ok(Math.abs(p - exact) < 4 * standardError + 1e-4, `${p} against ${exact}`);
  assert.deepEqual(
    shardBalance(
      table([
        [2, 1],
        [1, 8],
      ]),
      { seed: 5 },
    ).test,
    found.test,
  );
  assert.notEqual(
    shardBalance(
      table([
        [2, 1],
        [1, 8],
      ]),
      { seed: 6 },
    ).test.p,
    p,
  );
});

test("a difference that no share can have is not called detectable", () => {
  const small = shardBalance(
    table([
      [3, 2],
      [2, 2],
      [4, 1],
      [2, 3],
    ]),
  );
  assert.ok(small.power.some(({ oneShard }) => oneShard === null));
  const large = shardBalance(
    table([
      [3000, 2000],
      [2900, 2100],
      [3000, 2000],
    ]),
  );
  for (const { oneShard, allShards } of large.power) assert.ok(oneShard! > 0 && allShards! < oneShard!);
});

test("shards without an image are left out by name; too little to compare and wrong counts are refused", () => {
  const rows = [
    ...table([
      [30, 20],
      [15, 40],
    ]),
    { shard: "empty", category: "c0", count: 0 },
  ];
  assert.deepEqual(shardBalance(rows).emptyShards, ["empty"]);
  assert.throws(() => shardBalance(table([[5, 5]])), { name: "RangeError", message: /got 1 and 2/ });
  assert.throws(() => shardBalance([]), { name: "RangeError", message: /got 0 and 0/ });
  assert.throws(() => shardBalance([{ shard: "a", category: "b", count: 1.5 }]), /whole numbers/);
  assert.throws(() => shardBalance([{ shard: "a", category: null as unknown as string, count: 1 }]), {
    name: "TypeError",
    message: /got a and null/,
  });
  assert.throws(() => shardBalance(rows, { level: 1 }), { name: "RangeError", message: /level/ });
  assert.throws(() => shardBalance(rows, { replicates: 3 }), { name: "RangeError", message: /replicates/ });
});
