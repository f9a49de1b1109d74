import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { splits } from "gpic-lab/corpus";
import { drawSplits, PAPER_RECIPE, planShards } from "gpic-lab/curation";

const keys = Array.from({ length: 200 }, (_, i) => `image ${i}`);
const sizes = { seed: "a", order: "shuffle", val: 20, test: 0.25 } as const;

test("without pairs the splits are slices of one shuffle, in the order of val, test, train", () => {
  const drawn = drawSplits(keys, sizes);
  const sorted = keys.map((_, i) => i).sort((a, b) => (keys[a]! < keys[b]! ? -1 : 1));
  const order = new Random("a").shuffle(sorted);
  assert.deepEqual(drawn, { val: order.slice(0, 20), test: order.slice(20, 70), train: order.slice(70) });
});

test("images that are joined, through others too, share a split, and sizes are kept", () => {
  const random = new Random(1);
  for (let round = 0; round < 50; round++) {
    const pairs = Array.from(
      { length: 40 },
      () => [keys[random.integer(200)]!, keys[random.integer(200)]!] as const,
    );
    const order = round % 2 === 0 ? ("hash" as const) : ("shuffle" as const);
    const drawn = drawSplits(keys, { ...sizes, order, seed: `${round}` }, pairs);
    const splitOf = new Map(splits.flatMap((split) => drawn[split].map((i) => [keys[i]!, split] as const)));
    assert.equal(splitOf.size, 200);
    for (const [a, b] of pairs) assert.equal(splitOf.get(a), splitOf.get(b));
    assert.deepEqual([drawn.val.length, drawn.test.length, drawn.train.length], [20, 50, 130]);
  }
});

test("the draw does not depend on the order of images or pairs, and does on the seed", () => {
  const pairs = [
    ["image 3", "image 9"],
    ["image 9", "image 12"],
    ["image 40", "image 41"],
  ] as const;
  const named = (order: readonly string[], seed: string, some: readonly (readonly [string, string])[]) => {
    const drawn = drawSplits(order, { ...sizes, seed }, some);
    return splits.map((split) => drawn[split].map((i) => order[i]));
  };
  const first = named(keys, "a", pairs);
  const turned = [...pairs].reverse().map(([a, b]) => [b, a] as const);
  assert.deepEqual(named(new Random(5).shuffle(keys), "a", turned), first);
  assert.notDeepEqual(named(keys, "b", pairs), first);
});

test("a group larger than val and test is train's, and pairs with strangers join nothing", () => {
  const chain = keys.slice(1, 60).map((key, i) => [keys[i]!, key] as const);
  const drawn = drawSplits(keys, { ...sizes, test: 50 }, [...chain, ["image 0", "nobody"]]);
  assert.ok(Array.from({ length: 60 }, (_, i) => i).every((i) => drawn.train.includes(i)));
  assert.deepEqual([drawn.val.length, drawn.test.length], [20, 50]);
  assert.deepEqual(drawSplits(keys, sizes, [["image 0", "nobody"]]), drawSplits(keys, sizes));
});

test("more images for val and test than there are is refused", () => {
  assert.throws(() => drawSplits(["a", "b"], { ...sizes, val: 2, test: 1 }), /at least 3 images .* got 2/);
  for (const val of [Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY])
    assert.throws(() => drawSplits(keys, { ...sizes, val }), /val is a share below 1 or a whole number/);
  assert.deepEqual(drawSplits([], { ...sizes, val: 0.5, test: 0.1 }), { train: [], val: [], test: [] });
});

test("shards hold each image once, in order, of nearly one size, and tiers are prefixes of train", () => {
  const drawn = drawSplits(keys, sizes);
  const choices = { imagesPerShard: 4, shards: { test: 3 }, tierShards: {} };
  const plan = planShards(drawn, choices);
  for (const split of splits) {
    const own = plan.filter((shard) => shard.split === split);
    assert.deepEqual(
      own.flatMap(({ images }) => images),
      drawn[split],
    );
    const counts = own.map(({ images }) => images.length);
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 1);
    assert.equal(own.length, { train: 33, val: 5, test: 3 }[split]);
  }
  const tiers = plan.filter(({ split }) => split === "train").map((shard) => shard.tiers.join(" "));
  assert.deepEqual(tiers, ["nano lite full", ...Array(2).fill("lite full"), ...Array(30).fill("full")]);
  assert.ok(plan.every((shard) => shard.split === "train" || shard.tiers.length === 0));
  assert.equal(plan[4]!.name, "train/gpic_train_00004.tar");
  assert.throws(() => planShards(drawn, { ...choices, shards: { val: 21 } }), /each of 21 is needed, got 20/);
});

test("8,000 train shards have the paper's 80 and 800 for its tiers", () => {
  const train = Array.from({ length: 80_000 }, (_, i) => i);
  const plan = planShards({ train, val: [], test: [] }, { ...PAPER_RECIPE, imagesPerShard: 10 });
  assert.equal(plan.length, 8000);
  assert.equal(plan.filter(({ tiers }) => tiers.includes("nano")).length, 80);
  assert.equal(plan.filter(({ tiers }) => tiers.includes("lite")).length, 800);
});

test("of two tiers one may be given: the other one is a part of it, or has it as a part", () => {
  const train = Array.from({ length: 300 }, (_, i) => i);
  const tiers = (tierShards: { nano?: number; lite?: number }) => {
    const plan = planShards({ train, val: [], test: [] }, { imagesPerShard: 1, shards: {}, tierShards });
    return ["nano", "lite"].map(
      (tier) => plan.filter((shard) => shard.tiers.includes(tier as "nano")).length,
    );
  };
  assert.deepEqual(tiers({}), [3, 30]);
  assert.deepEqual(tiers({ lite: 1 }), [1, 1]);
  assert.deepEqual(tiers({ nano: 40 }), [40, 40]);
  assert.deepEqual(tiers({ nano: 2, lite: 5 }), [2, 5]);
});

test("by hash an image that is taken out moves only the next in line, by shuffle nearly all", () => {
  const moved = (order: "hash" | "shuffle") => {
    const before = splitsOf(drawSplits(keys, { ...sizes, test: 50, order }), keys);
    const [gone] = [...before].find(([, split]) => split === "val")!;
    const fewer = keys.filter((key) => key !== gone);
    const after = splitsOf(drawSplits(fewer, { ...sizes, test: 50, order }), fewer);
    return fewer.filter((key) => before.get(key) !== after.get(key)).length;
  };
  // one from test to val, one from train to test
  assert.equal(moved("hash"), 2);
  assert.ok(moved("shuffle") > 60);
  assert.notDeepEqual(
    drawSplits(keys, { ...sizes, order: "hash", seed: "b" }),
    drawSplits(keys, { ...sizes, order: "hash" }),
  );
});

function splitsOf(drawn: ReturnType<typeof drawSplits>, named: readonly string[]) {
  return new Map(splits.flatMap((split) => drawn[split].map((i) => [named[i]!, split] as const)));
}
