import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openCorpus } from "gpic-lab/corpus";
import { madePair, writeShards } from "../../lib/corpus/made-shard.js";
import { type Called, callCli } from "./call.js";

function call(...args: string[]): Promise<Called> {
  return callCli(["corpus", ...args]);
}

test("stats of the sample as JSON names the counts, and they add up to what the reader finds", async () => {
  const { status, out, err } = await call("stats", "--json");
  assert.equal(err, "");
  assert.equal(status, 0);
  const stats = JSON.parse(out);
  let images = 0;
  for await (const _ of (await openCorpus()).records()) images++;
  assert.equal(stats.images, images);
  for (const part of ["caption_types", "licences", "sources"])
    assert.equal(
      Object.values<number>(stats[part]).reduce((a, b) => a + b, 0),
      images,
    );
  assert.deepEqual(stats.problems, []);
});

test("stats counts what is sound beside a problem, and keeps control characters off the terminal", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeShards(folder, {
    "one.tar": [
      ...madePair("sound", { license: "CC\u001b[31m \u202eBY\nNC" }),
      ...madePair("wrong", { caption_type: "\u001b[2J" }),
    ],
  });
  const { status, out } = await call("stats", join(folder, "one.tar"));
  assert.equal(status, 0);
  assert.match(out, /images {4}1\n/);
  assert.match(out, /CC\\u\{1b\}\[31m \\u\{202e\}BY NC {2,}1/);
  assert.match(out, /problems {2}1\n/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it must not be there
  assert.doesNotMatch(out, /[\u001b\u202e]/);
});

test("a wrong verb, tier or number of words is a wrong call; a missing corpus a failure", async () => {
  assert.equal((await call()).status, 2);
  assert.equal((await call("count")).status, 2);
  assert.equal((await call("stats", "--tier", "mini")).status, 2);
  assert.equal((await call("stats", "sample", "more")).status, 2);
  const shards = await call("stats", "--shards", "abc");
  assert.equal(shards.status, 2);
  assert.match(shards.err, /^gpic-lab: Cannot choose shards: [^\n]*got "abc"[^\n]*\n$/);
  const missing = await call("stats", "no-such-corpus");
  assert.equal(missing.status, 1);
  assert.match(missing.err, /^gpic-lab: Cannot open the corpus no-such-corpus: .*\n$/);
});
