import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, type TestContext, test } from "node:test";
import {
  CorpusError,
  type CorpusProblem,
  type ImageRecord,
  MAX_UNPAIRED,
  openCorpus,
  parseImageMetadata,
  shardRecords,
  surveyCorpus,
} from "gpic-lab/corpus";
import { bufferSource, installSettings, settingsFrom, tarArchive } from "gpic-lab/io";
import { madeJson, madePair, writeShards } from "./made-shard.js";

// indexes of made shards belong into no user's cache
const cache = mkdtempSync(join(tmpdir(), "gpic-lab-cache-"));
installSettings(() => settingsFrom({ GPIC_LAB_CACHE: cache }));
after(() => rmSync(cache, { recursive: true }));

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

test("a folder's records come in the order of train, val, test, with their bytes on demand", async (t) => {
  const folder = temporary(t);
  writeShards(folder, {
    "val/gpic_val_00000.tar": madePair("v", { split: [] }),
    "train/gpic_train_00001.tar": madePair("b", {}, "png"),
    "train/gpic_train_00000.tar": [...madePair("a"), ...madePair("aa")],
    "train/notes.tar": [],
  });
  const corpus = await openCorpus(folder);
  const records = await all(corpus.records());
  const texts = await Promise.all(records.map(async (r) => new TextDecoder().decode(await r.readImage())));
  assert.deepEqual(texts, ["a", "aa", "b", "v"]);
  assert.deepEqual(
    records.map((record) => [record.shard, record.imageExtension, record.imageBytes]),
    [
      ["train/gpic_train_00000.tar", "jpg", 1],
      ["train/gpic_train_00000.tar", "jpg", 2],
      ["train/gpic_train_00001.tar", "png", 1],
      ["val/gpic_val_00000.tar", "jpg", 1],
    ],
  );
  assert.match(corpus.describe(), /^local shards .*: 3 shards \(2 train, 1 val\)/);
  assert.deepEqual(corpus.identity, { dataset: "local", complete: false });
});

test("splits, tiers and numbers choose shards, and a choice that leaves none is an error", async (t) => {
  const folder = temporary(t);
  writeShards(folder, {
    "train/gpic_train_00079.tar": madePair("a"),
    "train/gpic_train_00080.tar": madePair("b"),
    "test/gpic_test_00003.tar": madePair("c", { split: [] }),
  });
  const names = async (choice: Parameters<typeof openCorpus>[1]) =>
    (await openCorpus(folder, choice)).shards.map((shard) => shard.number);
  assert.deepEqual(await names({ tier: "nano" }), [79]);
  assert.deepEqual(await names({ tier: "lite" }), [79, 80]);
  assert.deepEqual(await names({ split: "test" }), [3]);
  assert.deepEqual(await names({ shards: "3,80-90" }), [80, 3]);
  await assert.rejects(names({ split: "val" }), /at least one of the 3 there must fit/);
  await assert.rejects(names({ tier: "nano", split: "test" }), /tiers are parts of train/);
  await assert.rejects(names({ shards: "3-1" }), SyntaxError);
  await assert.rejects(names({ shards: "../x" }), SyntaxError);
  await assert.rejects(names({ tier: "constructor" as "nano" }), /the tier is nano, lite or full/);
});

test("a tar alone is a corpus; half a name on the Hub, an empty folder and nothing at all are clear errors", async (t) => {
  const folder = temporary(t);
  writeShards(folder, { "any.tar": madePair("a") });
  const corpus = await openCorpus(join(folder, "any.tar"));
  assert.equal((await all(corpus.records())).length, 1);
  assert.equal(corpus.shards[0]!.split, undefined);
  await assert.rejects(
    openCorpus(folder),
    /train\/, val\/ or test\/ with gpic_\{split\}_NNNNN.tar is needed/,
  );
  await assert.rejects(openCorpus(join(folder, "none")), /got no such file/);
  await assert.rejects(openCorpus("hf://gpic"), /hf:\/\/ORGANISATION\/NAME/);
});

test("each wrong field is an error with shard, offset and key where nobody takes problems", async (t) => {
  const folder = temporary(t);
  const wrongs: [Record<string, unknown>, RegExp][] = [
    [{ license: 3 }, /field-type: license, a text is needed, got 3/],
    [{ caption: undefined }, /field-missing: caption, a text is needed, got nothing/],
    [{ img_width: 0 }, /field-range: img_width, a whole number from 1 to 2147483647 is needed, got 0/],
    [{ img_height: 1.5 }, /field-type: img_height, a whole number/],
    [{ split: ["mini"] }, /field-range: split, a list out of nano, lite, full is needed, got \["mini"\]/],
    [{ split: "nano" }, /field-type: split/],
    [{ caption_type: "alt" }, /field-range: caption_type, one of/],
    [{ key: "../../etc/passwd" }, /field-range: key, 64 hexadecimal digits/],
    [{ caption: null }, /field-type: caption, a text is needed, got null/],
  ];
  for (const [changes, message] of wrongs) {
    writeShards(folder, { "one.tar": [...madePair("sound"), ...madePair("wrong", changes)] });
    const corpus = await openCorpus(join(folder, "one.tar"));
    await assert.rejects(all(corpus.records()), (error: unknown) => {
      assert.ok(error instanceof CorpusError);
      assert.match(error.message, message);
      assert.equal(error.problem.shard, "one.tar");
      assert.ok(error.problem.offset > 0);
      return true;
    });
  }
});

