import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { test } from "node:test";
import { type ImageRecord, openCorpus, sampleTierShards, tiers } from "gpic-lab/corpus";
import { openFileSource, packageFile, tarEntries } from "gpic-lab/io";
import sharp from "sharp";
import { parseCsv } from "../../data/build/csv.js";
import { derive } from "../../data/build/derive.js";
import { readPool, sha256 } from "../../data/build/pool.js";
import { withTables } from "../../data/build/readme.js";
import { releaseFiles } from "../../data/build/release.js";
import { isPermissive } from "../../data/build/truth.js";
import { committedInput } from "../../data/build-sample.js";

const sample = packageFile("data", "sample");
const readme = readFileSync(packageFile("data", "README.md"), "utf8");
const truth = parseCsv(readFileSync(join(sample, "truth.csv"), "utf8"));
const photographs = parseCsv(readFileSync(join(sample, "photographs.csv"), "utf8"));
const captions = parseCsv(readFileSync(join(sample, "pool", "captions.csv"), "utf8"));
const released = await all((await openCorpus("sample")).records());

async function all(records: AsyncIterable<ImageRecord>): Promise<ImageRecord[]> {
  const list: ImageRecord[] = [];
  for await (const record of records) list.push(record);
  return list;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => file.split(sep).join("/"))
    .sort();
}

test("pool, truth, release and the README's tables are made again from the pool, byte by byte", async () => {
  const input = await committedInput();
  const derived = await derive(input);
  const release = await releaseFiles(join(sample, "pool"));
  const made = new Map([
    ...derived.files,
    ...[...release].map(([name, b]) => [`release/${name}`, b] as const),
  ]);
  const shards = filesBelow(sample).filter((file) => file.endsWith(".tar") || file === "truth.csv");
  assert.deepEqual([...made.keys()].sort(), shards);
  for (const [file, bytes] of made)
    assert.equal(sha256(bytes), sha256(readFileSync(join(sample, file))), file);
  assert.equal(withTables(readme, input.photographs, { ...derived, files: made }), readme);
});

test("every key of the release is the SHA-256 of its image, whose format and size are as stated", async () => {
  for (const record of released) {
    const bytes = await record.readImage();
    assert.equal(createHash("sha256").update(bytes).digest("hex"), record.key);
    const { format, width, height } = await sharp(bytes).metadata();
    assert.equal(format, record.imageExtension === "jpg" ? "jpeg" : "png");
    assert.deepEqual([width, height], [record.img_width, record.img_height]);
  }
  assert.equal(new Set(released.map(({ key }) => key)).size, released.length);
  assert.deepEqual(new Set(released.map(({ imageExtension }) => imageExtension)), new Set(["jpg", "png"]));
  assert.ok(released.length >= 100);
});

test("the release's JSON has exactly the ten fields of the data card, and no image is share-alike", async () => {
  const fields =
    "retrieved_at license license_url attribution key img_width img_height split caption_type caption";
  for (const shard of (await openCorpus("sample")).shards) {
    const source = await shard.open();
    for await (const entry of tarEntries(source)) {
      if (!entry.name.endsWith(".json")) continue;
      const json = JSON.parse(new TextDecoder().decode(await source.read(entry.offset, entry.size)));
      assert.deepEqual(Object.keys(json), fields.split(" "));
      assert.ok(isPermissive(json.license), json.license);
      assert.doesNotMatch(json.license_url, /by-sa/);
    }
    await source.close();
  }
});

test("tiers are the prefixes of the train shards that the records' lists name", async () => {
  for (const tier of tiers) {
    const corpus = await openCorpus("sample", { tier });
    assert.equal(corpus.shards.length, sampleTierShards[tier]);
    const inTier = released.filter((record) => record.split.includes(tier)).map(({ key }) => key);
    assert.deepEqual(
      (await all(corpus.records())).map(({ key }) => key),
      inTier,
    );
    assert.ok(inTier.length > 0);
  }
  assert.ok(released.every((record) => record.split.length === 0 || record.shard.startsWith("train/")));
});

test("truth speaks of every record of the pool once, and what leaves at the licence is share-alike", async () => {
  const pool = await readPool(join(sample, "pool"));
  assert.deepEqual(
    truth.map((row) => row.key),
    pool.map(({ metadata }) => metadata.key),
  );
  assert.equal(new Set(truth.map((row) => row.key)).size, truth.length);
  for (const [i, { metadata, bytes, extension }] of pool.entries()) {
    const row = truth[i]!;
    assert.equal(row.leaves_at === "licence", !isPermissive(metadata.license));
    assert.equal(row.release_key, row.leaves_at === "" ? sha256(bytes) : "");
    const { format, width, height } = await sharp(bytes).metadata();
    assert.equal(format, extension === "jpg" ? "jpeg" : "png");
    assert.deepEqual([width, height], [metadata.img_width, metadata.img_height]);
  }
  assert.deepEqual(
    truth
      .map((row) => row.release_key)
      .filter((key) => key !== "")
      .sort(),
    released.map(({ key }) => key).sort(),
  );
});

