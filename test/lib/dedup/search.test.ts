import assert from "node:assert/strict";
import { test } from "node:test";
import { samplePool } from "gpic-lab/corpus";
import {
  approximateJoin,
  blockingRecall,
  clusteredJoin,
  clusterRows,
  copyQuality,
  copySimilarities,
  eachPair,
  H100,
  joinHours,
  joinPlan,
  pairRecall,
  pairsOf,
  pairsWhere,
  rowsOfKeys,
  type SimilarPairs,
  similarityJoin,
} from "gpic-lab/dedup";
import { sampleDescriptors } from "gpic-lab/features";

function names(pairs: SimilarPairs): string[] {
  return [...eachPair(pairs)].map(({ first, second, similarity }) => `${first} ${second} ${similarity}`);
}

test("a search by HNSW finds exact pairs only, most of them, and the same ones each time", async () => {
  const { rows } = await sampleDescriptors("pool");
  const { pairs: exact } = await similarityJoin(rows, { threshold: 0.75 });
  const found = await approximateJoin(rows, { threshold: 0.75 });
  const all = new Set(names(exact));
  for (const name of names(found)) assert.ok(all.has(name), name);
  const recalls = pairRecall({ exact, found }, [0.75, 0.9, 0.95]);
  for (const { recall, exact: of, found: some, interval } of recalls) {
    assert.ok(of > 10 && some <= of && recall === some / of && recall >= 0.95, `${some} of ${of}`);
    assert.ok(interval!.low <= recall && recall <= interval!.high);
  }
  assert.deepEqual(await approximateJoin(rows, { threshold: 0.75 }), found);
});

test("rows with more copies than neighbours lose pairs, and recall says so", async () => {
  const data = Float32Array.from({ length: 40 * 8 }, (_, i) =>
    i % 8 === 0 ? 1 : (Math.floor(i / 8) % 5) * 1e-3,
  );
  const rows = { data, count: 40, width: 8 };
  const { pairs: exact } = await similarityJoin(rows, { threshold: 0.99 });
  assert.equal(exact.count, (40 * 39) / 2);
  const found = await approximateJoin(rows, { threshold: 0.99, neighbours: 3 });
  const { recall } = pairRecall({ exact, found }, [0.99])[0]!;
  assert.ok(recall > 0 && recall < 0.2, `${recall}`);
  assert.equal(
    (await approximateJoin({ data: data.slice(0, 8), count: 1, width: 8 }, { threshold: 0.9 })).count,
    0,
  );
});

test("recall refuses exact pairs that reach less far than what was found", () => {
  const found = pairsOf([{ first: 0, second: 1, similarity: 0.8 }]);
  assert.throws(() => pairRecall({ exact: pairsOf([]), found }, [0.75]), /got none of rows 0 and 1/);
  assert.deepEqual(pairRecall({ exact: pairsOf([]), found }, [0.9])[0]!.interval, undefined);
});

test("a join within clusters finds exactly the pairs that share one, at the share of the work that it says", async () => {
  const { rows } = await sampleDescriptors("crops");
  const { pairs } = await similarityJoin(rows, { threshold: 0.6 });
  let before = 0;
  for (const probes of [1, 2, 4]) {
    const blocks = await clusterRows(rows, { clusters: 60, probes, seed: 3 });
    const within = await clusteredJoin(rows, blocks, { threshold: 0.6 });
    const recall = blockingRecall(blocks, pairs);
    assert.equal(within.count, Math.round(recall * pairs.count));
    const exact = new Set(names(pairs));
    for (const name of names(within)) assert.ok(exact.has(name), name);
    assert.ok(recall > before && recall <= 1);
    before = recall;
    const sum = blocks.sizes.reduce((total, size) => total + size, 0);
    assert.equal(sum, 3000 * probes);
    assert.equal(
      blocks.compared,
      blocks.sizes.reduce((total, size) => total + (size * (size - 1)) / 2, 0),
    );
  }
  assert.ok(before > 0.999, `${before}`);
  const one = await clusterRows(rows, { clusters: 1, seed: 3 });
  assert.equal(one.share, 1);
  assert.equal(blockingRecall(one, pairs), 1);
});

