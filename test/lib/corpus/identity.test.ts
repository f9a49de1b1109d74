import assert from "node:assert/strict";
import { test } from "node:test";
import { identify, identityAfterReading, releaseShards, type Shard } from "gpic-lab/corpus";

function shards(split: "train" | "val" | "test", count: number, sizeBytes: number): Shard[] {
  return Array.from({ length: count }, (_, number) => ({
    ...{ name: "", split, number, sizeBytes },
    open: () => Promise.reject(new Error("nothing is read here")),
  }));
}

test("a folder with every val shard at a plausible size is GPIC's val split", () => {
  const val = shards("val", releaseShards.val, 0.8e9);
  assert.deepEqual(identify("local", val, { split: "val" }), {
    dataset: "gpic",
    split: "val",
    complete: false,
  });
});

test("GPIC is complete only once all of it was read, with as many images as were published and no damage", () => {
  const local = identify("local", shards("val", releaseShards.val, 0.8e9), { split: "val" });
  assert.equal(identityAfterReading(local, 199_000, 0).complete, false, "names and sizes prove nothing");
  const val = { ...local, revision: "0".repeat(40) };
  assert.equal(identityAfterReading(val, 199_000, 0).complete, true);
  assert.equal(identityAfterReading(val, 512, 0).complete, false);
  assert.equal(identityAfterReading(val, 200_000, 1).complete, false);
  const nano = {
    ...identify("local", shards("train", 80, 1.6e9), { tier: "nano" }),
    revision: "0".repeat(40),
  };
  assert.equal(identityAfterReading(nano, 1_003_000, 0).complete, true);
  assert.equal(identityAfterReading(nano, 200_000, 0).complete, false);
  const few = identify("local", shards("val", 3, 0.8e9), {});
  assert.equal(identityAfterReading(few, 200_000, 0).complete, false);
});

test("a tier needs its 80 train shards; one missing, doubled or small is no evidence", () => {
  const nano = shards("train", 80, 1.6e9);
  assert.equal(identify("local", nano, { tier: "nano" }).dataset, "gpic");
  assert.equal(identify("local", nano.slice(1), { tier: "nano" }).dataset, "local");
  assert.equal(identify("local", [...nano.slice(1), nano[1]!], { tier: "nano" }).dataset, "local");
  assert.equal(identify("local", shards("train", 80, 1.6e6), { tier: "nano" }).dataset, "local");
  assert.equal(identify("local", nano, {}).dataset, "local");
});

test("the sample is the sample, and a part of it by numbers is not complete", () => {
  assert.deepEqual(identify("sample", [], { tier: "lite" }), {
    dataset: "sample",
    tier: "lite",
    split: "train",
    complete: true,
  });
  assert.equal(identify("sample", [], { shards: "0" }).complete, false);
});