test("truth names the shard that each record of the pool lies in", async () => {
  const shardOf = new Map(truth.map((row) => [row.key, row.shard]));
  for (const shard of filesBelow(join(sample, "pool")).filter((file) => file.endsWith(".tar"))) {
    const source = await openFileSource(join(sample, "pool", shard));
    for await (const entry of tarEntries(source))
      assert.equal(shardOf.get(entry.name.replace(/\.\w+$/, "")), shard);
    await source.close();
  }
});

test("defects and copies are what the truth says: measured, not believed", async () => {
  const pool = new Map((await readPool(join(sample, "pool"))).map((image) => [image.metadata.key, image]));
  const kinds = new Map<string, number>();
  for (const [place, row] of truth.entries()) {
    const kind = row.kind!;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const image = pool.get(row.key!)!;
    const source = pool.get(row.source_key!)!;
    const longest = Math.max(image.metadata.img_width, image.metadata.img_height);
    const aspect = longest / Math.min(image.metadata.img_width, image.metadata.img_height);
    const mean = async (bytes: Uint8Array) => (await sharp(bytes).grayscale().stats()).channels[0]!;
    if (row.leaves_at !== "size") assert.ok(longest >= 256);
    assert.equal(kind === "too-small", longest < 256, kind);
    assert.equal(kind === "extreme-aspect", aspect >= 8, kind);
    if (kind === "exact-copy") assert.deepEqual(image.bytes, source.bytes);
    else if (kind !== "photograph") assert.notEqual(sha256(image.bytes), sha256(source.bytes));
    if (kind === "near-blank") assert.ok((await mean(image.bytes)).stdev < 3);
    if (kind === "underexposed") assert.ok((await mean(image.bytes)).mean < 20);
    if (kind === "overexposed") assert.ok((await mean(image.bytes)).mean > 215);
    if (kind === "blurred") {
      const sharpness = async (bytes: Uint8Array) => (await sharp(bytes).stats()).sharpness;
      assert.ok((await sharpness(image.bytes)) < 0.5 * (await sharpness(source.bytes)));
    }
    if (row.duplicate_of !== "")
      assert.ok(truth.findIndex((other) => other.key === row.duplicate_of) < place);
  }
  assert.equal(kinds.size, 14);
  for (const [kind, count] of kinds) assert.equal(count, kind === "photograph" ? photographs.length : 6);
});

test("each permissive photograph has one caption, of the type that was drawn for it", () => {
  const permissive = photographs.filter((row) => isPermissive(row.license!));
  assert.deepEqual(captions.map((row) => row.key).sort(), permissive.map((row) => row.key).sort());
  const typeOf = new Map(captions.map((row) => [row.key, row.caption_type]));
  for (const row of permissive) {
    const u = Number.parseInt(sha256(`0:${row.sha256_imported}`).slice(0, 8), 16) / 2 ** 32;
    assert.equal(typeOf.get(row.key), u < 0.01 ? "tag" : u < 0.46 ? "short" : u < 0.91 ? "medium" : "long");
  }
});

test("captions keep the paper's rules that can be read off the text", () => {
  const words = (text: string) => text.split(/\s+/).length;
  const bounds: { readonly [type: string]: readonly [number, number] } = {
    tag: [3, 24],
    short: [10, 30],
    medium: [25, 60],
    long: [60, 180],
  };
  for (const { file, caption_type, caption } of captions as readonly { [name: string]: string }[]) {
    const [least, most] = bounds[caption_type!]!;
    assert.ok(words(caption!) >= least && words(caption!) <= most, `${file}: ${words(caption!)} words`);
    assert.doesNotMatch(caption!, /\b(photo|photograph|image|picture)s?\b/i, file);
    assert.doesNotMatch(caption!, /[<>{}[\]*#\n]/, file);
    if (caption_type === "tag") assert.match(caption!, /^[a-z0-9 -]+(, [a-z0-9 -]+){2,7}$/, file);
    else assert.match(caption!, /^[A-Z].*[.]$/, file);
    if (caption_type === "long") assert.doesNotMatch(caption!, /foreground/i, file);
  }
});

test("data/README.md names every file of data/, and every image of every shard", async () => {
  const data = packageFile("data");
  const files = filesBelow(data).filter((file) => file !== "README.md");
  for (const file of files) {
    // decode/ has a README of its own
    const named = file.startsWith("decode/") ? "decode/" : file;
    const listed = readme.includes(`\`${named}\``) || readme.includes(`| ${file} |`);
    assert.ok(listed, `${file} is not named in data/README.md`);
  }
  for (const file of files.filter((name) => name.endsWith(".tar"))) {
    const source = await openFileSource(join(data, file));
    for await (const entry of tarEntries(source))
      assert.ok(
        readme.includes(`| ${entry.name.slice(0, 12)} |`),
        `${entry.name} of ${relative(data, file)}`,
      );
    await source.close();
  }
  for (const row of photographs) assert.ok(readme.includes(`| ${row.file} |`), row.file);
});

test("pool and release are at most 40 MB together, their descriptors at most 10 MB", () => {
  const size = (wanted: (file: string) => boolean) =>
    filesBelow(sample)
      .filter(wanted)
      .reduce((sum, file) => sum + statSync(join(sample, file)).size, 0);
  const isFeatures = (file: string) => file.startsWith("features");
  assert.ok(size((file) => !isFeatures(file)) <= 40e6);
  assert.ok(size(isFeatures) <= 10e6);
});
