/** Intervals of precision, recall, density and coverage. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import type { FeatureRows } from "gpic-lab/features";
import { prdc, prdcIntervals } from "gpic-lab/metrics";

function normalRows(count: number, random: Random, shift = 0): FeatureRows {
  return { data: Float32Array.from({ length: count * 4 }, () => random.normal() + shift), count, width: 4 };
}

const NAMES = ["precision", "recall", "density", "coverage"] as const;

test("intervals hold the mean of the law about as often as they say", async () => {
  const draw = (seed: string) => {
    const random = new Random(seed);
    return { real: normalRows(120, random), generated: normalRows(120, random, 0.4) };
  };
  const sums = { precision: 0, recall: 0, density: 0, coverage: 0 };
  const LAWS = 200;
  for (let i = 0; i < LAWS; i++) {
    const values = (await prdc(draw(`law ${i}`))).k[0]!;
    for (const name of NAMES) sums[name] += values[name] / LAWS;
  }
  const held = { precision: 0, recall: 0, density: 0, coverage: 0 };
  for (let i = 0; i < 50; i++) {
    const { k } = await prdcIntervals(draw(`sample ${i}`), { seed: i });
    for (const name of NAMES) {
      const { low, high } = k[0]![name].interval;
      if (low <= sums[name] && sums[name] <= high) held[name]++;
    }
  }
  // 47.5 of 50 are expected; below 41 once in a thousand times
  for (const name of NAMES) assert.ok(held[name] >= 41, `${name}: ${held[name]} of 50`);
});

test("values are those of all rows, repetitions take half, and the seed makes them", async () => {
  const random = new Random(1);
  const sets = { real: normalRows(61, random), generated: normalRows(50, random) };
  const found = await prdcIntervals(sets, { k: [2, 4], seed: 3, repeats: 6 });
  const { k } = await prdc(sets, { k: [2, 4], seed: 3 });
  assert.deepEqual(
    found.k.map((one) => [one.k, ...NAMES.map((name) => one[name].value)]),
    k.map((one) => [one.k, ...NAMES.map((name) => one[name])]),
  );
  assert.deepEqual(found.repeatRows, { real: 30, generated: 25 });
  assert.deepEqual(await prdcIntervals(sets, { k: [2, 4], seed: 3, repeats: 6 }), found);
  const { precision } = found.k[0]!;
  assert.ok(precision.standardError > 0 && precision.interval.high <= 1);
});

test("of many rows a repetition takes as many as the value", async () => {
  const random = new Random(2);
  const sets = { real: normalRows(400, random), generated: normalRows(300, random) };
  const { repeatRows, whole } = await prdcIntervals(sets, { maxRows: 40, repeats: 5 });
  assert.deepEqual([repeatRows, whole.rows.real.length], [{ real: 40, generated: 40 }, 40]);
});

test("options out of range, and halves too small for k, are refused", async () => {
  const random = new Random(3);
  const sets = { real: normalRows(11, random), generated: normalRows(20, random) };
  await assert.rejects(prdcIntervals(sets), /at least 6 real rows are needed for k = 5, got 5/);
  await assert.rejects(
    prdcIntervals(sets, { k: [1], repeats: 2 }),
    /repeats is an integer of at least 5, got 2/,
  );
  await assert.rejects(
    prdcIntervals(sets, { k: [1], confidence: 0 }),
    /confidence lies between 0 and 1, got 0/,
  );
});
