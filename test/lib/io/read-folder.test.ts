import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hashFile, namesIn, readJsonFile } from "gpic-lab/io";
import { temporary } from "../corpus/scratch.js";

test("a file's hash is that of its bytes, in pieces whose sizes are told; a stop is thrown, and what is not there too", async (t) => {
  const path = join(temporary(t), "a");
  const bytes = Buffer.alloc(2_500_000, "gpic");
  writeFileSync(path, bytes);
  const sizes: number[] = [];
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  assert.deepEqual(await hashFile(path, { onBytes: (some) => sizes.push(some) }), {
    sha256,
    bytes: bytes.length,
  });
  assert.ok(sizes.length > 1 && sizes.reduce((sum, some) => sum + some, 0) === bytes.length);
  const stop = AbortSignal.abort(new Error("enough"));
  await assert.rejects(hashFile(path, { signal: stop }), /enough/);
  await assert.rejects(hashFile(`${path}b`), { code: "ENOENT" });
});

test("a folder or a JSON that is not there, or is cut, is none; another failure is thrown", async (t) => {
  const folder = temporary(t);
  const path = join(folder, "a.json");
  writeFileSync(path, '{"a": 1}');
  assert.deepEqual(await namesIn(folder), ["a.json"]);
  assert.deepEqual([await namesIn(path), await namesIn(join(folder, "b"))], [[], []]);
  assert.deepEqual(await readJsonFile(path), { a: 1 });
  writeFileSync(path, '{"a"');
  for (const missing of [path, join(folder, "b.json"), join(path, "c.json")])
    assert.equal(await readJsonFile(missing), undefined);
  mkdirSync(join(folder, "d.json"));
  await assert.rejects(readJsonFile(join(folder, "d.json")), { code: "EISDIR" });
});
