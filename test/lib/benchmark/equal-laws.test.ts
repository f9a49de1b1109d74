/** Coverage and density of equal laws: by hand, against simulation in several dimensions, and what they refuse. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { coverageNeighbours, equalLaws } from "gpic-lab/benchmark";
import { expectedCoverage } from "gpic-lab/metrics";

test("coverage of two points by one neighbour is the chance that the nearest is generated", () => {
  // One real neighbour and two generated ones are equally likely to be nearest: 2/3.
  assert.ok(Math.abs(expectedCoverage({ real: 2, generated: 2, k: 1 }) - 2 / 3) < 1e-15);
});

test("coverage by counting: k nearest of all that are real, over every choice", () => {
  // N = 4, M = 3, k = 2: of 6 others 3 are real; both nearest real in 3 of 15 pairs
  assert.ok(Math.abs(expectedCoverage({ real: 4, generated: 3, k: 2 }) - (1 - 3 / 15)) < 1e-15);
});

test("for many points coverage tends to 1 - 2^-k, and k is told from it", () => {
  const counts = { real: 1e9, generated: 1e9 };
  for (const k of [1, 3, 5]) {
    assert.ok(Math.abs(expectedCoverage({ ...counts, k }) - (1 - 2 ** -k)) < 1e-8);
    assert.equal(
      coverageNeighbours(expectedCoverage({ real: 500, generated: 700, k: k }), {
        real: 500,
        generated: 700,
      }),
      k,
    );
  }
});

for (const dimensions of [1, 3, 24])
  test(`in ${dimensions} dimensions coverage and density have their means, whatever the dimension`, async () => {
    const count = 300;
    const runs = 60;
    const { coverage, density } = await equalLaws({
      deviations: new Array<number>(dimensions).fill(1),
      ...{ count, runs, seed: "means" },
    });
    const expected = expectedCoverage({ real: count, generated: count, k: 5 });
    // four standard errors of a mean over the runs
    const room = 4 / Math.sqrt(runs);
    assert.ok(Math.abs(coverage.mean - expected) < room * coverage.standardDeviation);
    assert.ok(Math.abs(density.mean - 1) < room * density.standardDeviation);
  });

test("the more directions, the lower the precision and the more density swings", async () => {
  const at = (dimensions: number) =>
    equalLaws({ deviations: new Array<number>(dimensions).fill(2), count: 300, runs: 20, seed: 1 });
  const [few, many] = [await at(2), await at(32)];
  assert.ok(few.precision.mean > many.precision.mean + 0.1);
  // each deviation is known to a sixth: twice as large is no chance
  assert.ok(many.density.standardDeviation > 2 * few.density.standardDeviation);
});

test("equal seeds simulate alike, whatever the scale of the law", async () => {
  const at = (scale: number) => equalLaws({ deviations: [scale, scale], count: 100, runs: 3, seed: 9 });
  assert.deepEqual(await at(1), await at(1));
  // a power of two scales float32 exactly
  assert.deepEqual((await at(4)).density, (await at(1)).density);
});

test("no dimension, one run, as many points as neighbours, and coverage of nothing are named", async () => {
  const one = { deviations: [1], count: 10, runs: 2, seed: 1 };
  await assert.rejects(equalLaws({ ...one, deviations: [] }), /1 dimension or more is needed, got none/);
  await assert.rejects(equalLaws({ ...one, deviations: [0] }), /a deviation above 0/);
  await assert.rejects(equalLaws({ ...one, runs: 1 }), /2 runs or more are needed, got 1/);
  await assert.rejects(equalLaws({ ...one, count: 5 }), /more than 5 points are needed, got 5/);
  assert.throws(() => expectedCoverage({ real: 5, generated: 5, k: 5 }), /more real rows than k/);
  assert.throws(
    () => coverageNeighbours(1.1, { real: 50, generated: 50 }),
    /between 0 and 1 is needed, got 1.1/,
  );
});
