/** What each image does to the Frechet distance, against leaving it out and computing again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pearson, Random, spearman } from "gpic-lab/core";
import { type FeatureRows, momentsOf, sampleDescriptors } from "gpic-lab/features";
import { frechetDistance, frechetFrom, frechetInfluence } from "gpic-lab/metrics";

/** Normal rows whose deviations fall with the column. */
function normalRows(count: number, width: number, seed: number, shift = 0): FeatureRows {
  const random = new Random(seed);
  const data = Float64Array.from(
    { length: count * width },
    (_, at) => random.normal() / (1 + (at % width) / 4) + shift,
  );
  return { data, count, width };
}

function without({ data, count, width }: FeatureRows, row: number): FeatureRows {
  return { data: data.filter((_, at) => Math.floor(at / width) !== row), count: count - 1, width };
}

/** The distance with each of the rows less the distance without it, all computed again. */
async function leftOut(real: FeatureRows, generated: FeatureRows, rows: readonly number[]) {
  const distance = await frechetFrom(momentsOf({ rows: real }));
  const { fd } = await distance(momentsOf({ rows: generated }));
  const influence: number[] = [];
  for (const row of rows)
    influence.push(fd - (await distance(momentsOf({ rows: without(generated, row) }))).fd);
  return influence;
}

const first = (count: number) => Array.from({ length: count }, (_, i) => i);

const spread = (values: readonly number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));

test("of numbers in one column the influence is what the formula of two normal laws says", async () => {
  const real = { mean: Float64Array.of(1), covariance: Float64Array.of(4) };
  const values = [0, 1, 2, 3, 9];
  const generated = { data: Float64Array.from(values), count: 5, width: 1 };
  const of = (numbers: readonly number[]) => {
    const mean = numbers.reduce((a, b) => a + b) / numbers.length;
    const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (numbers.length - 1);
    return (mean - 1) ** 2 + (Math.sqrt(variance) - 2) ** 2;
  };
  const { fd, influence, leastHelpful } = await frechetInfluence({ real, generated });
  assert.ok(Math.abs(fd - of(values)) < 1e-13);
  values.forEach((_, i) => {
    const expected = of(values) - of(values.filter((_, j) => j !== i));
    // the trapezoid rule's exp(-pi^2 / 0.4) = 2e-11 of terms of 1 to 10, its ends 1e-10 of them
    assert.ok(Math.abs(influence[i]! - expected) < 1e-8, `${i}: ${influence[i]} is not ${expected}`);
  });
  assert.equal(leastHelpful[0], 4);
});

test("an image far from the real ones raises the distance most; rankings are of 20 from either end", async () => {
  const generated = normalRows(100, 8, 2);
  generated.data.fill(5, 37 * 8, 38 * 8);
  const result = await frechetInfluence({ real: normalRows(200, 8, 1), generated });
  assert.equal(result.leastHelpful[0], 37);
  assert.ok(result.influence[37]! > 0 && result.influence[result.mostHelpful[0]!]! < 0);
  assert.equal(result.mostHelpful.length, 20);
  const all = Array.from(result.influence).sort((a, b) => a - b);
  assert.deepEqual(
    result.mostHelpful.map((row) => result.influence[row]),
    all.slice(0, 20),
  );
  assert.deepEqual(
    result.leastHelpful.map((row) => result.influence[row]),
    all.slice(-20).reverse(),
  );
});

test("to first order the influences of all images sum to what the terms of size one over n leave", async () => {
  // sum of 2 d.c is 0, that of |c|^2 - c'Tc is (n - 1) (Tr S2 - sum of roots), so n/(n - 2) - n/(n - 2) = 0 remains
  const { firstOrder } = await frechetInfluence({
    real: normalRows(90, 12, 1),
    generated: normalRows(70, 12, 2, 0.3),
  });
  assert.ok(Math.abs(firstOrder.reduce((a, b) => a + b, 0)) < 1e-12);
});

const cases = [
  { name: "regular covariances", real: normalRows(200, 24, 1), generated: normalRows(150, 24, 2, 0.2) },
  { name: "hardly more rows than columns", real: normalRows(200, 24, 1), generated: normalRows(27, 24, 3) },
  { name: "fewer rows than columns", real: normalRows(200, 24, 1), generated: normalRows(15, 24, 4) },
  { name: "fewer real rows than columns", real: normalRows(13, 24, 5), generated: normalRows(150, 24, 6) },
];

