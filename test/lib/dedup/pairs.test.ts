import assert from "node:assert/strict";
import { test } from "node:test";
import { claim } from "gpic-lab/claims";
import { Random } from "gpic-lab/core";
import {
  CALIBRATION_BINS,
  eachPair,
  forEachPair,
  pairsByBin,
  pairsOf,
  pairsWhere,
  splitLeaks,
} from "gpic-lab/dedup";

test("pairs come in the order of their rows, each once, however they are listed", () => {
  const random = new Random(1);
  const list = Array.from({ length: 5000 }, (_, i) => ({
    ...{ first: 1 + Math.floor(i / 50), second: 1000 + (i % 50), similarity: random.next() },
  }));
  const pairs = pairsOf(list);
  assert.equal(pairs.count, 5000);
  const shuffled = random.shuffle(list).map(({ first, second, similarity }) => {
    return random.next() < 0.5 ? { first, second, similarity } : { first: second, second: first, similarity };
  });
  assert.deepEqual(pairsOf([...shuffled, ...shuffled.slice(0, 100)]), pairs);
  assert.equal(
    pairsWhere(pairs, (similarity) => similarity > 0.5).count,
    list.filter(({ similarity }) => similarity > 0.5).length,
  );
  const visited: unknown[] = [];
  forEachPair(pairs, (first, second, similarity) => visited.push({ first, second, similarity }));
  assert.deepEqual(visited, list);
  assert.deepEqual([...eachPair(pairs)], list);
});

test("the paper's bins are those of its claims; bounds belong to the upper bin, 1 to the last", () => {
  for (const [i, bin] of CALIBRATION_BINS.entries())
    assert.deepEqual(claim(`dedup/calibration-bins/${i}`).value, bin);
  const similarities = [0.74, 0.75, 0.85, 0.8999, 0.9, 0.95, 0.9625, 0.9985, 0.999, 1];
  const pairs = pairsOf(similarities.map((similarity, i) => ({ first: 0, second: i + 1, similarity })));
  assert.deepEqual(
    pairsByBin(pairs).map(({ pairs: some }) => some.map(({ similarity }) => similarity)),
    [[0.75], [0.8999, 0.85], [0.9], [0.95], [0.9985, 0.9625], [1, 0.999]],
  );
  assert.throws(
    () =>
      pairsByBin(pairs, [
        [0.5, 0.7],
        [0.6, 0.9],
      ]),
    /do not overlap are needed, got 0.5 to 0.7, 0.6 to 0.9/,
  );
});

test("pairs across splits are counted by the two splits, images once", () => {
  const pair = (first: number, second: number) => ({ first, second, similarity: 0.95 });
  const pairs = pairsOf([pair(0, 1), pair(0, 2), pair(1, 2), pair(1, 3), pair(2, 4)]);
  const leaks = splitLeaks(pairs, ["train", "test", "train", "test", "val"]);
  assert.deepEqual(
    leaks.map(({ splits, images, pairs: { first, second } }) => [splits, images, [...first], [...second]]),
    [
      [
        ["test", "train"],
        [1, 2],
        [0, 1],
        [1, 2],
      ],
      [["train", "val"], [1, 1], [2], [4]],
    ],
  );
  assert.deepEqual(splitLeaks(pairsOf([pair(0, 1)]), ["a", "a"]), []);
  assert.throws(() => splitLeaks(pairs, ["train"]), /a split for each image is needed, got 1/);
});
