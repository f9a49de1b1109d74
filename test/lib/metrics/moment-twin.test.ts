import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { type FeatureRows, momentsOf } from "gpic-lab/features";
import { frechetDistance, momentTwin } from "gpic-lab/metrics";

function skewed(count: number, width: number, seed: string): FeatureRows {
  const random = new Random(seed);
  return { data: Float32Array.from({ length: count * width }, () => 3 + random.normal() ** 2), count, width };
}

function skewness(rows: FeatureRows): number {
  const data = Float64Array.from(rows.data);
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const power = (p: number) => data.reduce((sum, value) => sum + (value - mean) ** p, 0) / data.length;
  return power(3) / power(2) ** 1.5;
}

for (const [count, width] of [
  [3, 2],
  [50, 1],
  [257, 16],
  [40, 64],
] as const)
  test(`${count} rows of ${width} columns keep their mean and covariance`, () => {
    const rows = skewed(count, width, "twin");
    const twin = momentTwin(rows, { seed: 1 });
    const [mine, theirs] = [momentsOf({ rows }), momentsOf({ rows: twin })];
    // rounding of some 30 turns of numbers near 5, a few times 2^-53 each: under 1e-13 of a second moment near 25
    for (const [i, value] of mine.mean.entries()) assert.ok(Math.abs(value - theirs.mean[i]!) < 1e-12);
    for (const [i, value] of mine.covariance.entries())
      assert.ok(Math.abs(value - theirs.covariance[i]!) < 1e-11);
  });

test("no row stays where it was, and the skew of the law is gone", () => {
  const rows = skewed(400, 4, "skew");
  const twin = momentTwin(rows);
  assert.ok(skewness(rows) > 2);
  // of normal rows the skewness of 1,600 numbers has a deviation of sqrt(6 / 1600) = 0.06
  assert.ok(Math.abs(skewness(twin)) < 0.25);
  for (let at = 0; at < twin.data.length; at++) assert.notEqual(twin.data[at], rows.data[at]);
});

test("the Frechet distance to the twin is zero to 1e-9 of the trace", async () => {
  const real = skewed(120, 8, "distance");
  const { covariance } = momentsOf({ rows: real });
  const trace = Array.from({ length: 8 }, (_, i) => covariance[9 * i]!).reduce(
    (sum, value) => sum + value,
    0,
  );
  const { fd } = await frechetDistance({ real, generated: momentTwin(real) });
  assert.ok(Math.abs(fd) < 1e-9 * trace, `${fd}`);
});

test("the seed alone decides, and the rows that were given stay as they are", () => {
  const rows = skewed(20, 3, "seed");
  const before = rows.data.slice();
  assert.deepEqual(momentTwin(rows, { seed: 5 }), momentTwin(rows, { seed: 5 }));
  assert.notDeepEqual(momentTwin(rows, { seed: 5 }), momentTwin(rows, { seed: 6 }));
  assert.deepEqual(rows.data, before);
});

test("two rows have no other twin than themselves, and are refused", () => {
  assert.throws(() => momentTwin(skewed(2, 3, "two")), {
    name: "RangeError",
    message: "Cannot make rows of the same moments: at least 3 rows are needed, got 2",
  });
});