test("every wrong field of a record is a finding, and fields that the card does not know are kept", async (t) => {
  const folder = temporary(t);
  const extra = { phash: "ff00", __proto__x: 1 };
  writeShards(folder, {
    "one.tar": [
      ...madePair("wrong", { license: 3, img_width: -1, caption: undefined }),
      ...madePair("more", extra),
    ],
  });
  const problems: CorpusProblem[] = [];
  const corpus = await openCorpus(join(folder, "one.tar"));
  const records = await all(corpus.records({ onProblem: (problem) => problems.push(problem) }));
  assert.deepEqual(
    problems.map(({ kind, found }) => [kind, found]),
    [
      ["field-type", "3"],
      ["field-range", "-1"],
      ["field-missing", "nothing"],
    ],
  );
  assert.deepEqual(
    records.map(({ extra }) => extra),
    [extra],
  );
});

test("a field named __proto__ is kept as a field, and gives a record nothing else", () => {
  const text = JSON.stringify(madeJson(new Uint8Array(1))).replace("{", '{"__proto__":{"isAdmin":true},');
  const { extra } = parseImageMetadata(JSON.parse(text));
  assert.deepEqual(Object.keys(extra ?? {}), ["__proto__"]);
  assert.equal((extra as { isAdmin?: unknown }).isAdmin, undefined);
});

test("with onProblem every sound record is kept, and each problem is told once", async (t) => {
  const folder = temporary(t);
  const [jsonOnly] = madePair("no image");
  const [, imageOnly] = madePair("no json");
  const [broken, brokenImage] = madePair("broken");
  const [moved, movedImage] = madePair("moved");
  const other = "0".repeat(64);
  writeShards(folder, {
    "train/gpic_train_00000.tar": [
      ...madePair("first"),
      jsonOnly,
      ...madePair("second"),
      imageOnly,
      { name: broken.name, bytes: new Uint8Array([0x7b, 0xff]) },
      brokenImage,
      { name: `${other}.json`, bytes: moved.bytes },
      { name: `${other}.jpg`, bytes: movedImage.bytes },
      { name: "readme.txt", bytes: new Uint8Array(3) },
      ...madePair("third"),
      ...madePair("first"),
    ],
    "train/gpic_train_00001.tar": madePair("fourth"),
  });
  const problems: CorpusProblem[] = [];
  const corpus = await openCorpus(folder);
  const records = await all(corpus.records({ onProblem: (problem) => problems.push(problem) }));
  assert.equal(records.length, 4);
  assert.deepEqual(problems.map((problem) => problem.kind).sort(), [
    "duplicate-key",
    "image-without-json",
    "json-not-utf8",
    "json-without-image",
    "key-not-name",
    "unsupported-entry",
  ]);
  assert.equal(problems.find(({ kind }) => kind === "key-not-name")?.key, other);
});

test("pairs are found in either order, apart from each other, in folders and as .jpeg", async (t) => {
  const folder = temporary(t);
  const [aJson, aImage] = madePair("a");
  const [bJson, bImage] = madePair("b", {}, "png");
  const [cJson, cImage] = madePair("c", {}, "jpeg");
  const [dJson, dImage] = madePair("d", {}, "JPG");
  const inside = ({ name, bytes }: { name: string; bytes: Uint8Array }) => ({ name: `./x/${name}`, bytes });
  writeShards(folder, {
    "one.tar": [aImage, aJson, bJson, cImage, bImage, inside(dJson), inside(dImage), cJson],
  });
  const records = await all((await openCorpus(join(folder, "one.tar"))).records());
  const texts = await Promise.all(records.map(async (r) => new TextDecoder().decode(await r.readImage())));
  assert.deepEqual(texts, ["a", "b", "d", "c"]);
  assert.deepEqual(
    records.map(({ imageExtension }) => imageExtension),
    ["jpg", "png", "jpg", "jpg"],
  );
});

