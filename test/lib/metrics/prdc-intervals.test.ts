/** Intervals of precision, recall, density and coverage. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random, wilsonInterval } from "gpic-lab/core";
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
  const SAMPLES = 100;
  for (const repeats of [10, 20]) {
    const held = { precision: 0, recall: 0, density: 0, coverage: 0 };
    for (let i = 0; i < SAMPLES; i++) {
      const { k } = await prdcIntervals(draw(`sample ${i}`), { seed: i, repeats });
      for (const name of NAMES) {
        const { low, high } = k[0]![name].interval;
        if (low <= sums[name] && sums[name] <= high) held[name]++;
      }
    }
    // 95 are expected, with a deviation of 2.2; below 89 once in a hundred times
    for (const name of NAMES)
      assert.ok(held[name] >= 89, `${name}: ${held[name]} of ${SAMPLES}, ${repeats} repeats`);
  }
});

test("what no draw hits is not surely 0, and what all hit not surely 1: as far as Wilson's interval", async () => {
  const random = new Random(8);
  const sets = { real: normalRows(40, random), generated: normalRows(20, random, 100) };
  const { k } = await prdcIntervals(sets, { k: [2], repeats: 10 });
  const { precision, recall, density, coverage } = k[0]!;
  assert.deepEqual([precision.value, precision.standardError], [0, 0]);
  assert.deepEqual(precision.interval, wilsonInterval(0, 20));
  assert.deepEqual(recall.interval, wilsonInterval(0, 40));
  assert.deepEqual(coverage.interval, wilsonInterval(0, 40));
  assert.deepEqual(density.interval, wilsonInterval(0, 20));
  const copies = await prdcIntervals({ real: sets.real, generated: sets.real }, { k: [15], maxRows: 30 });
  const all = copies.k[0]!.precision;
  assert.deepEqual([all.value, all.standardError], [1, 0]);
  assert.deepEqual(all.interval, wilsonInterval(30, 30));
});

test("the few draws that there are make the interval Student's", async () => {
  const random = new Random(9);
  const sets = { real: normalRows(200, random), generated: normalRows(30, random, 0.5) };
  const { k } = await prdcIntervals(sets, { repeats: 5 });
  const { value, standardError, interval } = k[0]!.density;
  assert.ok(interval.high - value >= 2.776 * standardError, `${interval.high - value}, ${standardError}`);
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
