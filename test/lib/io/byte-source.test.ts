import assert from "node:assert/strict";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { bufferSource, openFileSource } from "gpic-lab/io";

test("a file and a buffer give the same ranges", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "gpic-lab-"));
  t.after(() => rm(folder, { recursive: true }));
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
  const path = join(folder, "bytes");
  await writeFile(path, bytes);
  const file = await openFileSource(path);
  t.after(() => file.close());
  const buffer = bufferSource(bytes);
  assert.equal(file.length, buffer.length);
  for (const [offset, length] of [
    [0, 1000],
    [999, 1],
    [1000, 0],
    [17, 300],
  ] as const)
    assert.deepEqual(
      new Uint8Array(await file.read(offset, length)),
      new Uint8Array(await buffer.read(offset, length)),
    );
  for (const [offset, length] of [
    [0, 1001],
    [1000, 1],
    [-1, 1],
    [0.5, 1],
    [0, Number.NaN],
  ] as const) {
    await assert.rejects(file.read(offset, length), RangeError);
    await assert.rejects(buffer.read(offset, length), RangeError);
  }
});

test("a file that shrinks while it is read, a folder and a missing file are errors", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "gpic-lab-"));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "bytes");
  await writeFile(path, new Uint8Array(100));
  const file = await openFileSource(path);
  await truncate(path, 50);
  await assert.rejects(file.read(0, 100), /the file ended at 50/);
  await file.close();
  await assert.rejects(openFileSource(folder), /a file is needed/);
  await assert.rejects(openFileSource(join(folder, "none")), /ENOENT/);
});
