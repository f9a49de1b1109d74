import assert from "node:assert/strict";
import { test } from "node:test";
import { samplePool } from "gpic-lab/corpus";
import { labelPool, QUALITY_RULES, repeatDetectors, testDetectors, testRules } from "gpic-lab/filters";

const labelled = await labelPool(await samplePool());
const sized = labelled.filter(({ sizeReason }) => sizeReason === undefined);
const results = testDetectors(sized, { seed: 0 });

test("the rules of size drop exactly the strips and the small ones of the pool", () => {
  const dropped = labelled.filter(({ sizeReason }) => sizeReason !== undefined);
  const kinds = dropped.map(({ kind, sizeReason }) => `${kind}: ${sizeReason}`);
  assert.equal(dropped.length, 12);
  assert.deepEqual([...new Set(kinds)].sort(), ["extreme-aspect: extreme aspect", "too-small: too small"]);
  assert.equal(labelled.filter(({ kind }) => kind === "extreme-aspect" || kind === "too-small").length, 12);
});

test("both halves of the pool hold every fault, and no photograph is in both", () => {
  for (const { chosenOn, shownOn, fault } of results) {
    assert.ok(chosenOn.recall.total >= 3 && shownOn.recall.total >= 3, fault);
    assert.equal(chosenOn.recall.total + shownOn.recall.total, fault === "blurred" ? 7 : 6);
  }
});

test("the rules in use are the thresholds that one half chose, rounded", () => {
  for (const { fault, measure, threshold } of QUALITY_RULES) {
    const { chosenOn } = results.find((result) => result.fault === fault && result.measure === measure)!;
    const digits = String(threshold).split(".")[1]!.length;
    assert.equal(Number(chosenOn.threshold.toFixed(digits)), threshold, `${fault} by ${measure}`);
  }
});

test("on the half that did not choose, the rules in use find every made fault and drop no other", () => {
  for (const { fault, measure } of QUALITY_RULES) {
    const { shownOn } = results.find((result) => result.fault === fault && result.measure === measure)!;
    assert.equal(shownOn.recall.share, 1, fault);
    assert.equal(shownOn.precision.share, 1, fault);
    // three faults prove little: the interval says so
    assert.ok(shownOn.recall.low < 0.5);
  }
});

test("a measure that depends on size, and one that white grounds mislead, do worse on that half", () => {
  const shown = (fault: string, measure: string) =>
    results.find((result) => result.fault === fault && result.measure === measure)!.shownOn;
  assert.ok(shown("blurred", "laplacianVariance").recall.share < 1);
  assert.ok(shown("overexposed", "brightShare").precision.share < 1);
});

test("over twenty draws of the halves the rules in use beat the measures that they were preferred to", () => {
  const repeated = repeatDetectors(sized, 20);
  const of = (fault: string, measure: string) =>
    repeated.find((result) => result.fault === fault && result.measure === measure)!;
  const f1 = ({ precision, recall }: { precision: number; recall: number }) =>
    (2 * precision * recall) / (precision + recall);
  for (const { fault, measure, threshold } of QUALITY_RULES) {
    const used = of(fault, measure);
    for (const other of repeated.filter((result) => result.fault === fault))
      assert.ok(f1(used) >= f1(other), `${fault}: ${measure} ${f1(used)}, ${other.measure} ${f1(other)}`);
    assert.ok(used.lowestThreshold - 0.01 <= threshold && threshold <= used.highestThreshold + 0.01, fault);
    assert.equal(used.draws, 20);
  }
  assert.ok(of("blurred", "laplacianVariance").recall < 1);
  assert.throws(() => repeatDetectors(sized, 0), /a whole number of draws from 1 is needed, got 0/);
});

test("the rules together find the faults of the pool", () => {
  const { precision, recall, wronglyDropped, missed } = testRules(sized);
  assert.deepEqual([recall.total, recall.count, precision.total, precision.count], [25, 25, 25, 25]);
  assert.deepEqual([wronglyDropped, missed], [[], []]);
});
