import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  type CorpusIndex,
  captionLengthCounts,
  captionLengths,
  countByShard,
  countImages,
  countProblems,
  duplicateKeys,
  exactDuplicates,
  type ImageRow,
  imageSizes,
  listProblems,
  openCorpus,
  openIndex,
  randomRecords,
  randomRows,
  repeatedCaptions,
  rowsOf,
  sizeHistogram,
  totals,
} from "gpic-lab/corpus";
import { makeIndex } from "./made-index.js";
import { ownCache, temporary } from "./scratch.js";

ownCache();

const IMAGES = 6000;
let folder: string;
let index: CorpusIndex;
let rows: ImageRow[];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  await makeIndex(folder, { images: IMAGES, imagesPerShard: 700, repeatEvery: 50 });
  index = await openIndex(folder);
  rows = rowsOf<ImageRow>(await index.query("SELECT * FROM images"));
});
after(() => {
  index.close();
  rmSync(folder, { recursive: true });
});

function group(value: (row: ImageRow) => string | null): Map<string | null, ImageRow[]> {
  const groups = new Map<string | null, ImageRow[]>();
  for (const row of rows) groups.set(value(row), [...(groups.get(value(row)) ?? []), row]);
  return groups;
}

/** Linear interpolation between neighbours, as numpy's default. */
function quantile(values: readonly number[], level: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = level * (sorted.length - 1);
  const low = sorted[Math.floor(place)]!;
  return low + (sorted[Math.ceil(place)]! - low) * (place - Math.floor(place));
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

test("the totals and the counts by each property are those of a plain loop", async () => {
  const pixels = (of: readonly ImageRow[]) =>
    of.reduce((sum, row) => sum + row.img_width * row.img_height, 0);
  const bytes = (of: readonly ImageRow[]) => of.reduce((sum, row) => sum + row.image_bytes, 0);
  const expected = { images: IMAGES, bytes: bytes(rows), pixels: pixels(rows), shards: 9, problems: 0 };
  assert.deepEqual(await totals(index), expected);
  const properties = {
    shard: (row: ImageRow) => row.shard,
    license: (row: ImageRow) => row.license,
    spdx: (row: ImageRow) => row.spdx,
    licence_category: (row: ImageRow) => row.licence_category,
    permissive: (row: ImageRow) => String(row.permissive),
    source: (row: ImageRow) => row.source,
    caption_type: (row: ImageRow) => row.caption_type,
  } as const;
  for (const [by, value] of Object.entries(properties)) {
    const counted = await countImages(index, by as keyof typeof properties);
    const groups = group(value);
    assert.equal(counted.length, groups.size, by);
    for (const row of counted) {
      const of = groups.get(row.value)!;
      assert.deepEqual(row, {
        value: row.value,
        images: of.length,
        share: of.length / IMAGES,
        bytes: bytes(of),
        pixels: pixels(of),
      });
    }
    assert.deepEqual(
      counted,
      [...counted].sort((a, b) => b.images - a.images),
    );
  }
  const tiers = await countImages(index, "tier");
  assert.deepEqual(
    tiers.map(({ value, images }) => [value, images]),
    [
      ["full", IMAGES],
      ["lite", IMAGES],
      ["nano", IMAGES],
    ],
  );
  await assert.rejects(countImages(index, "1; DROP" as "shard"), RangeError);
});

test("counts by shard and property add up, and are those of a plain loop", async () => {
  const counted = await countByShard(index, "source");
  for (const { shard, value, images } of counted)
    assert.equal(images, rows.filter((row) => row.shard === shard && row.source === value).length);
  assert.equal(
    counted.reduce((sum, { images }) => sum + images, 0),
    IMAGES,
  );
});

test("means, quantiles and histograms of sizes are those of a plain loop", async () => {
  const values = {
    width: rows.map((row) => row.img_width),
    height: rows.map((row) => row.img_height),
    pixels: rows.map((row) => row.img_width * row.img_height),
    bytes: rows.map((row) => row.image_bytes),
    aspect: rows.map((row) => row.img_width / row.img_height),
  };
  const sizes = await imageSizes(index);
  assert.deepEqual(
    sizes.map(({ measure }) => measure),
    Object.keys(values),
  );
  // a sum of 6000 float64 differs by its order, by some 1e-13 of itself; an interpolation by one rounding
  const near = (a: number | null, b: number) =>
    assert.ok(Math.abs(a! - b) <= 1e-12 * Math.abs(b), `${a} and ${b}`);
  for (const row of sizes) {
    const of = values[row.measure];
    near(row.mean, mean(of));
    for (const [name, level] of [
      ["p1", 0.01],
      ["p5", 0.05],
      ["p25", 0.25],
      ["median", 0.5],
      ["p75", 0.75],
      ["p95", 0.95],
      ["p99", 0.99],
      ["min", 0],
      ["max", 1],
    ] as const)
      near(row[name], quantile(of, level));
  }
  const bins = await sizeHistogram(index, "bytes", [80_000, 160_000], 7);
  const step = 80_000 / 7;
  const expected = new Array(7).fill(0);
  for (const value of values.bytes) expected[Math.min(6, Math.max(0, Math.floor((value - 80_000) / step)))]++;
  assert.deepEqual(
    bins.map(({ images }) => images),
    expected,
  );
  assert.deepEqual([bins[0]!.from, bins[6]!.to], [80_000, 160_000]);
  await assert.rejects(sizeHistogram(index, "bytes", [1, 1], 5), RangeError);
  await assert.rejects(sizeHistogram(index, "bytes", [0, 1], 0), RangeError);
  await assert.rejects(sizeHistogram(index, "x" as "bytes", [0, 1], 5), RangeError);
});

test("caption lengths by type are those of a plain loop", async () => {
  const lengths = await captionLengths(index);
  assert.equal(lengths.length, 16);
  for (const row of lengths) {
    const of = rows.filter((one) => one.caption_type === row.caption_type).map((one) => one[row.measure]);
    assert.equal(row.images, of.length);
    assert.ok(Math.abs(row.mean! - mean(of)) < 1e-9);
    assert.ok(Math.abs(row.median! - quantile(of, 0.5)) < 1e-9);
    const over = of.filter((tokens) => tokens + 2 > 77).length / of.length;
    assert.equal(row.share_over_77, row.measure === "clip_tokens" ? over : null);
  }
  const counted = await captionLengthCounts(index, "words");
  for (const { caption_type, length, captions } of counted)
    assert.equal(
      captions,
      rows.filter((row) => row.caption_type === caption_type && row.words === length).length,
    );
  assert.equal(
    counted.reduce((sum, { captions }) => sum + captions, 0),
    IMAGES,
  );
});

test("repeated captions are counted letter by letter", async () => {
  const groups = [...group((row) => row.caption)].filter(([, of]) => of.length > 1);
  const found = await repeatedCaptions(index, 3);
  assert.equal(found.captions, IMAGES);
  assert.equal(found.repeated, groups.length);
  assert.equal(
    found.images,
    groups.reduce((sum, [, of]) => sum + of.length, 0),
  );
  assert.equal(found.distinct, new Set(rows.map((row) => row.caption)).size);
  // every 50th caption is the one of image 7
  const most = Math.max(...groups.map(([, of]) => of.length));
  assert.ok(most > 100);
  assert.equal(found.most[0]!.images, most);
  assert.equal(found.most.length, Math.min(3, groups.length));
});

test("duplicates by key and by hash are found, and nothing where there are none", async () => {
  assert.deepEqual(await exactDuplicates(index), []);
  assert.deepEqual(await duplicateKeys(index), []);
  const twice = {
    query: (sql: string, parameters?: Parameters<CorpusIndex["query"]>[1]) =>
      index.query(
        sql.replaceAll(
          "FROM images",
          "FROM (FROM images UNION ALL (FROM images ORDER BY key LIMIT 2)) AS images",
        ),
        parameters,
      ),
  };
  const keys = rows
    .map((row) => row.key)
    .sort()
    .slice(0, 2);
  assert.deepEqual(
    (await duplicateKeys(twice)).map(({ value, images, places }) => [value, images, places.length]),
    keys.map((key) => [key, 2, 2]),
  );
  assert.deepEqual(await countProblems(index), []);
  assert.deepEqual(await listProblems(index), []);
});

test("a random sample is the same for the same seed, holds nothing twice, and can be all there is", async () => {
  const draw = async (count: number, seed: number) =>
    (await randomRows(index, count, seed)).map((row) => `${row.shard} ${row.image_offset}`);
  assert.deepEqual(await draw(30, 1), await draw(30, 1));
  assert.notDeepEqual(await draw(30, 1), await draw(30, 2));
  // more of the same seed go on where fewer ended, by either way of fetching rows
  assert.deepEqual((await draw(200, 1)).slice(0, 30), await draw(30, 1));
  assert.equal(new Set(await draw(IMAGES, 3)).size, IMAGES);
  assert.deepEqual(await draw(0, 3), []);
  await assert.rejects(draw(IMAGES + 1, 3), /0 to 6000 of them are possible, got 6001/);
  await assert.rejects(draw(-1, 3), RangeError);
});

test("a random sample hits every shard and every place alike", async () => {
  // 100 draws of 60 rows: 6,000 hits over 20 cells of 300 neighbouring rows each; chi-square with 19 degrees of
  // freedom lies between 5 and 50 but for some 6e-4 of seeds, and the seeds are fixed
  const place = new Map(
    [...rows]
      .sort((a, b) => (a.shard < b.shard ? -1 : a.shard > b.shard ? 1 : a.image_offset - b.image_offset))
      .map((row, at) => [`${row.shard} ${row.image_offset}`, at]),
  );
  const cells = new Array(20).fill(0);
  for (let seed = 0; seed < 100; seed++)
    for (const row of await randomRows(index, 60, seed))
      cells[Math.floor(place.get(`${row.shard} ${row.image_offset}`)! / 300)]++;
  const chiSquare = cells.reduce((sum, count) => sum + (count - 300) ** 2 / 300, 0);
  assert.ok(chiSquare < 50, String(chiSquare));
  assert.ok(chiSquare > 5, String(chiSquare));
});

test("records that were drawn bring the picture that a walk through the shards finds", async () => {
  const corpus = await openCorpus("sample");
  const walked = new Map<string, Awaited<ReturnType<typeof randomRecords>>[number] | object>();
  for await (const record of corpus.records()) walked.set(record.key, record);
  const drawn = await randomRecords(corpus, 152, "all");
  assert.equal(drawn.length, 152);
  for (const record of drawn.slice(0, 20)) {
    const { readImage, ...fields } = record;
    const other = walked.get(record.key) as typeof record;
    for (const [name, value] of Object.entries(other))
      if (name !== "readImage") assert.deepEqual((fields as Record<string, unknown>)[name], value, name);
    assert.deepEqual(Buffer.compare(await readImage(), await other.readImage()), 0);
  }
});

test("an index of nothing has answers", async (t) => {
  const empty = temporary(t);
  await makeIndex(empty, { images: 0 });
  const none = await openIndex(empty);
  t.after(() => none.close());
  assert.deepEqual(await totals(none), { images: 0, bytes: 0, pixels: 0, shards: 0, problems: 0 });
  assert.deepEqual(await countImages(none, "source"), []);
  assert.deepEqual(await captionLengths(none), []);
  assert.equal((await imageSizes(none))[0]!.median, null);
  assert.deepEqual(await randomRows(none, 0, 1), []);
  assert.deepEqual((await repeatedCaptions(none)).most, []);
});
