import assert from "node:assert/strict";
import { test } from "node:test";
import { meanPairwise, pearson, Random, ranks, spearman, tieSizes } from "gpic-lab/core";
import { assertClose, goldenRows } from "./golden.js";

/** Whole numbers from a few, so that many are equal. */
function drawn(random: Random, length: number): number[] {
  return Array.from({ length }, () => random.integer(7) - 3);
}

test("equal values share their mean rank, and correlations of short lists have their closed forms", () => {
  assert.deepEqual(ranks([3, 1, 3]), [2.5, 1, 2.5]);
  assert.deepEqual(ranks([]), []);
  assert.deepEqual(ranks([0, -0, 5]), [1.5, 1.5, 3]);
  assert.deepEqual(tieSizes([2.5, 1, 2.5, 4, 5.5, 5.5]), [2, 2]);
  assert.equal(pearson([1, 2, 3], [2, 4, 6]), 1);
  assert.equal(pearson([1, 2, 3], [6, 4, 2]), -1);
  assert.equal(pearson([-1, 0, 1], [1, 0, 1]), 0);
  assert.equal(spearman([1, 2, 3], [1, 10, -5]), -0.5);
  assertClose(
    meanPairwise([
      [1, 2, 3],
      [2, 4, 6],
      [3, 2, 1],
    ]),
    -1 / 3,
    1e-15,
  );
});

test("ranks are those that counting the smaller and the equal ones gives, and have the sum of the ranks", () => {
  const random = new Random("ranks");
  for (let i = 0; i < 50; i++) {
    const values = drawn(random, 1 + random.integer(40));
    const ranked = ranks(values);
    values.forEach((value, k) => {
      const smaller = values.filter((other) => other < value).length;
      const equal = values.filter((other) => other === value).length;
      assert.equal(ranked[k], smaller + (equal + 1) / 2);
    });
    assert.equal(
      ranked.reduce((sum, rank) => sum + rank, 0),
      (values.length * (values.length + 1)) / 2,
    );
  }
});

test("Pearson's correlation outlives a change of unit, Spearman's any rising function; both are symmetric", () => {
  const random = new Random("invariants");
  for (let i = 0; i < 20; i++) {
    const x = Array.from({ length: 15 }, () => random.normal());
    const y = x.map((value) => value + random.normal());
    // the sums have 15 terms of size one, and the shift by 100 costs two digits: 1e-16 x 15 x 100
    assertClose(
      pearson(
        x.map((v) => 100 - 7 * v),
        y,
      ),
      -pearson(x, y),
      2e-13,
    );
    assert.equal(
      spearman(
        x.map(Math.exp),
        y.map((v) => v ** 3),
      ),
      spearman(x, y),
    );
    assert.equal(pearson(x, y), pearson(y, x));
  }
});

test("numbers as large or small as float64 holds do not break the correlation", () => {
  const x = [1, 2, 4, 7];
  const y = [3, 1, 5, 9];
  for (const unit of [1e-300, 1e300])
    assertClose(
      pearson(
        x.map((v) => v * unit),
        y,
      ),
      pearson(x, y),
      1e-14,
    );
});

test("a constant list has no correlation, which is not zero", () => {
  assert.ok(Number.isNaN(pearson([0.1, 0.1, 0.1], [1, 2, 3])));
  assert.ok(Number.isNaN(spearman([1, 2, 3], [5, 5, 5])));
});

test("golden: ranks and correlations agree with scipy", () => {
  type Row = { x: number[]; y: number[]; ranks: number[]; pearson: number; spearman: number };
  for (const row of goldenRows<Row>("correlation")) {
    assert.deepEqual(ranks(row.x), row.ranks);
    // one pair lies around 1e9 with deviations of 100: the mean is good to 1e-16 x 1e9, a hundred-millionth of them
    assertClose(pearson(row.x, row.y), row.pearson, Math.max(...row.y) > 9e8 ? 1e-8 : 1e-13);
    assertClose(spearman(row.x, row.y), row.spearman, 1e-13);
  }
});

test("lists of different lengths, of one number, or with numbers that are none are refused", () => {
  assert.throws(() => pearson([1, 2], [1]), { name: "RangeError", message: /one length/ });
  assert.throws(() => pearson([1], [1]), { name: "RangeError", message: /at least 2/ });
  assert.throws(() => pearson([1, Number.NaN], [1, 2]), { name: "RangeError", message: /finite/ });
  assert.throws(() => spearman([1, 2], [1, Number.POSITIVE_INFINITY]), RangeError);
  assert.throws(() => ranks([1, Number.NaN]), { name: "RangeError", message: /got NaN/ });
  assert.throws(() => meanPairwise([[1, 2]]), { name: "RangeError", message: /two lists/ });
});
