import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  buildIndex,
  exactDuplicates,
  type ImageRecord,
  type IndexProgress,
  openCorpus,
  openIndex,
} from "gpic-lab/corpus";
import { madePair, writeShards } from "./made-shard.js";
import { ask, contents, ownCache, temporary } from "./scratch.js";
import { writeSparseCorpus } from "./sparse-shards.js";

ownCache();

async function build(corpusFolder: string, out: string, options: object = {}) {
  const { shards, identity } = await openCorpus(corpusFolder);
  return buildIndex(shards, out, { corpus: corpusFolder, identity, ...options });
}

test("the index of the sample holds what a walk through its records holds, in under two seconds", async (t) => {
  const out = temporary(t);
  const corpus = await openCorpus("sample");
  const begun = performance.now();
  const built = await build("sample", out);
  assert.ok(performance.now() - begun < 2000);
  const records: ImageRecord[] = [];
  for await (const record of corpus.records()) records.push(record);
  assert.deepEqual([built.images, built.problems, built.parts, built.built], [records.length, 0, 11, 11]);
  const index = await openIndex(out);
  const rows = await ask(
    index,
    `SELECT shard, image_offset, image_bytes, image_extension, key, license, license_url, attribution, retrieved_at,
      img_width, img_height, split, caption_type, caption FROM images ORDER BY shard, image_offset`,
  );
  const expected = records.map((record) => ({
    shard: record.shard,
    image_offset: record.imageOffset,
    image_bytes: record.imageBytes,
    image_extension: record.imageExtension,
    key: record.key,
    license: record.license,
    license_url: record.license_url,
    attribution: record.attribution,
    retrieved_at: record.retrieved_at,
    img_width: record.img_width,
    img_height: record.img_height,
    split: [...record.split],
    caption_type: record.caption_type,
    caption: record.caption,
  }));
  const place = (row: { shard: string; image_offset: number }) => `${row.shard} ${row.image_offset + 1e12}`;
  assert.deepEqual(
    rows,
    expected.sort((a, b) => (place(a) < place(b) ? -1 : 1)),
  );
  const splits = await ask(index, "SELECT DISTINCT shard_split AS s FROM images ORDER BY s");
  assert.deepEqual(splits, [{ s: "test" }, { s: "train" }, { s: "val" }]);
  index.close();
});

test("a part of another version of the builder, and one without hashes where they are asked for, is built again", async (t) => {
  const folder = temporary(t);
  const out = temporary(t);
  writeShards(folder, {
    "train/gpic_train_00000.tar": madePair("a"),
    "val/gpic_val_00000.tar": madePair("b"),
  });
  await build(folder, out);
  const path = join(out, "parts", "gpic_train_00000.json");
  const part = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...part, builder: 0 }));
  assert.equal((await openIndex(out)).missing.length, 1);
  assert.equal((await build(folder, out)).built, 1);
  assert.equal((await build(folder, out, { hash: true })).built, 2);
  assert.equal((await build(folder, out)).built, 0);
  writeFileSync(path, "{ cut");
  assert.equal((await build(folder, out, { hash: true })).built, 1);
});

test("hashes are those of the pictures' bytes, and find what is there twice", async (t) => {
  const folder = temporary(t);
  const out = temporary(t);
  const [, image] = madePair("same");
  const [json] = madePair("other name", { key: "f".repeat(64) });
  writeShards(folder, {
    "train/gpic_train_00000.tar": [...madePair("same"), ...madePair("alone")],
    "train/gpic_train_00001.tar": [
      { name: `${"f".repeat(64)}.json`, bytes: json.bytes },
      { name: `${"f".repeat(64)}.jpg`, bytes: image.bytes },
    ],
  });
  await build(folder, out);
  const without = await openIndex(out);
  await assert.rejects(exactDuplicates(without), /an index with hashes is needed .*got 0 hashes of 3 images/);
  without.close();
  await build(folder, out, { hash: true });
  const index = await openIndex(out);
  assert.equal(index.hashed, true);
  const groups = await exactDuplicates(index);
  assert.equal(groups.length, 1);
  assert.equal(groups[0]!.value, createHash("sha256").update("same").digest("hex"));
  assert.deepEqual(
    groups[0]!.places.map(({ shard }) => shard),
    ["train/gpic_train_00000.tar", "train/gpic_train_00001.tar"],
  );
  index.close();
});

