/** The maximum mean discrepancy. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import type { FeatureRows } from "gpic-lab/features";
import { packageFile } from "gpic-lab/io";
import { drawRows, mmd, mmdAllPairs, pickRows } from "gpic-lab/metrics";
import { goldenRows } from "./golden-rows.js";

type Sets = { readonly real: FeatureRows; readonly generated: FeatureRows };

function normalRows(count: number, width: number, random: Random, shift = 0): FeatureRows {
  return {
    data: Float64Array.from({ length: count * width }, () => random.normal() + shift),
    count,
    width,
  };
}

/** The definition, pair by pair. */
function bruteForce({ real, generated }: Sets): number {
  const mean = (a: FeatureRows, b: FeatureRows): number => {
    let sum = 0;
    for (let i = 0; i < a.count; i++)
      for (let j = 0; j < b.count; j++) {
        if (a === b && i === j) continue;
        let product = 0;
        for (let c = 0; c < a.width; c++) product += a.data[i * a.width + c]! * b.data[j * b.width + c]!;
        sum += (product / a.width + 1) ** 3;
      }
    return sum / (a.count * (a === b ? b.count - 1 : b.count));
  };
  return mean(real, real) + mean(generated, generated) - 2 * mean(real, generated);
}

test("three numbers a side, by hand", async () => {
  const real = { data: Float64Array.of(1, 2, 0), count: 3, width: 1 };
  const generated = { data: Float64Array.of(1, 1, 1), count: 3, width: 1 };
  // within: (27 + 1 + 1) / 3 and 8; between: (8 + 27 + 1) / 3
  const { mmd: value, counts, products } = await mmdAllPairs({ real, generated });
  assert.ok(Math.abs(value - (29 / 3 + 8 - 24)) < 1e-13, `${value}`);
  assert.deepEqual([counts, products], [{ real: 3, generated: 3 }, "float64"]);
});

test("a shift of one of two independent laws: its expectation in closed form", async () => {
  // d = 1, x normal, y = normal + s: E (xy + 1)^3 = 1 + 3 E(x^2) E(y^2), and for pairs of y with mean s also 3 s^2 + s^6
  // and so on; differences of moments: mmd = 3 s^2 + 3 (s^2)^2 + (s^3 + 3 s)^2
  const s = 0.5;
  const expected = 3 * s ** 2 + 3 * s ** 4 + (s ** 3 + 3 * s) ** 2;
  const random = new Random(2);
  const values: number[] = [];
  for (let repeat = 0; repeat < 60; repeat++) {
    const sets = { real: normalRows(150, 1, random), generated: normalRows(120, 1, random, s) };
    values.push((await mmdAllPairs(sets)).mmd);
  }
  const mean = values.reduce((a, b) => a + b) / values.length;
  const deviation = Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1),
  );
  assert.ok(
    Math.abs(mean - expected) < (4 * deviation) / Math.sqrt(values.length),
    `${mean}, not ${expected}`,
  );
});

test("the order of rows, and of sides, changes nothing but rounding", async () => {
  const random = new Random(3);
  const [real, generated] = [normalRows(90, 5, random), normalRows(70, 5, random, 0.3)];
  const there = await mmdAllPairs({ real, generated });
  const back = await mmdAllPairs({ real: generated, generated: real });
  assert.ok(Math.abs(there.mmd - back.mmd) < 1e-12);
  assert.ok(Math.abs(there.standardError - back.standardError) < 1e-12);
  const turned = {
    ...real,
    data: real.data.map((_, at) => real.data[(89 - Math.floor(at / 5)) * 5 + (at % 5)]!),
  };
  assert.ok(Math.abs((await mmdAllPairs({ real: turned, generated })).mmd - there.mmd) < 1e-12);
});

test("random sets, more than a tile among them, against the definition", async () => {
  for (const [m, n, width, offset] of [
    [3, 4, 2, 0],
    [40, 17, 9, 5],
    [600, 530, 7, -2],
  ] as const) {
    const random = new Random(m);
    const sets = {
      real: normalRows(m, width, random, offset),
      generated: normalRows(n, width, random, offset),
    };
    const expected = bruteForce(sets);
    const scale = (offset * offset + 2) ** 3;
    const { mmd: value } = await mmdAllPairs(sets);
    assert.ok(Math.abs(value - expected) < 1e-12 * scale, `${value}, not ${expected}`);
    // float32 products of rows around their centre: 2^-24 of a product of width numbers, averaged over the pairs
    const single = await mmdAllPairs(sets, { products: "float32" });
    assert.ok(Math.abs(single.mmd - expected) < 1e-6 * scale, `${single.mmd}, not ${expected}`);
    assert.equal(single.products, "float32");
  }
});

test("the standard error is the jackknife's, leaving each row out in turn", async () => {
  const random = new Random(6);
  const sets = { real: normalRows(12, 3, random), generated: normalRows(9, 3, random, 1) };
  const without = (set: FeatureRows, row: number): FeatureRows => ({
    data: set.data.filter((_, at) => Math.floor(at / 3) !== row),
    count: set.count - 1,
    width: 3,
  });
  const variance = (values: readonly number[]): number => {
    const mean = values.reduce((a, b) => a + b) / values.length;
    return (
      ((values.length - 1) / values.length) * values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    );
  };
  const rows = (count: number): number[] => Array.from({ length: count }, (_, row) => row);
  const expected = Math.sqrt(
    variance(rows(12).map((row) => bruteForce({ ...sets, real: without(sets.real, row) }))) +
      variance(rows(9).map((row) => bruteForce({ ...sets, generated: without(sets.generated, row) }))),
  );
  const { standardError, mmd: value, interval } = await mmdAllPairs(sets);
  assert.ok(Math.abs(standardError - expected) < 1e-12 * expected, `${standardError}, not ${expected}`);
  assert.ok(Math.abs(interval.high - value - 1.959963984540054 * standardError) < 1e-12);
});

