import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { expectedCoverage, prdc } from "gpic-lab/metrics";

test("one neighbour and one generated row: it is nearer than N - 1 others with a chance of 1 / N", () => {
  assert.equal(expectedCoverage({ real: 10, generated: 1, k: 1 }), 1 - 9 / 10);
});

test("with many rows of each side a real one is missed with a chance of 2^-k", () => {
  for (const k of [1, 4, 5, 6]) {
    // each of k factors is (N - i) / (2N - i) = 1/2 - i / (2 (2N - i)), so less than k(k+1)/2N off in all
    const off = Math.abs(expectedCoverage({ real: 1e6, generated: 1e6, k }) - (1 - 2 ** -k));
    assert.ok(off < (k * (k + 1)) / 2e6, `k = ${k}: ${off}`);
  }
});

test("coverage rises with k and with generated rows, and falls with real ones", () => {
  const of = (real: number, generated: number, k: number) => expectedCoverage({ real, generated, k });
  assert.ok(of(100, 100, 5) > of(100, 100, 4));
  assert.ok(of(100, 200, 5) > of(100, 100, 5));
  assert.ok(of(200, 100, 5) < of(100, 100, 5));
});

test("the mean over draws of one law is what is expected, in one column as in eight, for unequal counts too", async () => {
  for (const [real, generated, width] of [
    [40, 40, 1],
    [60, 20, 8],
  ] as const) {
    const random = new Random(`coverage ${width}`);
    const draw = (count: number) => ({
      data: Float64Array.from({ length: count * width }, () => random.normal()),
      count,
      width,
    });
    const draws = 300;
    const found = new Float64Array(draws);
    for (let i = 0; i < draws; i++)
      found[i] = (await prdc({ real: draw(real), generated: draw(generated) }, { k: [3] })).k[0]!.coverage;
    const mean = found.reduce((sum, value) => sum + value, 0) / draws;
    const spread = Math.sqrt(found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws - 1));
    // four standard errors: passed by chance alone in all but one seed of 16,000
    const off = Math.abs(mean - expectedCoverage({ real, generated, k: 3 }));
    assert.ok(off < (4 * spread) / Math.sqrt(draws), `${off} of ${spread}`);
  }
});

test("counts that make no coverage are refused with their name", () => {
  assert.throws(() => expectedCoverage({ real: 10, generated: 0, k: 1 }), {
    name: "RangeError",
    message: "Cannot expect a coverage: generated is an integer of at least 1, got 0",
  });
  assert.throws(
    () => expectedCoverage({ real: 10, generated: 10, k: 2.5 }),
    /k is an integer of at least 1, got 2.5/,
  );
  assert.throws(
    () => expectedCoverage({ real: 5, generated: 10, k: 5 }),
    /more real rows than k are needed, got 5 rows/,
  );
});
