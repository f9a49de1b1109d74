import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { packageFile } from "gpic-lab/io";
import { countLicences, imageSource, MAX_ODD_LICENCES, normaliseLicence } from "gpic-lab/licences";
import { parseCsv } from "./golden.js";
import { sampleRecords } from "./sample.js";

function table(path: string): { readonly [column: string]: string }[] {
  const [header, ...rows] = parseCsv(readFileSync(packageFile(path), "utf8"));
  return rows.map((row) => Object.fromEntries(row.map((cell, at) => [header![at]!, cell])));
}

function tally(values: Iterable<string>): { [value: string]: number } {
  const counts: { [value: string]: number } = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

const pool = await sampleRecords("pool");
const release = await sampleRecords("release");

test("every record of the release is permissive", async () => {
  const counts = await countLicences(release);
  assert.equal(counts.images, release.length);
  assert.deepEqual(
    [counts.accepted, counts.rejected, counts.unknown, counts.disagreeing],
    [release.length, 0, 0, 0],
  );
});

test("in the pool the licence stage takes out what the truth says it takes out, and knows every licence", async () => {
  const truth = new Map(table("data/sample/truth.csv").map((row) => [row.key, row]));
  for (const record of pool) {
    const { permissive } = normaliseLicence(record.license, record.license_url);
    assert.equal(permissive, truth.get(record.key)!.leaves_at !== "licence", record.license);
  }
  const counts = await countLicences(pool);
  assert.equal(counts.rejected, [...truth.values()].filter((row) => row.leaves_at === "licence").length);
  assert.deepEqual([counts.unknown, counts.unknownShare, counts.disagreeing], [0, 0, 0]);
  assert.equal(counts.accepted + counts.rejected, pool.length);
  for (const row of counts.rows.filter(({ category }) => category === "rejected"))
    assert.match(row.spdx, /-SA-/);
});

test("licences and sources of the photographs are those of their table", async () => {
  const photographs = table("data/sample/photographs.csv");
  const truth = new Map(table("data/sample/truth.csv").map((row) => [row.key, row.kind]));
  const originals = pool.filter(({ key }) => truth.get(key) === "photograph");
  assert.equal(originals.length, photographs.length);
  const { rows } = await countLicences(originals);
  const byLicence: { [name: string]: number } = {};
  for (const { name, images } of rows) byLicence[name] = (byLicence[name] ?? 0) + images;
  assert.deepEqual(byLicence, tally(photographs.map(({ license }) => license!)));
  const sources = new Map(photographs.map((row) => [row.key!, row.source!]));
  const found = tally(originals.map((record) => `${sources.get(record.key)} ${imageSource(record).source}`));
  const wanted = tally(
    photographs.map((row) => `${row.source} ${row.source === "other" ? "unknown" : row.source}`),
  );
  assert.deepEqual(found, wanted);
});

test("shares add up to one, and rows stand by category, then by count", async () => {
  const { rows, images } = await countLicences(pool);
  assert.ok(Math.abs(rows.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-12);
  assert.equal(
    rows.reduce((sum, row) => sum + row.images, 0),
    images,
  );
  const categories = rows.map(({ category }) => category);
  assert.deepEqual(
    categories.filter((category, at) => category !== categories[at - 1]),
    [...["CC BY", "CC0", "Public Domain", "rejected"]],
  );
});

test("what is not recognised or contradicts itself is listed as written, the most frequent first", async () => {
  const record = (license: string, license_url = "") => ({ license, license_url, attribution: "" });
  const { odd, unknown, unknownShare, disagreeing } = await countLicences([
    record("my own"),
    record("CC BY 2.0", "https://creativecommons.org/licenses/by-nc/2.0/"),
    record("my own"),
    record("CC0"),
  ]);
  assert.deepEqual([unknown, unknownShare, disagreeing], [2, 0.5, 1]);
  assert.deepEqual(
    odd.map(({ license, images, why }) => [license, images, why]),
    [
      ["my own", 2, "the name is not recognised"],
      ["CC BY 2.0", 1, "the name says CC BY 2.0, the URL says CC BY-NC 2.0"],
    ],
  );
});

test("an empty corpus has no share, and a corpus of garbage fills no memory", async () => {
  assert.deepEqual((await countLicences([])).unknownShare, 0);
  const garbage = Array.from({ length: 2 * MAX_ODD_LICENCES }, (_, at) => ({
    ...{ license: `${at} ${"x".repeat(1000)}`, license_url: "", attribution: "" },
  }));
  const { odd, unknown } = await countLicences(garbage);
  assert.equal(odd.length, MAX_ODD_LICENCES);
  assert.equal(unknown, 2 * MAX_ODD_LICENCES);
  assert.ok(odd.every(({ license }) => license.length <= 200));
});
