import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { damagedShard } from "../../lib/corpus/damaged-shard.js";
import { type Called, callCli } from "./call.js";

function verify(...args: string[]): Promise<Called> {
  return callCli(["corpus", "verify", ...args]);
}

test("a sound corpus gives one summary, nothing on standard error, and 0", async () => {
  const { status, out, err } = await verify("sample");
  assert.equal(status, 0);
  assert.equal(err, "");
  assert.match(out, /\n0 problems, \d+ sound images in \d+ shards\n$/);
});

test("a damaged shard gives a line a problem, the counts by kind, no control characters, and 1", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "one.tar");
  const { bytes, sound, kinds } = damagedShard();
  writeFileSync(path, bytes);
  const { status, out, err } = await verify(path);
  assert.equal(status, 1);
  assert.equal(err, "");
  for (const kind of new Set(kinds)) assert.match(out, new RegExp(`: ${kind}: .* is needed, got `), kind);
  assert.match(out, new RegExp(`\\n${kinds.length} problems, ${sound} sound images in 1 shard\\n`));
  assert.match(out, /\n {2}image-without-json +2\n/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it must not be there
  assert.doesNotMatch(out, /\u001b/);

  const json = await verify(path, "--json");
  assert.equal(json.status, 1);
  const result = JSON.parse(json.out);
  assert.equal(result.sound, sound);
  assert.deepEqual(result.problems.map(({ kind }: { kind: string }) => kind).sort(), kinds);
  for (const problem of result.problems)
    assert.deepEqual(Object.keys(problem).sort(), ["expected", "found", "key", "kind", "offset", "shard"]);
});

test("a second corpus is a wrong call, a missing one a failure", async () => {
  assert.equal((await verify("sample", "sample")).status, 2);
  const missing = await verify("no-such-corpus");
  assert.equal(missing.status, 1);
  assert.match(missing.err, /^gpic-lab: Cannot open the corpus no-such-corpus: .*\n$/);
});
