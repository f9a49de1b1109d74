import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openCorpus } from "gpic-lab/corpus";
import { packageFile } from "gpic-lab/io";
import { madePair, writeShards } from "../../lib/corpus/made-shard.js";

function setUp(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const cli = packageFile("kernel-extensions", "cli", "gpic-lab.cjs");
  const call = (...args: string[]): Promise<{ status: number; out: string; err: string }> =>
    new Promise((resolve) =>
      execFile(
        process.execPath,
        [cli, "corpus", ...args],
        { env: { ...process.env, GPIC_LAB_CACHE: join(folder, "cache") } },
        (error, out, err) => resolve({ status: error === null ? 0 : Number(error.code), out, err }),
      ),
    );
  return { folder, call };
}

test("credits name every image of the sample once, in each format, and count what is missing", async (t) => {
  const { folder, call } = setUp(t);
  const keys: string[] = [];
  for await (const { key } of (await openCorpus()).records()) keys.push(key);
  for (const format of ["markdown", "html", "csv", "jsonl"]) {
    const file = join(folder, `credits.${format}`);
    const { status, out, err } = await call("credits", "--format", format, "--out", file, "--json");
    assert.equal(status, 0, err);
    const summary = JSON.parse(out);
    assert.equal(summary.images, keys.length);
    assert.ok(summary.missing["source link"] > 0, "the release names no originals");
    const text = readFileSync(file, "utf8");
    for (const key of keys) assert.equal(text.split(key).length, 2, `${key} in ${format}`);
  }
  const { out, err } = await call("credits", "sample", "--tier", "nano");
  assert.match(out, /^# Image credits\n/);
  assert.match(err, /^14 images, \d+ with all that their licence asks for/);
});

test("credits of two sources under one licence come in groups, though shards mix them", async (t) => {
  const { folder, call } = setUp(t);
  const shard = (name: string) => [
    ...madePair(`${name}1`, { attribution: `${name}, via Wikimedia Commons` }),
    ...madePair(`${name}2`, { attribution: `${name} on Flickr` }),
    ...madePair(`${name}3`, { license: "what is this", license_url: "" }),
    ...madePair(`${name}4`, { license: "nor this", license_url: "" }),
  ];
  writeShards(folder, { "train/gpic_train_00000.tar": shard("a"), "train/gpic_train_00001.tar": shard("b") });
  const { status, out, err } = await call("credits", folder);
  assert.equal(status, 0, err);
  assert.equal(out.match(/^### Flickr$/gm)?.length, 2); // one of CC BY, one of what is not recognised
  assert.equal(out.match(/^## .*not recognised/gm)?.length, 1);
});

test("a wrong format, --json without --out, and an impossible count are wrong calls; no file is left behind", async (t) => {
  const { folder, call } = setUp(t);
  assert.equal((await call("credits", "--format", "pdf")).status, 2);
  assert.equal((await call("credits", "--json")).status, 2);
  assert.equal((await call("sample", "--count", "0")).status, 2);
  assert.equal((await call("sample", "--count", "many")).status, 2);
  const missing = await call("credits", "nowhere", "--out", join(folder, "credits.md"));
  assert.equal(missing.status, 1);
  assert.ok(!existsSync(join(folder, "credits.md")));
});

test("sample draws the same images for the same seed, and writes them with their JSON", async (t) => {
  const { folder, call } = setUp(t);
  const keys = async (...words: string[]) => {
    const { status, out, err } = await call("sample", "--json", "--count", "4", ...words);
    assert.equal(status, 0, err);
    return JSON.parse(out).map((record: { key: string }) => record.key);
  };
  const first = await keys("--seed", "7", "--out", join(folder, "drawn"));
  assert.deepEqual(await keys("--seed", "7"), first);
  assert.notDeepEqual(await keys("--seed", "8"), first);
  const files = readdirSync(join(folder, "drawn"));
  assert.equal(files.length, 8);
  for (const key of first) assert.ok(files.includes(`${key}.json`));
});
