import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { type ImageRecord, openCorpus, SAMPLE_CELL_BYTES, type Shard, sampleShards } from "gpic-lab/corpus";
import { type ByteSource, bufferSource, findTarHeader, type Need, runReading, tarArchive } from "gpic-lab/io";
import { encode, entry, pax } from "../io/made-tar.js";
import { pngPair } from "./damaged-shard.js";

function shardOf(name: string, bytes: Uint8Array, open?: () => Promise<ByteSource>): Shard {
  return { name, sizeBytes: bytes.length, open: open ?? (async () => bufferSource(bytes, name)) };
}

/** A sound pair whose picture has about so many bytes. */
function pairOf(text: string, sizeBytes: number) {
  return pngPair(text + "x".repeat(sizeBytes));
}

const keysOf = (records: readonly ImageRecord[]) => records.map(({ key }) => key);

/** The statistic of Pearson's test against equal frequencies. */
function chiSquare(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
}

/** 20 pairs in two shards: every fourth picture has 200 kB, the others 1 kB. */
function unevenShards(): { shards: Shard[]; keys: string[]; bytes: Uint8Array[] } {
  const pairs = Array.from({ length: 20 }, (_, i) => pairOf(`${i}`, i % 4 === 0 ? 200_000 : 1000));
  const bytes = [tarArchive(pairs.slice(0, 7).flat()), tarArchive(pairs.slice(7).flat())];
  const shards = bytes.map((one, i) => shardOf(`${i}.tar`, one));
  return { shards, bytes, keys: pairs.map(([json]) => json.name.slice(0, 64)) };
}

const DRAWS = 2000;
/** 99.9 % of the law of chi-square with 19 degrees of freedom: a fixed seed, so a wrong sampler is all that can exceed it. */
const CHI_SQUARE_19 = 43.8;

test("each image is drawn equally often, whether it or its neighbour is small or large", async () => {
  const { shards, keys } = unevenShards();
  const counts = new Map(keys.map((key) => [key, 0]));
  const firsts = new Map(keys.map((key) => [key, 0]));
  for (let seed = 0; seed < DRAWS; seed++) {
    const drawn = keysOf(await sampleShards(shards, 3, { seed }));
    assert.equal(new Set(drawn).size, 3);
    for (const key of drawn) counts.set(key, counts.get(key)! + 1);
    firsts.set(drawn[0]!, firsts.get(drawn[0]!)! + 1);
  }
  assert.equal(counts.size, 20);
  assert.ok(chiSquare([...firsts.values()]) < CHI_SQUARE_19, `first: ${chiSquare([...firsts.values()])}`);
  // without replacement counts vary less than independent draws', so the same bound holds
  assert.ok(chiSquare([...counts.values()]) < CHI_SQUARE_19, `all: ${chiSquare([...counts.values()])}`);
});

test("its twin, a jump to a random byte that takes the next image, is biased on the same shards", () => {
  const [first, second] = unevenShards().bytes as [Uint8Array, Uint8Array];
  const random = new Random("twin");
  const total = first.length + second.length;
  const counts = new Map<string, number>();
  for (let draw = 0; draw < DRAWS; ) {
    const at = random.integer(total);
    const [shard, inside] = at < first.length ? [first, at] : [second, at - first.length];
    const need: Need = { offset: 0, length: 0, keep: 0 };
    const start = runReading(findTarHeader(need, inside), shard);
    if (start === undefined) continue;
    const key = Buffer.from(shard.subarray(start, start + 64)).toString();
    counts.set(key, (counts.get(key) ?? 0) + 1);
    draw++;
  }
  const all = Array.from({ length: 20 }, (_, i) => [...counts.values()][i] ?? 0);
  assert.ok(chiSquare(all) > 20 * CHI_SQUARE_19, `${chiSquare(all)}`);
});

test("asked for more than there are, it gives every sound record once, and no other", async () => {
  const { shards, keys } = unevenShards();
  const records = await sampleShards(shards, 1000, { seed: 1 });
  assert.deepEqual(keysOf(records).sort(), [...keys].sort());
  assert.deepEqual(await sampleShards(shards, 0, { seed: 1 }), []);
  assert.deepEqual(await sampleShards([], 5, { seed: 1 }), []);
});