for (const { name, real, generated } of cases)
  test(`${name}: the influence is what leaving out and computing again gives`, async () => {
    const rows = first(Math.min(40, generated.count));
    const expected = await leftOut(real, generated, rows);
    const { influence, firstOrder, fd, rank } = await frechetInfluence({ real, generated });
    const { fd: again } = await frechetDistance({
      real: momentsOf({ rows: real }),
      generated: momentsOf({ rows: generated }),
    });
    assert.ok(Math.abs(fd - again) < 1e-10 * fd);
    assert.equal(rank, Math.min(24, real.count - 1, generated.count - 1));
    const errors = rows.map((row) => influence[row]! - expected[row]!);
    // singular sides: roots of eigenvalues about zero move the distances that are subtracted by 1e-8 of their own
    assert.ok(spread(errors) < 1e-6 * spread(expected), `${spread(errors)} of ${spread(expected)}`);
    const toFirstOrder = rows.map((row) => firstOrder[row]!);
    // first order takes an image's share of the covariance, about d/n, for small: it is 1 where rows are fewer
    const correlation = pearson(toFirstOrder, expected);
    assert.ok(correlation > (generated.count > 100 ? 0.99 : 0.7), `${correlation}`);
  });

test("the first order's error falls with the number of images, as the terms of order two do", async () => {
  const real = normalRows(400, 8, 1);
  const errors: number[] = [];
  for (const count of [100, 400]) {
    const { influence, firstOrder } = await frechetInfluence({
      real,
      generated: normalRows(count, 8, 2, 0.3),
    });
    const off = Array.from(influence, (value, i) => value - firstOrder[i]!);
    errors.push(spread(off) / spread([...influence]));
  }
  // four times as many rows: a quarter of the relative error, give or take what the draw does
  assert.ok(errors[1]! < 0.4 * errors[0]!, `${errors}`);
});

test("descriptors of photographs, fewer than columns: first order keeps the ranks, not the size", async () => {
  const real = (await sampleDescriptors("release")).rows;
  const whole = (await sampleDescriptors("pool")).rows;
  const width = 48;
  const cut = ({ data, count }: FeatureRows, most: number): FeatureRows => ({
    data: data.filter((_, at) => at % 512 < width && at < most * 512),
    count: Math.min(count, most),
    width,
  });
  const generated = cut(whole, 45);
  const { influence, firstOrder } = await frechetInfluence({ real: cut(real, 152), generated });
  const expected = await leftOut(cut(real, 152), generated, first(45));
  assert.ok(pearson([...influence], expected) > 0.999999);
  assert.ok(spearman([...firstOrder], expected) > 0.8, `${spearman([...firstOrder], expected)}`);
  assert.ok(spread([...firstOrder]) < 0.8 * spread(expected));
});

test("moving both sides together changes nothing, and float32 rows do as float64 ones", async () => {
  const [real, generated] = [normalRows(60, 6, 1), normalRows(50, 6, 2, 0.1)];
  const moved = (rows: FeatureRows): FeatureRows => ({
    ...rows,
    data: Float32Array.from(rows.data, (x) => Math.fround(x) + 4),
  });
  const rounded = (rows: FeatureRows): FeatureRows => ({
    ...rows,
    data: Float64Array.from(moved(rows).data, (x) => x - 4),
  });
  const there = await frechetInfluence({ real: rounded(real), generated: rounded(generated) });
  const here = await frechetInfluence({ real: moved(real), generated: moved(generated) });
  for (const [i, value] of here.influence.entries()) assert.ok(Math.abs(value - there.influence[i]!) < 1e-9);
});

test("too few rows, other widths and NaN are refused, and a signal stops the walk", async () => {
  const [real, generated] = [normalRows(9, 3, 1), normalRows(9, 3, 2)];
  await assert.rejects(
    frechetInfluence({ real, generated: { ...generated, count: 2 } }),
    /at least 3 generated rows are needed, got 2/,
  );
  await assert.rejects(
    frechetInfluence({ real, generated: normalRows(9, 2, 1) }),
    /a mean of 3 .* got 2 and 4 numbers of generated/,
  );
  const broken = { mean: Float64Array.of(0, Number.NaN, 0), covariance: new Float64Array(9) };
  await assert.rejects(frechetInfluence({ real: broken, generated }), /NaN or infinity in the real/);
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(frechetInfluence({ real, generated }, { signal }), /enough/);
  const steps: number[] = [];
  await frechetInfluence(
    { real, generated },
    { onProgress: ({ rowsDone, rowsTotal }) => steps.push(rowsDone / rowsTotal) },
  );
  assert.deepEqual(steps, [1]);
});
