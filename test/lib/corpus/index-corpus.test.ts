import assert from "node:assert/strict";
import { readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  buildIndex,
  type IndexProgress,
  openCorpus,
  randomRecords,
  readPicture,
  surveyCorpus,
} from "gpic-lab/corpus";
import { installSettings, settingsFrom } from "gpic-lab/io";
import { indexKeeper } from "../../../lib/corpus/index-cache.js";
import { madePair, writeShards } from "./made-shard.js";
import { ask, ownCache, temporary } from "./scratch.js";

const cache = ownCache();

test("a corpus is asked in SQL; its index is built in the cache once, and again for a shard that changed", async (t) => {
  const folder = temporary(t);
  const shards = { "train/gpic_train_00000.tar": madePair("a"), "train/gpic_train_00001.tar": madePair("b") };
  writeShards(folder, shards);
  const read = async (choice?: Parameters<typeof openCorpus>[1]) => {
    const seen: IndexProgress[] = [];
    const corpus = await openCorpus(folder, choice);
    await corpus.index({ onProgress: (progress) => seen.push(progress) });
    return { corpus, read: Math.max(...seen.map(({ imagesRead }) => imagesRead)), last: seen.at(-1) };
  };
  const first = await read();
  assert.equal(first.read, 2);
  assert.deepEqual(await ask(first.corpus, "SELECT count(*) AS n FROM images WHERE words > ?", [3]), [
    { n: 2 },
  ]);
  assert.equal((await read()).read, 0);
  const part = await read({ shards: "1" });
  assert.deepEqual([part.read, part.last?.images], [0, 1]);
  assert.deepEqual(await ask(part.corpus, "SELECT shard FROM images"), [
    { shard: "train/gpic_train_00001.tar" },
  ]);
  writeShards(folder, { "train/gpic_train_00001.tar": [...madePair("b"), ...madePair("c")] });
  const again = await read();
  assert.deepEqual([again.read, again.last?.images], [2, 3]);
  assert.equal(await first.corpus.index(), await first.corpus.index());
});

test("two tars of one folder, and a folder beside, keep apart in the cache", async (t) => {
  const folder = temporary(t);
  writeShards(folder, { "one.tar": madePair("1"), "two.tar": [...madePair("2"), ...madePair("3")] });
  const count = async (name: string) =>
    (await ask(await openCorpus(join(folder, name)), "SELECT count(*) AS n FROM images"))[0]!.n;
  assert.deepEqual([await count("one.tar"), await count("two.tar"), await count("one.tar")], [1, 2, 1]);
});

test("the folder of an index opens as the corpus that it was made of, whole or in part", async (t) => {
  const out = temporary(t);
  const sample = await openCorpus("sample");
  await buildIndex(sample.shards, out, { corpus: "sample", identity: sample.identity });
  const corpus = await openCorpus(out);
  assert.equal(corpus.name, out);
  assert.match(corpus.describe(), /^the sample corpus .* 11 shards .*, by the index gpic-lab-/);
  assert.deepEqual(corpus.identity, { dataset: "sample", complete: true });
  const { identity: _, ...survey } = await surveyCorpus(corpus);
  const { identity: __, ...expected } = await surveyCorpus(sample);
  assert.deepEqual(survey, expected);
  const [record] = await randomRecords(corpus, 1, 7);
  assert.equal((await record!.readImage()).length, record!.imageBytes);
  const nano = await openCorpus(out, { tier: "nano" });
  assert.equal(nano.shards.length, 1);
  assert.deepEqual(nano.identity, { dataset: "sample", tier: "nano", split: "train", complete: true });
  assert.equal((await nano.query("FROM images")).numRows, 14);
  let walked = 0;
  for await (const _ of nano.records()) walked++;
  assert.equal(walked, 14);
});