test("records are those of a walk: metadata, places and bytes", async () => {
  const corpus = await openCorpus("sample", { tier: "lite" });
  const walked = new Map<string, ImageRecord>();
  for await (const record of corpus.records()) walked.set(record.key, record);
  const drawn = await sampleShards(corpus.shards, 10_000, { seed: 3 });
  assert.equal(drawn.length, walked.size);
  for (const { readImage, ...record } of drawn) {
    const { readImage: other, ...expected } = walked.get(record.key)!;
    assert.deepEqual(record, expected);
    assert.deepEqual(await readImage(), await other());
  }
});

test("images before their JSON, long names, PAX headers, damage and half pairs: every sound record is drawn", async () => {
  const [aJson, aImage] = pairOf("image first", 70_000);
  const [bJson, bImage] = pairOf("in a long folder", 3000);
  const [cJson, cImage] = pairOf("with a time", 3000);
  const [lonely] = pairOf("lonely", 10);
  const [, alone] = pairOf("alone", 5000);
  const [hitJson, hitImage] = pairOf("hit", 3000);
  const [dJson, dImage] = pairOf("last", 600);
  const folder = `${"folder/".repeat(30)}`;
  const long = ({ name, bytes }: { name: string; bytes: Uint8Array }) => [
    entry("x", pax(["path", folder + name]), "x"),
    entry((folder + name).slice(0, 100), bytes, "0"),
  ];
  const timed = ({ name, bytes }: { name: string; bytes: Uint8Array }) => [
    entry("x", pax(["mtime", "1.5"]), "x"),
    entry(name, bytes, "0"),
  ];
  const plain = ({ name, bytes }: { name: string; bytes: Uint8Array }) => entry(name, bytes, "0");
  const hit = plain(hitJson);
  hit[3]! ^= 1;
  const archive = Buffer.concat([
    encode("junk"),
    plain(aImage),
    plain(aJson),
    ...long(bJson),
    ...long(bImage),
    plain(lonely),
    ...timed(cJson),
    ...timed(cImage),
    hit,
    plain(hitImage),
    plain(alone),
    plain(dImage),
    plain(dJson),
  ]);
  const shard = shardOf("odd.tar", new Uint8Array(archive));
  const drawn = await sampleShards([shard], 99, { seed: 2 });
  const sound = [aJson, bJson, cJson, dJson].map(({ name }) => name.slice(0, 64));
  assert.deepEqual(keysOf(drawn).sort(), sound.sort());
  const jsonOffsets = new Map(drawn.map(({ key, jsonOffset }) => [key, jsonOffset]));
  const timedAt = 4 + [aImage, aJson].reduce((sum, one) => sum + plain(one).length, 0);
  assert.equal(jsonOffsets.get(bJson.name.slice(0, 64)), timedAt);
});

test("the same seed gives the same records from near and from far shards, another seed others", async () => {
  const { shards, bytes } = unevenShards();
  let open = 0;
  let most = 0;
  const far = bytes.map((one, i) => {
    const source = bufferSource(one);
    const read = async (offset: number, length: number) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, (offset * 7) % 3));
      open--;
      return source.read(offset, length);
    };
    return shardOf(`${i}.tar`, one, async () => ({
      name: "far",
      length: one.length,
      read,
      async close() {},
    }));
  });
  const near = keysOf(await sampleShards(shards, 5, { seed: "a" }));
  assert.deepEqual(keysOf(await sampleShards(far, 5, { seed: "a", cellBytes: 2048 })).length, 5);
  assert.deepEqual(
    keysOf(await sampleShards(far, 5, { seed: "b", cellBytes: 2048 })),
    keysOf(await sampleShards(shards, 5, { seed: "b", cellBytes: 2048 })),
  );
  assert.notDeepEqual(near, keysOf(await sampleShards(shards, 5, { seed: "c" })));
  assert.ok(most > 1 && most <= 8, `${most} reads at once`);
});

test("cells in which two records begin are refused, and so are counts and cells that are no numbers", async () => {
  const { shards } = unevenShards();
  await assert.rejects(sampleShards(shards, 20, { seed: 1, cellBytes: 65_536 }), /take smaller cells/);
  await assert.rejects(sampleShards(shards, -1, { seed: 1 }), /count is a whole number from 0, got -1/);
  await assert.rejects(sampleShards(shards, 1, { seed: 1, cellBytes: 512 }), /from 1024, got 512/);
  assert.equal(SAMPLE_CELL_BYTES, 1024);
});

test("an aborted signal ends the drawing with its reason", async () => {
  const { shards } = unevenShards();
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(sampleShards(shards, 1, { seed: 1, signal }), /enough/);
});