test("clusters of seeds are the same each time, and each row lies nearest to its first", async () => {
  const { rows } = await sampleDescriptors("pool");
  const blocks = await clusterRows(rows, { clusters: 12, probes: 3, seed: 1 });
  assert.deepEqual(await clusterRows(rows, { clusters: 12, probes: 3, seed: 1 }), blocks);
  const single = await clusterRows(rows, { clusters: 12, probes: 1, seed: 1 });
  assert.deepEqual(
    single.assigned,
    blocks.assigned.filter((_, i) => i % 3 === 0),
  );
  for (let row = 0; row < rows.count; row++)
    assert.equal(new Set(blocks.assigned.subarray(3 * row, 3 * row + 3)).size, 3);
  await assert.rejects(clusterRows(rows, { clusters: 300, seed: 1 }), /clusters .* from 1 to 273, got 300/);
  await assert.rejects(
    clusterRows(rows, { clusters: 5, probes: 6, seed: 1 }),
    /probes .* from 1 to 5, got 6/,
  );
  await assert.rejects(clusterRows(rows, { clusters: 5, sampleRows: 4, seed: 1 }), /at least 5 rows/);
});

test("a hundred million rows cost what the sums say, on one H100 and on eight", () => {
  const one = joinPlan({ rows: 1e8, type: "int8" });
  assert.equal(one.pairs, (1e8 * (1e8 - 1)) / 2);
  assert.equal(one.operations, one.pairs * 1024);
  assert.equal(one.rowBytes, 51.2e9);
  assert.equal(one.isResident, true);
  assert.equal(one.hours, one.operations / (0.5 * H100.operations.int8) / 3600);
  assert.ok(one.hours > 1.4 && one.hours < 1.5);
  const eight = joinPlan({ rows: 1e8, type: "int8", devices: 8 });
  assert.ok(Math.abs(8 * eight.hours - one.hours) < 1e-9);
  const half = joinPlan({ rows: 1e8 });
  assert.ok(!half.isResident && half.hostBytes === 2 * half.rowBytes && half.hours === half.computeHours);
  const blocks = joinPlan({ rows: 1e8, share: 0.01 });
  assert.ok(Math.abs(blocks.hours - half.hours / 100) < 1e-9);
  assert.ok(Math.abs(joinHours(1e6, 5e8) - 0.2777775) < 1e-6);
  assert.throws(() => joinPlan({ rows: 1e8, share: 1.5 }), /share above 0, at most 1, is needed, got 1.5/);
  assert.throws(() => joinPlan({ rows: 0 }), /rows above 0 is needed, got 0/);
  assert.throws(() => joinHours(1, 0), /got 1 and 0/);
});

test("on the pool the rule's threshold finds re-encoded copies and no mirrored, grey, cropped or watermarked one", async () => {
  const images = await samplePool();
  const rows = rowsOfKeys(
    images.map(({ key }) => key),
    await sampleDescriptors("pool"),
  );
  const kinds = ["exact-copy", "re-encoded", "resized", "mirrored", "grey", "cropped", "watermarked"];
  const [low, rule] = copyQuality({ images, rows, kinds }, [0.6, 0.9625]);
  assert.equal(rule!.recall.total, 42);
  const count = (kind: string) => rule!.recallByKind.get(kind)!.count;
  assert.deepEqual(kinds.map(count), [6, 6, 4, 0, 0, 0, 0]);
  assert.ok(low!.recall.count === 42 && low!.recall.share === 1);
  const { precision } = rule!;
  // the pair beyond the copies: pink-tulips and pink-tulips-alpha, one picture that a package ships twice
  assert.ok(precision.total - precision.count === 1, `${precision.count} of ${precision.total}`);
  assert.ok(precision.low < precision.share && precision.share < precision.high);
  const similarities = copySimilarities({ images, rows, kinds: ["exact-copy"] });
  assert.deepEqual(
    similarities.map(({ similarity }) => similarity),
    [1, 1, 1, 1, 1, 1],
  );
  assert.throws(
    () => copyQuality({ images: images.slice(1), rows }, [0.9]),
    /each of 272 is needed, got 273/,
  );
  const above = pairsWhere(
    (await similarityJoin(rows, { threshold: 0.9 })).pairs,
    (similarity) => similarity > 0.9625,
  );
  assert.ok(above.count >= precision.total);
});

test("rows come in the order of the keys that ask for them, and a missing one is named", () => {
  const named = { rows: { data: Float32Array.of(1, 2, 3, 4), count: 2, width: 2 }, keys: ["a", "b"] };
  assert.deepEqual([...rowsOfKeys(["b", "a"], named).data], [3, 4, 1, 2]);
  assert.throws(() => rowsOfKeys(["a", "c", "d"], named), /got none of "c" and as little of 1 others/);
  assert.throws(() => rowsOfKeys(["a"], { ...named, keys: ["a", "a"] }), /got two of "a"/);
});