test("an index of a part of the sample is never taken for the whole", async (t) => {
  const out = temporary(t);
  const { shards, identity } = await openCorpus("sample", { tier: "nano" });
  await buildIndex(shards, out, { corpus: "sample", identity });
  assert.equal((await openCorpus(out)).identity.complete, false);
});

test("where the shards moved, queries are answered, and pictures say what is missing", async (t) => {
  const place = temporary(t);
  const folder = join(place, "shards");
  const out = join(place, "index");
  writeShards(folder, {
    "train/gpic_train_00000.tar": madePair("a"),
    "train/gpic_train_00001.tar": madePair("b"),
  });
  const { shards, identity } = await openCorpus(folder);
  await buildIndex(shards, out, { corpus: folder, identity });
  renameSync(folder, join(place, "moved"));
  const corpus = await openCorpus(out);
  assert.equal((await corpus.query("FROM images")).numRows, 2);
  const [record] = await randomRecords(corpus, 1, 1);
  await assert.rejects(
    record!.readImage(),
    /Cannot read pictures of train\/gpic_train_0000.\.tar: the corpus .*shards that the index .* was made of is needed, got Cannot open/,
  );
  renameSync(join(place, "moved"), folder);
  assert.equal((await record!.readImage()).length, 1);
  writeShards(folder, { [record!.shard]: [...madePair("other"), ...madePair("and more")] });
  await assert.rejects(
    (await openCorpus(out)).shards.find(({ name }) => name === record!.shard)!.open(),
    /another file of that name/,
  );
  await assert.rejects(
    readPicture({ shards: [] }, { shard: "x", image_offset: 0, image_bytes: 1 }),
    /must hold the shard x/,
  );
});

test("an index that is not whole is completed before it is asked", async (t) => {
  const place = temporary(t);
  const folder = join(place, "shards");
  const out = join(place, "index");
  writeShards(folder, {
    "train/gpic_train_00000.tar": madePair("a"),
    "train/gpic_train_00001.tar": madePair("b"),
  });
  const { shards, identity } = await openCorpus(folder);
  await buildIndex(shards, out, { corpus: folder, identity });
  rmSync(join(out, "parts", "gpic_train_00001.json"));
  const corpus = await openCorpus(out);
  await assert.rejects(
    corpus.query("FROM images"),
    /1 of its shards are not indexed yet, the first is train\/gpic_train_00001\.tar; complete it with "gpic-lab corpus index .*shards --out/,
  );
  await buildIndex(shards, out, { corpus: folder, identity });
  assert.equal((await corpus.query("FROM images")).numRows, 2);
});

test("shards that are not on this machine need an index that somebody built", async () => {
  const remote = {
    name: "train/gpic_train_00000.tar",
    sizeBytes: 1,
    open: () => Promise.reject(new Error("far away")),
  };
  const corpus = {
    name: "hf://some/corpus",
    identity: { dataset: "local", complete: false },
    shards: [remote],
  };
  await assert.rejects(
    indexKeeper(corpus)(),
    /"gpic-lab corpus index hf:\/\/some\/corpus --out DIR" and open DIR/,
  );
});

test("a cache that cannot be written is a clear error", {
  skip: process.getuid?.() === undefined,
}, async (t) => {
  const folder = temporary(t);
  writeShards(folder, { "one.tar": madePair("a") });
  installSettings(() => settingsFrom({ GPIC_LAB_CACHE: join(folder, "one.tar") }));
  t.after(() => installSettings(() => settingsFrom({ GPIC_LAB_CACHE: cache })));
  const corpus = await openCorpus(join(folder, "one.tar"));
  await assert.rejects(
    corpus.index(),
    /Cannot keep an index in .* \(GPIC_LAB_CACHE names another\), got ENOTDIR/,
  );
  installSettings(() => settingsFrom({ GPIC_LAB_CACHE: cache }));
  assert.equal((await corpus.index()).images, 1);
  assert.ok(readdirSync(cache).length > 0);
});