test("halves wait for each other in bounded number: beyond it they are findings", async (t) => {
  const folder = temporary(t);
  const pairs = Array.from({ length: MAX_UNPAIRED + 2 }, (_, i) => madePair(`image ${i}`));
  const jsons = pairs.map(([json]) => json);
  const images = pairs.map(([, image]) => image);
  const kinds = async (files: Parameters<typeof writeShards>[1][string]) => {
    writeShards(folder, { "one.tar": files });
    const problems: CorpusProblem[] = [];
    const corpus = await openCorpus(join(folder, "one.tar"));
    const records = await all(corpus.records({ onProblem: (problem) => problems.push(problem) }));
    return [records.length, problems.filter(({ kind }) => kind === "image-without-json").length];
  };
  const near = [...jsons.slice(0, MAX_UNPAIRED), ...images.slice(0, MAX_UNPAIRED)];
  assert.deepEqual(await kinds(near), [MAX_UNPAIRED, 0]);
  assert.deepEqual(await kinds([...jsons, images[0]!, ...madePair("behind")]), [1, 1]);
});

test("a shard that streams by gives the same records, its images only where they were asked for", async () => {
  const bytes = tarArchive([...madePair("a"), ...[...madePair("b")].reverse()]);
  async function* stream() {
    for (let at = 0; at < bytes.length; at += 700) yield bytes.slice(at, at + 700);
  }
  const options = { shard: "one.tar" };
  const plain = ({ readImage, ...record }: ImageRecord) => record;
  const local = await all(shardRecords(bufferSource(bytes), options));
  const passing = await all(shardRecords(stream(), options));
  const ofNode = await all(shardRecords(Readable.from([bytes], { objectMode: false }), options));
  assert.deepEqual(ofNode.map(plain), local.map(plain));
  assert.deepEqual(passing.map(plain), local.map(plain));
  await assert.rejects(passing[0]!.readImage(), /pass images: true/);
  const held = await all(shardRecords(stream(), { ...options, images: true }));
  const texts = await Promise.all(held.map(async (r) => new TextDecoder().decode(await r.readImage())));
  assert.deepEqual(texts, ["a", "b"]);
});

test("a shard that cannot be opened is a finding, and the others are read", async (t) => {
  const folder = temporary(t);
  writeShards(folder, {
    "train/gpic_train_00000.tar": madePair("a"),
    "train/gpic_train_00001.tar": madePair("b"),
  });
  const corpus = await openCorpus(folder);
  rmSync(join(folder, "train/gpic_train_00000.tar"));
  const problems: CorpusProblem[] = [];
  const records = await all(corpus.records({ onProblem: (problem) => problems.push(problem) }));
  assert.equal(records.length, 1);
  assert.equal(problems[0]?.kind, "shard-unreadable");
  assert.match(problems[0]?.found ?? "", /ENOENT/);
});

test("progress tells the shards, and an aborted signal ends the walk", async (t) => {
  const folder = temporary(t);
  writeShards(folder, {
    "train/gpic_train_00000.tar": madePair("a"),
    "train/gpic_train_00001.tar": madePair("b"),
  });
  const corpus = await openCorpus(folder);
  const seen: number[] = [];
  await all(corpus.records({ onProgress: ({ shardsDone, images }) => seen.push(shardsDone, images) }));
  assert.deepEqual(seen, [1, 1, 2, 2]);
  const stop = new AbortController();
  const got: ImageRecord[] = [];
  await assert.rejects(async () => {
    for await (const record of corpus.records({ signal: stop.signal })) {
      got.push(record);
      stop.abort(new Error("enough"));
    }
  }, /enough/);
  assert.equal(got.length, 1);
});

test("the survey counts what a plain loop counts", async (t) => {
  const folder = temporary(t);
  writeShards(folder, {
    "train/gpic_train_00000.tar": [
      ...madePair("a", { attribution: "X, via Wikimedia Commons", license: "CC0 1.0", caption_type: "tag" }),
      ...madePair("bb", { attribution: "museum", license_url: "", img_width: 10, img_height: 20 }),
    ],
    "train/gpic_train_00001.tar": madePair("ccc"),
  });
  const summary = await surveyCorpus(await openCorpus(folder));
  assert.equal(summary.images, 3);
  assert.equal(summary.bytes, 6);
  assert.equal(summary.pixels, 2 * 640 * 480 + 200);
  assert.deepEqual(summary.caption_types, { tag: 1, short: 2, medium: 0, long: 0 });
  assert.deepEqual(Object.entries(summary.licences), [
    ["CC BY 2.0", 2],
    ["CC0 1.0", 1],
  ]);
  assert.deepEqual(summary.sources, { flickr: 1, wikimedia: 1, unknown: 1 });
  assert.equal(summary.mean_width, (640 + 10 + 640) / 3);
  assert.equal(summary.mean_height, (480 + 20 + 480) / 3);
  assert.deepEqual(
    summary.shards.map(({ shard, images, bytes }) => [shard, images, bytes]),
    [
      ["train/gpic_train_00000.tar", 2, 3],
      ["train/gpic_train_00001.tar", 1, 3],
    ],
  );
});
