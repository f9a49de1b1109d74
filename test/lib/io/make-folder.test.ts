import assert from "node:assert/strict";
import { existsSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeFolder } from "gpic-lab/io";
import { temporary } from "../corpus/scratch.js";

test("a folder is made with those above it, also by many at once, and may be there", async (t) => {
  const path = join(temporary(t), "a", "b", "c");
  await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(path, "d"))]);
  assert.ok(existsSync(join(path, "d")));
  await makeFolder(path);
});

test("a file in the way and a link to nothing are errors that name the folder", async (t) => {
  const folder = temporary(t);
  writeFileSync(join(folder, "file"), "");
  symlinkSync(join(folder, "nowhere", "at-all"), join(folder, "link"));
  for (const name of ["file", "file/below", "link", "link/below"])
    await assert.rejects(
      makeFolder(join(folder, name)),
      (error: Error) =>
        error.message.startsWith(`Cannot make the folder ${join(folder, name)}: a place that`),
      name,
    );
});

test("a place where nothing can be made is an error, not a wait", {
  skip: process.platform !== "linux",
}, async () => {
  await assert.rejects(makeFolder("/proc/gpic-lab/parts"), /got one where nothing can be made \(ENOENT\)/);
});