test("intervals of all pairs hold the truth as often as they say, more often where both laws are one", async () => {
  const estimate = (seed: string, shift: number) => {
    const random = new Random(seed);
    return mmdAllPairs({ real: normalRows(100, 16, random), generated: normalRows(100, 16, random, shift) });
  };
  for (const [shift, fewest] of [
    [0, 95],
    [0.5, 87],
  ] as const) {
    let truth = 0;
    for (let seed = 0; seed < 200; seed++) truth += (await estimate(`law ${seed}`, shift)).mmd / 200;
    let held = 0;
    for (let seed = 0; seed < 100; seed++) {
      const { interval } = await estimate(`sample ${seed}`, shift);
      if (interval.low <= truth && truth <= interval.high) held++;
    }
    // 95 of 100 are expected; fewer than 87 of an interval that holds with 0.95 come once in two thousand times
    assert.ok(held >= fewest, `${held} of 100 at a shift of ${shift}`);
  }
});

test("one subset of all rows is the estimate of all pairs, and the seed alone makes the others", async () => {
  const random = new Random(7);
  const sets = { real: normalRows(60, 4, random), generated: normalRows(60, 4, random, 0.2) };
  const all = await mmdAllPairs(sets);
  const one = await mmd(sets, { subsets: 1 });
  assert.ok(Math.abs(one.mmd - all.mmd) < 1e-12);
  assert.ok(Number.isNaN(one.standardError));
  const some = await mmd(sets, { subsets: 200, subsetRows: 30, seed: 4 });
  assert.deepEqual(await mmd(sets, { subsets: 200, subsetRows: 30, seed: 4 }), some);
  assert.notEqual((await mmd(sets, { subsets: 200, subsetRows: 30, seed: 5 })).mmd, some.mmd);
  // each subset is unbiased for the estimate of all pairs
  assert.ok(Math.abs(some.mmd - all.mmd) < 4 * some.standardError, `${some.mmd}, not near ${all.mmd}`);
  assert.equal(some.values.length, 200);
});

const golden: { cases: Record<string, { mmd2_all_pairs: number }> } = JSON.parse(
  readFileSync(packageFile("test", "golden", "metrics", "expected.json"), "utf8"),
);

for (const [name, { mmd2_all_pairs: expected }] of Object.entries(golden.cases))
  test(`${name}: the estimate of all pairs in float64`, async () => {
    const { mmd: value } = await mmdAllPairs({
      real: await goldenRows(`${name}.real`),
      generated: await goldenRows(`${name}.generated`),
    });
    assert.ok(Math.abs(value - expected) < 1e-12 * Math.abs(expected), `${value}, not ${expected}`);
  });

test("where a subset is all rows, one is taken for all; a side that is whole gives what it always gives", async () => {
  const random = new Random(9);
  const sets = { real: normalRows(40, 4, random), generated: normalRows(40, 4, random, 0.2) };
  let steps = 0;
  const whole = await mmd(sets, { subsets: 50, onProgress: () => steps++ });
  const { mmd: all } = await mmdAllPairs(sets);
  assert.equal(steps, 1);
  assert.equal(whole.values.length, 50);
  assert.ok(whole.values.every((value) => Math.abs(value - all) < 1e-12));
  assert.ok(Math.abs(whole.mmd - all) < 1e-12 && whole.standardError < 1e-12);
  const half = { ...sets, real: normalRows(90, 4, random) };
  const { values } = await mmd(half, { subsets: 4, seed: 2 });
  assert.equal(new Set(values).size, 4);
  // by hand: the rows of each subset, drawn as there, compared in full
  const draws = new Random("mmd 2");
  for (const value of values) {
    const real = pickRows(half.real, drawRows(90, 40, draws));
    assert.ok(Math.abs(value - (await mmdAllPairs({ ...half, real })).mmd) < 1e-12);
  }
});

test("progress reaches the end, a signal stops the work, and what is no set is refused", async () => {
  const random = new Random(8);
  const [few, some, wide] = [normalRows(1, 3, random), normalRows(6, 3, random), normalRows(6, 4, random)];
  const seen: number[] = [];
  await mmdAllPairs(
    { real: some, generated: some },
    { onProgress: ({ done, total }) => seen.push(done / total) },
  );
  await mmd(
    { real: some, generated: some },
    { subsets: 3, subsetRows: 5, onProgress: ({ done }) => seen.push(done) },
  );
  assert.equal(seen[2], 1);
  assert.deepEqual(seen.slice(3), [1, 2, 3]);
  const stop = AbortSignal.abort(new Error("enough"));
  await assert.rejects(mmd({ real: some, generated: some }, { signal: stop }), /enough/);
  await assert.rejects(mmdAllPairs({ real: some, generated: some }, { signal: stop }), /enough/);
  await assert.rejects(mmd({ real: some, generated: few }), /at least 2 generated rows are needed, got 1/);
  await assert.rejects(
    mmdAllPairs({ real: { data: some.data.slice(0, 6), count: 2, width: 3 }, generated: some }),
    /at least 3 real rows are needed, got 2/,
  );
  await assert.rejects(mmd({ real: wide, generated: some }), /one width are needed, got 4 \(real\), 3/);
  await assert.rejects(mmd({ real: some, generated: some }, { subsets: 0 }), /subsets is .* got 0/);
  await assert.rejects(mmd({ real: some, generated: some }, { subsetRows: 1 }), /subsetRows is .* got 1/);
  await assert.rejects(mmd({ real: some, generated: some }, { confidence: 1 }), /confidence .* got 1/);
});