test("hostile texts, and folders and shards whose names hold quotes and stars, are only values", async (t) => {
  const odd = `it's "a" [x] * ; DROP TABLE images--`;
  const folder = join(temporary(t), odd);
  const out = join(temporary(t), odd);
  mkdirSync(folder);
  const texts = [
    "'; DROP TABLE images; --",
    'a "quoted" \\ name',
    "nul \u0000 inside",
    "\u202e\u001b[31m",
    "😀 é \ud800",
    "",
  ];
  writeShards(folder, {
    "o'clock [1]*.tar": texts.flatMap((caption, at) =>
      madePair(`${at}`, { caption, license: caption, attribution: caption }),
    ),
  });
  const built = await build(join(folder, "o'clock [1]*.tar"), out, { workers: 1 });
  assert.equal(built.images, texts.length);
  const index = await openIndex(out);
  const rows = await ask(index, "SELECT caption, license, shard FROM images ORDER BY image_offset");
  // a lone surrogate is no character: UTF-8 has U+FFFD for it
  assert.deepEqual(
    rows.map((row) => row.caption),
    texts.map((text) => text.replace("\ud800", "\ufffd")),
  );
  assert.equal(rows[0]!.shard, "o'clock [1]*.tar");
  assert.deepEqual(await ask(index, "SELECT count(*) AS n FROM images WHERE caption = ?", [texts[0]!]), [
    { n: 1 },
  ]);
  index.close();
});

test("threads build the same rows as one hand, and progress tells the way", async (t) => {
  const folder = temporary(t);
  const [one, two] = [temporary(t), temporary(t)];
  await writeSparseCorpus(folder, { shards: 5, valShards: 1, imagesPerShard: 49 });
  const seen: IndexProgress[] = [];
  const built = await build(folder, two, {
    workers: 3,
    onProgress: (progress: IndexProgress) => seen.push(progress),
  });
  await build(folder, one, { workers: 1 });
  assert.equal(built.built, 6);
  assert.deepEqual(await contents(two), await contents(one));
  assert.deepEqual(seen[0], { shardsDone: 0, shardsTotal: 6, images: 0, imagesRead: 0 });
  assert.deepEqual(seen.at(-1), { shardsDone: 6, shardsTotal: 6, images: 294, imagesRead: 294 });
});

test("a stopped build says why, and goes on later; a shard that is gone fails the build and keeps the others", async (t) => {
  const folder = temporary(t);
  const out = temporary(t);
  await writeSparseCorpus(folder, { shards: 4, imagesPerShard: 40 });
  for (const workers of [1, 2]) {
    const stop = new AbortController();
    const onProgress = ({ shardsDone }: IndexProgress) => {
      if (shardsDone === workers) stop.abort(new Error("enough"));
    };
    await assert.rejects(build(folder, out, { workers, signal: stop.signal, onProgress }), /enough/);
  }
  assert.deepEqual(readdirSync(join(out, "claims")), []);
  const { shards, identity } = await openCorpus(folder);
  const hidden = join(folder, "gone");
  let moved = false;
  const onProgress = () => {
    if (!moved) renameSync(shards[3]!.path!, hidden);
    moved = true;
  };
  await assert.rejects(
    buildIndex(shards, out, { corpus: folder, identity, workers: 1, onProgress }),
    /ENOENT/,
  );
  renameSync(hidden, shards[3]!.path!);
  const last = await build(folder, out);
  assert.equal(last.images, 160);
  assert.ok(last.built >= 1 && last.built < 4);
});

test("an index takes more shards of its corpus, and none of another", async (t) => {
  const [folder, other, out] = [temporary(t), temporary(t), temporary(t)];
  for (const place of [folder, other]) await writeSparseCorpus(place, { shards: 3, imagesPerShard: 5 });
  const { shards, identity } = await openCorpus(folder);
  await buildIndex(shards.slice(2), out, { corpus: folder, identity });
  await buildIndex(shards.slice(0, 1), out, { corpus: folder, identity });
  const index = await openIndex(out);
  assert.deepEqual(
    index.shards.map(({ number }) => number),
    [0, 2],
  );
  index.close();
  await assert.rejects(build(other, out), /an empty folder or an index of .* is needed, got one of /);
  await assert.rejects(build(folder, out, { workers: 0 }), RangeError);
  await assert.rejects(openIndex(folder), /a folder made by "gpic-lab corpus index" is needed/);
});
