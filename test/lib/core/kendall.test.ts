import assert from "node:assert/strict";
import { test } from "node:test";
import {
  concordanceLaw,
  concordanceOf,
  concordanceTest,
  kendallW,
  meanPairwise,
  Random,
  rankingsWithS,
  ranks,
  spearman,
} from "gpic-lab/core";
import { assertClose, goldenRows } from "./golden.js";

const strict = (raters: number, items: number): number[][] =>
  Array.from({ length: raters }, () => Array.from({ length: items }, (_, i) => i + 1));

function ordersOf(values: readonly number[]): number[][] {
  if (values.length === 0) return [[]];
  return values.flatMap((value, i) =>
    ordersOf([...values.slice(0, i), ...values.slice(i + 1)]).map((rest) => [value, ...rest]),
  );
}

/** All combinations of one order of each rater: n!^m of them. */
function combinationsOf(ratings: readonly (readonly number[])[]): number[][][] {
  return ratings.reduce<number[][][]>(
    (all, own) => all.flatMap((before) => ordersOf(own).map((order) => [...before, order])),
    [[]],
  );
}

test("W is 1 where all agree, 0 where the orders cancel, and a third for a known three by three", () => {
  assert.equal(kendallW(strict(4, 6)).w, 1);
  assert.equal(
    kendallW([
      [1, 2, 3, 4],
      [4, 3, 2, 1],
    ]).w,
    0,
  );
  assert.equal(
    kendallW([
      [1, 2, 3],
      [2, 3, 1],
      [3, 1, 2],
    ]).w,
    0,
  );
  // rank sums 5, 5, 8: S = 6, the most is 18
  assert.equal(
    kendallW([
      [1, 2, 3],
      [1, 2, 3],
      [3, 1, 2],
    ]).w,
    6 / 18,
  );
});

test("raters who agree tie for tie have W of 1, but only with the correction", () => {
  const { w, wUncorrected, ties } = kendallW([
    [1, 1, 2, 3],
    [5, 5, 6, 7],
    [0, 0, 1, 9],
  ]);
  assert.equal(w, 1);
  assert.equal(ties, 3 * (2 ** 3 - 2));
  // rank sums 4.5, 4.5, 9, 12 about 7.5: S = 40.5 of 45
  assert.equal(wUncorrected, 40.5 / 45);
});

test("where every rater ties all items there is no W", () => {
  const { w, p } = kendallW([
    [1, 1, 1],
    [2, 2, 2],
  ]);
  assert.ok(Number.isNaN(w) && Number.isNaN(p));
  assert.throws(
    () =>
      concordanceTest(
        [
          [1, 1, 1],
          [2, 2, 2],
        ],
        { seed: 1 },
      ),
    { name: "RangeError" },
  );
});

test("W asks for orders only: rising functions, shuffled items and shuffled raters change nothing", () => {
  const random = new Random("W");
  for (let i = 0; i < 20; i++) {
    const ratings = Array.from({ length: 5 }, () => Array.from({ length: 8 }, () => random.integer(6)));
    const { w } = kendallW(ratings);
    const rising = [Math.exp, Math.sqrt, (v: number) => v ** 3, (v: number) => 5 * v - 9, Math.atan];
    assertClose(kendallW(ratings.map((list, r) => list.map((v) => rising[r]!(v)))).w, w, 1e-14);
    const order = random.shuffle([0, 1, 2, 3, 4, 5, 6, 7]);
    assertClose(kendallW(ratings.map((list) => order.map((at) => list[at]!))).w, w, 1e-14);
    assertClose(kendallW(random.shuffle(ratings)).w, w, 1e-14);
  }
});

test("without ties W is (1 + (m - 1) r) / m of the mean Spearman correlation r", () => {
  const random = new Random("Spearman");
  const ratings = Array.from({ length: 7 }, () => Array.from({ length: 12 }, () => random.normal()));
  assertClose(kendallW(ratings).w, (1 + 6 * meanPairwise(ratings, spearman)) / 7, 1e-14);
});

test("the law of W is that of all combinations of rankings, ties or not", () => {
  for (const ratings of [
    strict(3, 3),
    strict(2, 4),
    [
      [1, 2, 3, 4],
      [1, 1, 2, 3],
      [1, 2, 2, 2],
    ],
    [
      [1, 1, 2],
      [1, 2, 2],
      [1, 2, 3],
      [3, 1, 1],
    ],
  ]) {
    const all = combinationsOf(ratings).map((combination) => kendallW(combination));
    const law = concordanceLaw(ratings);
    for (const { w, wUncorrected, s, probability } of law) {
      const found = all.filter((one) => Math.abs(one.s - s) < 1e-9);
      assert.equal(found.length > 0, true);
      assertClose(probability, found.length / all.length, 1e-13);
      assertClose(w, found[0]!.w, 1e-14);
      assertClose(wUncorrected, found[0]!.wUncorrected, 1e-14);
    }
    assertClose(
      law.reduce((sum, { probability }) => sum + probability, 0),
      1,
      1e-13,
    );
  }
});

test("the law of long lists with ties is exact: one item on top of forty, or of two hundred, meets the other's by 1 / n", () => {
  for (const items of [40, 200]) {
    const list = [...Array<number>(items - 1).fill(0), 1];
    const law = concordanceLaw([list, list]);
    // both on one item, or on two: S = n (n - 2) / 2 of the most, n (n - 1)
    assert.equal(law.length, 2);
    assertClose(law[0]!.w, (items - 2) / (2 * (items - 1)), 1e-12);
    assertClose(law[0]!.probability, 1 - 1 / items, 1e-12);
    assertClose(law[1]!.w, 1, 1e-12);
    assertClose(law[1]!.probability, 1 / items, 1e-12);
  }
});

