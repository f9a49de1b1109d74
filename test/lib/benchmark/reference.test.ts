/** From how many images the moments of a reference are: files of all kinds, made up and of real descriptors. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cannotBe, couldBe, explainReference } from "gpic-lab/benchmark";
import { Random } from "gpic-lab/core";
import { type FeatureRows, momentsOf, sampleDescriptors } from "gpic-lab/features";
import { gaussianRows } from "./made-sides.js";

/** Some rows of a set, drawn by seed. */
function drawn({ data, count, width }: FeatureRows, wanted: number, seed: string): FeatureRows {
  const order = new Random(seed).shuffle(Array.from({ length: count }, (_, row) => row)).slice(0, wanted);
  const some = new Float32Array(wanted * width);
  order.forEach((row, at) => {
    some.set(data.subarray(row * width, (row + 1) * width), at * width);
  });
  return { data: some, count: wanted, width };
}

test("moments of 8,000 images are told from 4,000 of their rows", async () => {
  const all = gaussianRows(8000, 32, "a large set");
  const rows = drawn(all, 4000, "kept");
  const found = await explainReference({ rows, moments: momentsOf({ rows: all }) });
  assert.equal(found.kind, "a larger set that holds the rows, or a part of them");
  assert.ok(couldBe(found, 8000), found.sentence);
  assert.ok(cannotBe(found, 4000) && cannotBe(found, 1_000_000), found.sentence);
  assert.ok(found.interval.low > 5000 && found.interval.high < 20_000, found.sentence);
  assert.match(
    found.sentence,
    /^The moments are of about [\d,]+ \(95 %: .*\) images that hold the 4,000 rows, or of about [\d,]+ .* of the rows alone: /,
  );
});

test("moments of the rows themselves are told as such, from float32 sums too", async () => {
  const rows = gaussianRows(4000, 32, "the same");
  const { mean, covariance, count } = momentsOf({ rows });
  const rounded = { count, mean: mean.map(Math.fround), covariance: covariance.map(Math.fround) };
  for (const moments of [momentsOf({ rows }), rounded]) {
    const found = await explainReference({ rows, moments });
    assert.equal(found.kind, "the same images as the rows");
    assert.ok(couldBe(found, 4000) && !couldBe(found, 40_000), found.sentence);
  }
});

test("moments of another set are no larger set that holds the rows", async () => {
  const rows = gaussianRows(1000, 16, "rows");
  const moments = momentsOf({ rows: gaussianRows(5000, 16, "others", { mean: 0.2 }) });
  const found = await explainReference({ rows, moments });
  assert.equal(found.kind, "another set, or a part of the rows");
  assert.ok(Number.isNaN(found.count) && cannotBe(found, 1_000_000));
});

test("real descriptors: the interval holds 3,000 crops for ten draws of 750 of them but two at the most, and no draw is taken for the whole", async () => {
  const crops = await sampleDescriptors("crops");
  // the law asks for eighths of more rows than columns: 32 of the descriptor's numbers
  const { count, data, width } = crops.rows;
  const some = new Float32Array(count * 32);
  for (let row = 0; row < count; row++) some.set(data.subarray(row * width, row * width + 32), row * 32);
  const all = { data: some, count, width: 32 };
  const moments = momentsOf({ rows: all });
  let held = 0;
  for (let draw = 0; draw < 10; draw++) {
    const rows = drawn(all, 750, `draw ${draw}`);
    const found = await explainReference({ rows, moments }, { seed: draw });
    const holds = found.readings.find(({ set }) => set === "a set that holds the rows")!;
    assert.ok(cannotBe(found, 750), found.sentence);
    if (holds.interval.low <= count && count <= holds.interval.high) held++;
  }
  // of 95 % intervals three misses in ten would be an accident of one in a hundred
  assert.ok(held >= 8, `${held} of 10`);
  const rows = drawn(all, 750, "the same");
  const same = await explainReference({ rows, moments: momentsOf({ rows }) });
  assert.ok(couldBe(same, 750) && !couldBe(same, count), same.sentence);
});

test("rows too few against their columns tell nothing, but that the moments are theirs", async () => {
  for (const [count, width, held] of [
    [100, 128, 1000],
    [256, 64, 4000],
  ] as const) {
    const all = gaussianRows(held, width, "wide");
    const rows = drawn(all, count, "kept");
    const found = await explainReference({ rows, moments: momentsOf({ rows: all }) });
    assert.equal(found.kind, "cannot be told");
    assert.ok(!couldBe(found, held) && !cannotBe(found, held));
    assert.match(found.sentence, new RegExp(`at least ${(8 * width).toLocaleString("en-US")} rows`));
    const own = await explainReference({ rows, moments: momentsOf({ rows }) });
    assert.equal(own.kind, "the same images as the rows");
  }
});

test("moments of an independent set are not taken for a larger one that holds the rows, nor for a million images", async () => {
  for (let draw = 0; draw < 5; draw++) {
    const rows = gaussianRows(400, 16, `rows ${draw}`);
    const moments = momentsOf({ rows: gaussianRows(20_000, 16, `independent ${draw}`) });
    const found = await explainReference({ rows, moments: { ...moments, count: undefined } }, { seed: draw });
    assert.notEqual(found.kind, "a larger set that holds the rows, or a part of them", found.sentence);
    assert.ok(!couldBe(found, 1_000_000), found.sentence);
    assert.ok(!cannotBe(found, 20_000), found.sentence);
    assert.match(found.sentence, /independent images, if their law is that of the rows/);
  }
});

test("moments of 400 of 600 rows: one of the readings is that part", async () => {
  const rows = gaussianRows(600, 16, "rows");
  const found = await explainReference({ rows, moments: momentsOf({ rows: drawn(rows, 400, "part") }) });
  const part = found.readings.find(({ set }) => set === "a part of the rows")!;
  assert.ok(part.interval.low <= 400 && 400 <= part.interval.high, found.sentence);
});

test("few rows are refused", async () => {
  const rows = gaussianRows(20, 4, "few");
  await assert.rejects(
    explainReference({ rows, moments: momentsOf({ rows }) }),
    /at least 64 rows are needed, got 20/,
  );
});
