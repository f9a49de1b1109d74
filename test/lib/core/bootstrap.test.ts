import assert from "node:assert/strict";
import { test } from "node:test";
import { bootstrap, Random } from "gpic-lab/core";
import { assertClose } from "./golden.js";

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

test("the interval of a constant is a point, and that of the largest of two has its closed form", () => {
  const { low, high, estimate, standardError } = bootstrap([3, 3, 3], mean, { seed: 1 });
  assert.deepEqual([low, estimate, high, standardError], [3, 3, 3, 0]);
  // the larger of two draws of { 0, 1 } is 1 three times in four
  const larger = bootstrap([0, 1], (drawn) => Math.max(...drawn), { seed: 2, repeats: 20_000 });
  // four standard errors of a share of 3/4
  assert.ok(Math.abs(larger.mean - 0.75) < 4 * Math.sqrt((0.75 * 0.25) / 20_000), String(larger.mean));
});

test("the standard error of a mean is the spread over the root of n", () => {
  const random = new Random("mean");
  const values = Array.from({ length: 50 }, () => random.normal());
  const center = mean(values);
  const spread = Math.sqrt(mean(values.map((v) => (v - center) ** 2)));
  const found = bootstrap(values, mean, { seed: 3, repeats: 4000 });
  // a standard deviation of 4,000 draws is good to 1 / sqrt(8000) = 1.1 %
  assertClose(found.standardError, spread / Math.sqrt(50), 0.045);
  assertClose(found.mean, center, 4 * (found.standardError / Math.sqrt(4000) / Math.abs(center)));
});

test("all draws of three items, counted out, have the percentiles that many drawn ones have", () => {
  const items = [1, 4, 9];
  const all = items
    .flatMap((a) => items.flatMap((b) => items.map((c) => mean([a, b, c]))))
    .sort((a, b) => a - b);
  const { low, high } = bootstrap(items, mean, { seed: 4, repeats: 20_000, confidence: 0.8 });
  // the tenth and the ninetieth percentile of 27 equally likely values: the third and the twenty-fifth
  assert.deepEqual([low, high], [all[2], all[24]]);
});

test("95 % intervals of a mean hold the true mean nearly as often", () => {
  const random = new Random("coverage");
  let held = 0;
  for (let i = 0; i < 300; i++) {
    const values = Array.from({ length: 40 }, () => random.normal());
    const { low, high } = bootstrap(values, mean, { seed: i, repeats: 300 });
    if (low <= 0 && high >= 0) held++;
  }
  // 95 % less what 40 items cost (1 to 2 %), less four standard errors of 1.3 %
  assert.ok(held / 300 > 0.88 && held / 300 < 0.99, String(held));
});

test("equal seeds give equal intervals, other seeds others, and a wider confidence a wider interval", () => {
  const items = [5, 1, 8, 2, 9, 3];
  const one = bootstrap(items, mean, { seed: "a", repeats: 500 });
  assert.deepEqual(bootstrap(items, mean, { seed: "a", repeats: 500 }), one);
  assert.notEqual(bootstrap(items, mean, { seed: "b", repeats: 500 }).mean, one.mean);
  const wide = bootstrap(items, mean, { seed: "a", repeats: 500, confidence: 0.99 });
  assert.ok(wide.low <= one.low && wide.high >= one.high);
});

test("draws in which the statistic has no value are counted and left out", () => {
  const ratio = (drawn: readonly number[]): number => mean(drawn) / (Math.max(...drawn) - Math.min(...drawn));
  const { undefinedDraws, low, high, repeats } = bootstrap([1, 2], ratio, { seed: 6 });
  // half of the draws hold one item twice: four standard errors
  assert.ok(Math.abs(undefinedDraws / repeats - 0.5) < 4 * Math.sqrt(0.25 / repeats));
  assert.deepEqual([low, high], [1.5, 1.5]);
});

test("too few items, options out of range and a statistic without a value are refused", () => {
  assert.throws(() => bootstrap([1], mean, { seed: 1 }), { name: "RangeError", message: /two items/ });
  assert.throws(() => bootstrap([1, 2], mean, { seed: 1, repeats: 1.5 }), { name: "RangeError" });
  assert.throws(() => bootstrap([1, 2], mean, { seed: 1, confidence: 1 }), { name: "RangeError" });
  assert.throws(() => bootstrap([1, 2], () => Number.NaN, { seed: 1 }), {
    name: "RangeError",
    message: /got NaN/,
  });
});