test("a list whose ties leave too many orders to count is refused, however long it is", () => {
  const list = [...Array<number>(171).fill(0), ...Array.from({ length: 30 }, (_, i) => i + 1)];
  assert.throws(() => concordanceLaw([list, list]), /Cannot count all rankings/);
});

test("the law does not depend on the order of raters, and has W's mean by chance, 1 / m", () => {
  const ratings = [...strict(5, 4), [1, 1, 2, 3]];
  const law = concordanceLaw(ratings);
  const again = concordanceLaw([...ratings].reverse());
  assert.deepEqual(
    law.map(({ s }) => s),
    again.map(({ s }) => s),
  );
  for (const [i, { probability }] of law.entries()) assertClose(again[i]!.probability, probability, 1e-13);
  const mean = concordanceLaw(strict(6, 4)).reduce((sum, { w, probability }) => sum + w * probability, 0);
  assertClose(mean, 1 / 6, 1e-13);
});

test("eight untied rankings of five have even S only, from 0 to 640 with a gap below the top", () => {
  const law = concordanceLaw(strict(8, 5));
  assert.ok(law.every(({ s }) => Number.isInteger(s) && s % 2 === 0));
  assert.deepEqual(
    law.slice(-2).map(({ s }) => s),
    [626, 640],
  );
  // all seven others repeat the first
  assertClose(law.at(-1)!.probability, 120 ** -7, 1e-12);
});

test("shuffled ratings reach a W as often as the law says, within four standard errors", () => {
  const ratings = [
    [1, 2, 3, 4],
    [2, 1, 3, 4],
    [1, 2, 2, 3],
    [1, 3, 2, 4],
  ];
  const { w, p, repeats } = concordanceTest(ratings, { seed: "chance", repeats: 20_000 });
  const exact = concordanceLaw(ratings)
    .filter((one) => one.w >= w - 1e-12)
    .reduce((sum, { probability }) => sum + probability, 0);
  assert.ok(Math.abs(p - exact) < 4 * Math.sqrt((exact * (1 - exact)) / repeats), `${p} against ${exact}`);
  assert.deepEqual(
    concordanceTest(ratings, { seed: 5, repeats: 50 }),
    concordanceTest(ratings, { seed: 5, repeats: 50 }),
  );
});

test("by chance p is spread evenly: at most one in ten is at or below a tenth", () => {
  const random = new Random("even");
  let below = 0;
  for (let i = 0; i < 300; i++) {
    const ratings = Array.from({ length: 3 }, () => random.shuffle([1, 2, 3, 4, 5, 6]));
    if (concordanceTest(ratings, { seed: i, repeats: 99 }).p <= 0.1) below++;
  }
  // 30 expected, four standard deviations of 5.2
  assert.ok(below <= 51 && below >= 5, String(below));
});

test("rankings with a wanted S have it, and none is found for an S that no rankings have", () => {
  for (const [raters, items, s] of [
    [8, 6, 890],
    [9, 5, 644],
    [8, 5, 626],
    [5, 4, 125],
    [3, 4, 1],
  ] as const) {
    const rankings = rankingsWithS({ raters, items, s }, { seed: 1 });
    assert.ok(rankings !== undefined, `${raters} x ${items}: ${s}`);
    assert.equal(rankings.length, raters);
    for (const ranking of rankings) assert.deepEqual(ranks(ranking), ranking);
    assert.equal(kendallW(rankings).s, s);
    assert.equal(kendallW(rankings).ties, 0);
  }
  assert.equal(rankingsWithS({ raters: 8, items: 5, s: 509 }, { seed: 1 }), undefined);
  assert.equal(rankingsWithS({ raters: 8, items: 5, s: 638 }, { seed: 1 }), undefined);
});

test("golden: W with ties is Friedman's statistic of scipy, and p is its p", () => {
  type Row = { ratings: number[][]; w: number; chiSquare: number; p: number };
  for (const row of goldenRows<Row>("concordance")) {
    const { w, chiSquare, p } = kendallW(row.ratings);
    assertClose(w, row.w, 1e-12);
    assertClose(chiSquare, row.chiSquare, 1e-12);
    // an error of 1e-12 of a statistic of 130 moves p by half of that, 1e-10 of itself
    assertClose(p, row.p, 1e-9);
  }
});

test("too few raters, ragged lists, too much to count and options out of range are refused", () => {
  assert.throws(() => kendallW([[1, 2]]), { name: "RangeError", message: /got 1 of 2/ });
  assert.throws(() => kendallW([]), { name: "RangeError", message: /got 0 of 0/ });
  assert.throws(
    () =>
      kendallW([
        [1, 2, 3],
        [1, 2],
      ]),
    { name: "RangeError", message: /got 2 of 3 and 2/ },
  );
  assert.throws(
    () =>
      kendallW([
        [1, 2],
        [1, Number.NaN],
      ]),
    { name: "RangeError", message: /finite/ },
  );
  assert.throws(() => concordanceLaw(strict(3, 12)), { name: "RangeError", message: /concordanceTest/ });
  assert.throws(() => concordanceLaw(strict(40, 5)), { name: "RangeError", message: /concordanceTest/ });
  assert.throws(() => concordanceTest(strict(2, 3), { seed: 1, repeats: 0 }), { name: "RangeError" });
  assert.throws(() => rankingsWithS({ raters: 1, items: 3, s: 0 }, { seed: 1 }), {
    name: "RangeError",
    message: /raters is an integer of at least 2, got 1/,
  });
  assert.equal(concordanceOf({ raters: 3, items: 4, s: 45, ties: 0 }), 1);
});
