import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { type CorpusProblem, type ImageRecord, shardRecords } from "gpic-lab/corpus";
import { type ByteSource, bufferSource, tarArchive } from "gpic-lab/io";
import { streamOf } from "../io/made-tar.js";
import { madeJson } from "./made-shard.js";

const MUTATED_SHARDS = 2000;
const PAIRS = 10;

/** A pair of the sound shard, and the bytes it covers. */
interface Truth {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/** A shard of random pictures and where each pair lies: JSON first or second, sizes around blocks among them. */
function soundShard(random: Random): { bytes: Uint8Array; truths: Truth[] } {
  const files = Array.from({ length: PAIRS }, (_, i) => {
    const size = i % 3 === 0 ? 512 * (1 + random.integer(4)) - 1 : 1 + random.integer(5000);
    const image = Uint8Array.from({ length: size }, () => random.integer(256));
    image[size - 1] = 0xd9;
    const key = createHash("sha256").update(image).digest("hex");
    const json = { name: `${key}.json`, bytes: Buffer.from(JSON.stringify(madeJson(image))) };
    const picture = { name: `${key}.jpg`, bytes: image };
    return { key, pair: i % 4 === 3 ? [picture, json] : [json, picture] };
  });
  let at = 0;
  const truths = files.map(({ key, pair }) => {
    const start = at;
    for (const { bytes } of pair) at += 512 * (1 + Math.ceil(bytes.length / 512));
    return { key, start, end: at };
  });
  return { bytes: tarArchive(files.flatMap(({ pair }) => pair)), truths };
}

/** Damages a shard in one to three places; `hits` are ranges of the sound shard, both ends counted. */
function mutated(sound: Uint8Array, random: Random): { bytes: Uint8Array; hits: [number, number][] } {
  const places = Array.from({ length: 1 + random.integer(3) }, () => random.integer(sound.length));
  const hits: [number, number][] = [];
  let bytes: Uint8Array = sound;
  let next = sound.length;
  // from the back to the front, so that places stay those of the sound shard
  for (const at of places.sort((a, b) => b - a)) {
    const length = Math.min(next - at, 1 + random.integer(random.next() < 0.5 ? 20 : 6000));
    next = at;
    const kind = random.integer(5);
    if (kind === 0) {
      bytes = bytes.slice();
      bytes[at]! ^= 1 << random.integer(8);
      hits.push([at, at]);
    } else if (kind === 1) {
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
      hits.push([at, at + length]);
    } else if (kind === 2) {
      const junk = Uint8Array.from({ length }, () => random.integer(256));
      bytes = Buffer.concat([bytes.subarray(0, at), junk, bytes.subarray(at)]);
      hits.push([at, at]);
    } else if (kind === 3) {
      bytes = bytes.slice();
      bytes.fill(0, at, at + length);
      hits.push([at, at + length]);
    } else if (random.integer(4) === 0) {
      bytes = bytes.subarray(0, at);
      hits.push([at, sound.length]);
    }
  }
  return { bytes: new Uint8Array(bytes), hits };
}

async function read(shard: ByteSource | AsyncIterable<Uint8Array>, sequential: boolean = false) {
  const problems: CorpusProblem[] = [];
  const records: Omit<ImageRecord, "readImage">[] = [];
  const options = {
    shard: "made",
    sequential,
    onProblem: (problem: CorpusProblem) => problems.push(problem),
  };
  for await (const { readImage, ...record } of shardRecords(shard, options)) records.push(record);
  return { records, problems };
}

test(`of ${MUTATED_SHARDS} damaged shards none loses a record outside its damage, and all ways of reading agree`, async () => {
  const random = new Random("fuzz");
  let kept = 0;
  for (let i = 0; i < MUTATED_SHARDS; i++) {
    const { bytes: sound, truths } = soundShard(random);
    const { bytes, hits } = mutated(sound, random);
    const found = await read(bufferSource(bytes));
    const keys = new Set(found.records.map(({ key }) => key));
    for (const { key, start, end } of truths) {
      // a pair is untouched where neither its bytes nor the header behind them were hit
      if (hits.some(([from, to]) => from < end + 512 && to >= start)) continue;
      assert.ok(
        keys.has(key),
        `shard ${i}: the record at ${start} is lost; damage at ${JSON.stringify(hits)}`,
      );
      kept++;
    }
    // a tail of zeros looks like the end of an archive, whatever was there before
    const isTail = hits.some(([from]) => bytes.subarray(from).every((byte) => byte === 0));
    if (!isTail)
      assert.ok(found.records.length === PAIRS || found.problems.length > 0, `shard ${i} says nothing`);
    if (i % 4 === 0) assert.deepEqual(await read(bufferSource(bytes), true), found, `shard ${i} in order`);
    if (i % 4 === 1)
      assert.deepEqual(
        await read(streamOf(bytes, () => 1 + random.integer(9000))),
        found,
        `shard ${i} as a stream`,
      );
  }
  assert.ok(kept > MUTATED_SHARDS * 4, `${kept} untouched records`);
});
