/** Budgets of two trainings, and what is left open where something is not stated. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { budgetShares } from "gpic-lab/benchmark";

test("what a budget amounts to follows from what is stated", () => {
  const shares = budgetShares({ images: 1000, samples: 4000, parameters: 20, gpuHours: 2 });
  assert.equal(shares.passes, 4);
  assert.equal(shares.samplesPerParameter, 200);
  assert.equal(shares.imagesPerParameter, 50);
  assert.equal(shares.samplesPerGpuSecond, 4000 / 7200);
  assert.equal(shares.parameterSamples, 80_000);
  assert.equal(shares.parameterSamplesPerGpuSecond, 80_000 / 7200);
});

test("what is not stated leaves open what needs it, and nothing else", () => {
  const shares = budgetShares({ images: 1000, samples: 4000 });
  assert.equal(shares.passes, 4);
  assert.equal(shares.samplesPerGpuSecond, undefined);
  assert.equal(shares.parameterSamples, undefined);
  assert.deepEqual(new Set(Object.values(budgetShares({}))), new Set([undefined]));
});

test("a budget of nothing, or of what is no number, is refused", () => {
  for (const gpuHours of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => budgetShares({ gpuHours }), /gpuHours above 0 is needed/);
});
