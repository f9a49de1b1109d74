/** Memorisation: nearest training images, calibrated thresholds, authenticity, the train/test gap. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { type FeatureRows, momentsOf, sampleDescriptors } from "gpic-lab/features";
import { frechetDistance, frechetGap, memorisation } from "gpic-lab/metrics";

function normalRows(count: number, width: number, random: Random, scale = 1): FeatureRows {
  return { data: Float32Array.from({ length: count * width }, () => scale * random.normal()), count, width };
}

function joined(...sets: readonly FeatureRows[]): FeatureRows {
  const data = Float32Array.from(sets.flatMap((set) => [...set.data]));
  return { data, count: data.length / sets[0]!.width, width: sets[0]!.width };
}

function picked({ data, width }: FeatureRows, rows: readonly number[]): FeatureRows {
  return {
    data: Float32Array.from(rows.flatMap((row) => [...data.subarray(row * width, (row + 1) * width)])),
    count: rows.length,
    width,
  };
}

test("numbers on a line, by hand", async () => {
  const line = (...data: number[]): FeatureRows => ({
    data: Float64Array.from(data),
    count: data.length,
    width: 1,
  });
  const found = await memorisation(
    { training: line(0, 10, 14), heldOut: line(1, 3, 5, 18), generated: line(0.5, 10, 12, 19) },
    { falseAlarmRate: 0.4 },
  );
  assert.deepEqual([...found.nearest.indices], [0, 1, 1, 2]);
  assert.deepEqual([...found.nearest.distances], [0.5, 0, 2, 5]);
  // held-out distances 1, 3, 5, 4; floor(0.4 x 5) = 2: the second smallest
  assert.equal(found.threshold, 3);
  assert.deepEqual([...found.flagged], [1, 0, 2]);
  assert.deepEqual([...found.pValues], [0.2, 0.2, 0.4, 1]);
  // nearest others of 0, 10, 14: 10, 4, 4
  assert.deepEqual([...found.isAuthentic], [0, 0, 0, 1]);
  assert.deepEqual(found.authenticity, { generated: 0.25, heldOut: 0 });
});

test("copies are flagged where copies among the held-out images make the threshold 0, which is said", async () => {
  const random = new Random(7);
  const training = normalRows(30, 3, random);
  const heldOut = joined(picked(training, [4]), normalRows(98, 3, random));
  const generated = joined(normalRows(3, 3, random), picked(training, [9]));
  const found = await memorisation({ training, heldOut, generated });
  assert.deepEqual([found.threshold, found.heldOutCopies, [...found.flagged]], [0, 1, [3]]);
  assert.equal(found.flaggedShare, 1 / 4);
});

test("images of the held-out law are flagged no more often than the rate says", async () => {
  let flagged = 0;
  const sets = 30;
  for (let seed = 0; seed < sets; seed++) {
    const random = new Random(seed);
    const [training, heldOut, generated] = [100, 99, 100].map((count) => normalRows(count, 3, random));
    const found = await memorisation(
      { training: training!, heldOut: heldOut!, generated: generated! },
      { falseAlarmRate: 0.1 },
    );
    flagged += found.flagged.length;
  }
  // the rate is exactly 0.1 without ties; thresholds of 99 images make the share of a set swing by 0.03, and the hundred
  // images under one threshold by as much: the mean of 30 sets by 0.008
  const share = flagged / (100 * sets);
  assert.ok(Math.abs(share - 0.1) < 0.03, `${share}`);
});

test("copies planted among crops of other photographs are found, and crops of trained photographs too", async () => {
  const { rows, keys } = await sampleDescriptors("crops");
  const photographs = [...new Set(keys)];
  const numbers = keys.map((key) => photographs.indexOf(key));
  const firsts = new Set(photographs.map((key) => keys.indexOf(key)));
  const of = (third: number, isIn: (crop: number) => boolean) =>
    picked(
      rows,
      keys.map((_, crop) => crop).filter((crop) => numbers[crop]! % 3 === third && isIn(crop)),
    );
  const training = of(0, (crop) => !firsts.has(crop));
  const heldOut = of(1, () => true);
  const clean = of(2, () => true);
  const copies = picked(training, [3, 200]);
  const otherCrops = of(0, (crop) => firsts.has(crop));

  const alone = await memorisation({ training, heldOut, generated: clean });
  assert.ok(alone.flaggedShare <= 0.01, `${alone.flaggedShare} of crops of other photographs`);
  assert.equal(alone.authenticity.generated, 1);

  const planted = await memorisation({ training, heldOut, generated: joined(clean, copies, otherCrops) });
  const first = clean.count;
  assert.deepEqual([...planted.flagged.subarray(0, 2)], [first, first + 1]);
  assert.deepEqual([...planted.nearest.indices.subarray(first, first + 2)], [3, 200]);
  assert.deepEqual([...planted.nearest.distances.subarray(first, first + 2)], [0, 0]);
  assert.deepEqual([...planted.isAuthentic.subarray(first, first + 2)], [0, 0]);
  const found = planted.flagged.filter((row) => row >= first + 2).length;
  assert.ok(found >= 0.9 * otherCrops.count, `${found} of ${otherCrops.count} other crops`);
});

test("the gap is the difference of two distances of as many rows", async () => {
  const random = new Random(4);
  const [training, heldOut, generated] = [40, 40, 50].map((count) => normalRows(count, 4, random));
  const sets = { training: training!, heldOut: heldOut!, generated: generated! };
  const { training: near, heldOut: far, gap, rows } = await frechetGap(sets, { permutations: 0 });
  const to = async (set: FeatureRows) =>
    (
      await frechetDistance({
        real: momentsOf({ rows: sets.generated }),
        generated: momentsOf({ rows: set }),
      })
    ).fd;
  assert.ok(Math.abs(near - (await to(sets.training))) < 1e-9);
  assert.ok(Math.abs(far - (await to(sets.heldOut))) < 1e-9);
  assert.deepEqual([gap, rows], [far - near, 40]);
});

test("a model that repeats its training images has a gap that chance does not make; an honest one has none", async () => {
  const random = new Random(5);
  const [training, heldOut, honest] = [60, 80, 60].map((count) => normalRows(count, 10, random));
  const repeated = joined(training!, normalRows(5, 10, random));
  const copying = await frechetGap({ training: training!, heldOut: heldOut!, generated: repeated });
  assert.equal(copying.pValue, 0.05);
  assert.ok(copying.gap > 0 && copying.rows === 60 && copying.byChance.length === 19);
  const clean = await frechetGap({ training: training!, heldOut: heldOut!, generated: honest! });
  assert.ok(clean.pValue > 0.05, `${clean.pValue}`);
  assert.deepEqual(await frechetGap({ training: training!, heldOut: heldOut!, generated: honest! }), clean);
});

test("too few held-out images for the rate, one training image, and other widths are refused", async () => {
  const random = new Random(6);
  const [training, heldOut, generated] = [5, 98, 5].map((count) => normalRows(count, 3, random));
  const sets = { training: training!, heldOut: heldOut!, generated: generated! };
  await assert.rejects(memorisation(sets), /rate of 0.01: at least 99 held-out rows are needed, got 98/);
  await memorisation({ ...sets, heldOut: normalRows(99, 3, random) });
  await assert.rejects(memorisation(sets, { falseAlarmRate: 0 }), /between 0 and 1 is needed, got 0/);
  const one = normalRows(1, 3, random);
  await assert.rejects(
    memorisation({ ...sets, training: one }),
    /at least 2 training rows are needed, got 1/,
  );
  await assert.rejects(
    memorisation({ ...sets, generated: normalRows(5, 4, random) }),
    /got 3 \(training\), 3 \(heldOut\), 4 \(generated\)/,
  );
  await assert.rejects(frechetGap({ ...sets, training: one }), /at least 2 training rows are needed, got 1/);
  await assert.rejects(frechetGap(sets, { permutations: -1 }), /permutations is .* got -1/);
});
