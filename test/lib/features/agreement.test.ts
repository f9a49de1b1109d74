import assert from "node:assert/strict";
import { test } from "node:test";
import { extractedRows, extractFeatures, featureAgreement, type KeyedRows } from "gpic-lab/features";
import {
  madeEncoder,
  madeItem,
  madePart,
  madePreparing,
  madeSetOf,
  rowsOf,
  WIDTH,
} from "./made-extraction.js";

const set = (prefix: "dino" | "sscd", rows: Readonly<Record<string, readonly number[]>>): KeyedRows => ({
  prefix,
  keys: Object.keys(rows),
  rows: {
    data: Float32Array.from(Object.values(rows).flat()),
    count: Object.keys(rows).length,
    width: Object.values(rows)[0]?.length ?? 2,
  },
});
const a = set("sscd", { one: [1, 0], two: [0, 1], three: [3, 4] });

test("a set agrees with itself, in whatever order its rows come", () => {
  const turned = set("sscd", { three: [3, 4], one: [1, 0], two: [0, 1] });
  assert.deepEqual(featureAgreement(a, turned), {
    images: 3,
    smallestCosine: 1,
    largestDifference: 0,
    sameNearest: 3,
  });
});

test("what differs is told by the worst image, over the images that both sets have", () => {
  const b = set("sscd", { two: [0, 1], four: [9, 9], one: [3, 4] });
  const { images, smallestCosine, largestDifference, sameNearest } = featureAgreement(a, b);
  assert.deepEqual([images, largestDifference, sameNearest], [2, 4, 2]);
  assert.ok(Math.abs(smallestCosine! - 0.6) < 1e-12);
});

test("two encoders are compared by neighbours alone, and sets without a shared image by nothing", () => {
  const other = set("dino", { one: [1, 0, 0], two: [0, 0, 1], three: [1, 0.1, 0] });
  assert.deepEqual(featureAgreement(a, other), {
    images: 3,
    smallestCosine: undefined,
    largestDifference: undefined,
    // "one" is nearest to "three" by both; "three" and "two" have other neighbours in each
    sameNearest: 1,
  });
  assert.deepEqual(featureAgreement(a, set("sscd", { five: [1, 1] })), {
    images: 0,
    smallestCosine: undefined,
    largestDifference: undefined,
    sameNearest: 0,
  });
  assert.throws(() => featureAgreement({ ...a, keys: ["one"] }, a), /3 keys are needed, got 1/);
});

test("the rows of an extraction come in the order of the images, damaged ones left out", async () => {
  const items = [madeItem("a", 1), madeItem("bad", 2), madeItem("b", 3)];
  const result = await extractFeatures(madeSetOf([madePart("0", items), madePart("1", [madeItem("c", 1)])]), {
    encoder: madeEncoder({ batchSize: 2 }),
    preparing: madePreparing(),
  });
  const { rows, keys, prefix } = await extractedRows(result);
  assert.deepEqual([keys, rows.count, rows.width, prefix], [["a", "b", "c"], 3, WIDTH, "sscd"]);
  assert.deepEqual(rows.data, await rowsOf(result));
  assert.deepEqual(rows.data.subarray(0, WIDTH), rows.data.subarray(2 * WIDTH), "a and c are one picture");
});
