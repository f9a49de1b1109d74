import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { progressText } from "../../../kernel-extensions/cli/corpus/progress.js";
import { madePair, writeShards } from "../../lib/corpus/made-shard.js";
import { type Called, callCli } from "./call.js";

function call(...args: string[]): Promise<Called> {
  return callCli(["corpus", ...args]);
}

test("index says what it built, builds nothing twice, and is a corpus afterwards", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeShards(join(folder, "corpus"), {
    "train/gpic_train_00000.tar": [...madePair("a"), ...madePair("b", { caption_type: "alt" })],
    "val/gpic_val_00000.tar": madePair("c", { split: [] }),
  });
  const out = join(folder, "index");
  const first = await call("index", join(folder, "corpus"), "--out", out);
  assert.equal(first.status, 0, first.err);
  assert.match(first.out, /^2 images, 1 problems, 2 parts \(2 new\), .*: .*index\n$/);
  const again = await call("index", join(folder, "corpus"), "--out", out, "--json");
  const { built, images, parts, problems } = JSON.parse(again.out);
  assert.deepEqual({ built, images, parts, problems }, { built: 0, images: 2, parts: 2, problems: 1 });
  const stats = await call("stats", out, "--json");
  assert.equal(stats.status, 0, stats.err);
  assert.equal(JSON.parse(stats.out).images, 2);
  assert.equal(JSON.parse(stats.out).problems.length, 1);
  const val = await call("stats", out, "--split", "val", "--json");
  assert.equal(JSON.parse(val.out).images, 1);
});

test("index without --out, with impossible workers or an unknown corpus; a folder that is no index", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  assert.equal((await call("index", "sample")).status, 2);
  assert.equal((await call("index", "sample", "--out", folder, "--workers", "0")).status, 2);
  const unknown = await call("index", "nowhere", "--out", join(folder, "index"));
  assert.equal(unknown.status, 1);
  assert.match(unknown.err, /^gpic-lab: Cannot open the corpus nowhere: [^\n]*\n$/);
  writeFileSync(join(folder, "index.json"), '{"format": "something else"}');
  const other = await call("stats", folder);
  assert.equal(other.status, 1);
  assert.match(other.err, /^gpic-lab: Cannot open the corpus [^\n]*\n$/);
});

test("the line of progress tells shards, rate and time left from what this call has done", () => {
  const at = { shardsDone: 30, shardsTotal: 80, images: 375_000, imagesRead: 125_000 };
  assert.equal(
    progressText(at, 20, 5),
    "indexing: 30 of 80 shards, 375000 images, 25000 images/s, 25 s left",
  );
});
