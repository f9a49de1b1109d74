import assert from "node:assert/strict";
import { test } from "node:test";
import { bonferroni, holm, normalQuantile, Random, wilsonInterval } from "gpic-lab/core";
import { assertClose, goldenRows } from "./golden.js";

test("normal quantiles agree with mpmath and are symmetric", () => {
  for (const { p, z } of goldenRows<{ p: number; z: number }>("normal-quantiles"))
    assertClose(normalQuantile(p), z, 1e-12, `z of ${p}`);
  assert.equal(normalQuantile(0.5), 0);
  assertClose(normalQuantile(0.975), -normalQuantile(0.025), 1e-14);
  assert.equal(normalQuantile(0), Number.NEGATIVE_INFINITY);
});

test("the ends of Wilson's interval are where the share is just not rejected", () => {
  const { low, high } = wilsonInterval(1087, 12_639);
  for (const end of [low, high]) {
    const z = (1087 / 12_639 - end) / Math.sqrt((end * (1 - end)) / 12_639);
    assertClose(Math.abs(z), normalQuantile(0.975), 1e-10);
  }
  assert.equal(wilsonInterval(0, 10).low, 0);
  assert.equal(wilsonInterval(10, 10).high, 1);
  // z^2 / (n + z^2)
  assertClose(wilsonInterval(0, 10).high, 3.841458820694124 / 13.841458820694124, 1e-12);
});

test("Wilson's interval holds the share about as often as it says", () => {
  const random = new Random("coverage");
  let held = 0;
  for (let i = 0; i < 4000; i++) {
    let count = 0;
    for (let k = 0; k < 60; k++) if (random.next() < 0.09) count++;
    const { low, high } = wilsonInterval(count, 60);
    if (low <= 0.09 && 0.09 <= high) held++;
  }
  // counts are whole, so coverage swings around 0.95 by two hundredths at n p of 5
  assert.ok(Math.abs(held / 4000 - 0.95) < 0.03, String(held / 4000));
});

test("Holm's correction multiplies by how many are left, keeps the order, and never exceeds Bonferroni's", () => {
  assert.deepEqual(
    holm([0.01, 0.04, 0.03]).map((p) => Number(p.toFixed(12))),
    [0.03, 0.06, 0.06],
  );
  const random = new Random("holm");
  const p = Array.from({ length: 50 }, () => random.next() ** 3);
  const [strict, simple] = [holm(p), bonferroni(p)];
  p.forEach((value, i) => {
    assert.ok(strict[i]! >= value && strict[i]! <= simple[i]!);
  });
  assert.deepEqual(holm([]), []);
});

test("under independence Holm errs once or more in at most one family of twenty", () => {
  const random = new Random("family");
  let wrong = 0;
  for (let i = 0; i < 4000; i++)
    if (holm(Array.from({ length: 8 }, () => random.next())).some((p) => p <= 0.05)) wrong++;
  // exactly 1 - (1 - 0.05/8)^8 = 0.0489; four standard errors of 0.0034
  assert.ok(Math.abs(wrong / 4000 - 0.0489) < 0.0137, String(wrong / 4000));
});

test("counts and shares out of range are refused", () => {
  assert.throws(() => wilsonInterval(11, 10), { name: "RangeError", message: /got 11 of 10/ });
  assert.throws(() => normalQuantile(Number.NaN), RangeError);
  assert.throws(() => holm([0.5, 1.5]), { name: "RangeError", message: /got 1.5/ });
});
