/** From how many images the moments of a reference are: files of all kinds, made up and of real descriptors. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { couldBe, explainReference } from "gpic-lab/benchmark";
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

test("moments of 40,000 images are told from 4,000 of their rows", async () => {
  const all = gaussianRows(40_000, 32, "a large set");
  const rows = drawn(all, 4000, "kept");
  const found = await explainReference({ rows, moments: momentsOf({ rows: all }) });
  assert.equal(found.kind, "a larger set that holds the rows");
  assert.ok(couldBe(found, 40_000), found.sentence);
  assert.ok(!couldBe(found, 4000), found.sentence);
  assert.ok(found.interval.low > 8000, found.sentence);
  assert.match(
    found.sentence,
    /^The moments are of a larger set that holds the rows, of about .* images \(95 %: /,
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
  assert.equal(found.kind, "another set");
  assert.ok(Number.isNaN(found.count) && !couldBe(found, 5000));
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
    assert.equal(found.kind, "a larger set that holds the rows");
    assert.ok(!couldBe(found, 750), found.sentence);
    if (couldBe(found, count)) held++;
  }
  // of 95 % intervals three misses in ten would be an accident of one in a hundred
  assert.ok(held >= 8, `${held} of 10`);
  const rows = drawn(all, 750, "the same");
  const same = await explainReference({ rows, moments: momentsOf({ rows }) });
  assert.ok(couldBe(same, 750) && !couldBe(same, count), same.sentence);
});

test("few rows are refused", async () => {
  const rows = gaussianRows(20, 4, "few");
  await assert.rejects(
    explainReference({ rows, moments: momentsOf({ rows }) }),
    /at least 64 rows are needed, got 20/,
  );
});
