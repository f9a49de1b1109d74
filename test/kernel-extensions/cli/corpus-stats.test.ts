import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openIndex } from "gpic-lab/corpus";
import { packageFile } from "gpic-lab/io";
import { madePair, writeShards } from "../../lib/corpus/made-shard.js";
import { writeSparseCorpus } from "../../lib/corpus/sparse-shards.js";
import { type Called, callCli } from "./call.js";

const cli = packageFile("kernel-extensions", "cli", "gpic-lab.cjs");

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function call(cache: string, ...args: string[]): Promise<Called> {
  const env = { ...process.env, GPIC_LAB_CACHE: cache };
  return callCli(["corpus", ...args], env);
}

test("an index that SIGINT stopped says so in one line, exits 1, and is completed by the same call", async (t) => {
  const folder = temporary(t);
  const out = join(folder, "index");
  const written = await writeSparseCorpus(join(folder, "shards"), { shards: 120, imagesPerShard: 300 });
  const words = [cli, "corpus", "index", join(folder, "shards"), "--out", out, "--workers", "2"];
  const child = spawn(process.execPath, words);
  let err = "";
  child.stderr.on("data", (bytes) => (err += bytes));
  const closed = once(child, "close");
  for (let found = 0; found < 2; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const index = await openIndex(out).catch(() => undefined);
    found = index?.shards.length ?? 0;
    index?.close();
  }
  child.kill("SIGINT");
  assert.deepEqual(await closed, [1, null]);
  assert.equal(err, "gpic-lab: stopped; the same call goes on where it was\n");
  const again = await call(folder, ...words.slice(2), "--json");
  const { images, built } = JSON.parse(again.out);
  assert.equal(images, written);
  assert.ok(built < 120, `${built} parts were built again`);
});

test("stats as JSON has sizes, caption lengths, categories and problems, as a page the first ten", async (t) => {
  const folder = temporary(t);
  const [lonely] = madePair("lonely");
  writeShards(folder, { "one.tar": [...madePair("sound"), ...Array.from({ length: 12 }, () => lonely)] });
  const json = JSON.parse((await call(folder, "stats", join(folder, "one.tar"), "--json")).out);
  assert.equal(json.images, 1);
  assert.equal(json.problems.length, 12);
  assert.equal(
    Object.values<number>(json.problem_kinds).reduce((a, b) => a + b, 0),
    12,
  );
  assert.equal(json.sizes.find((row: { measure: string }) => row.measure === "width").median, 640);
  assert.deepEqual(json.licences, { "CC BY 2.0": 1 });
  assert.deepEqual(json.licence_categories, { "CC BY": 1 });
  const words = json.caption_lengths.find((row: { measure: string }) => row.measure === "words");
  assert.deepEqual([words.caption_type, words.mean], ["short", 8]);
  const page = (await call(folder, "stats", join(folder, "one.tar"))).out;
  assert.match(page, /sizes {5}width {10}mean 640, median 640, 640 to 640 px\n/);
  assert.match(page, /CC BY 2\.0 +1 +100\.0 % {2}CC-BY-2\.0, CC BY, accepted\n/);
  assert.match(page, /lengths {3}short {3}mean 8\.0 words, 1\.0 sentences, /);
  assert.equal(page.match(/one\.tar at byte \d+/g)?.length, 10);
  assert.match(page, /and 2 more \(--json lists them\)/);
});

test("stats tells exact duplicates of an index with hashes, and of any corpus what nobody recognised", async (t) => {
  const folder = temporary(t);
  const key = (digit: string) => digit.repeat(64);
  writeShards(join(folder, "corpus"), {
    "train/gpic_train_00000.tar": [...madePair("same", { key: key("a") }), ...madePair("other")],
    "train/gpic_train_00001.tar": madePair("same", { key: key("b") }),
  });
  const plain = await call(folder, "stats", join(folder, "corpus"));
  assert.doesNotMatch(plain.out, /copies/);
  assert.match(plain.out, /unknown +0 +0\.0 %\n/);
  const out = join(folder, "index");
  assert.equal((await call(folder, "index", join(folder, "corpus"), "--out", out, "--hash")).status, 0);
  const page = await call(folder, "stats", out);
  assert.match(page.out, /copies +2 images in 1 groups of the same bytes, such as a{12} and b{12}\n/);
  const { exact_duplicates } = JSON.parse((await call(folder, "stats", out, "--json")).out);
  assert.deepEqual(
    exact_duplicates[0].places.map((place: { key: string }) => place.key),
    [key("a"), key("b")],
  );
});
