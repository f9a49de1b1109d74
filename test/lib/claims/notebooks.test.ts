import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { notebookLedger } from "gpic-lab/claims";

test("a notebook that cannot be read is a problem that names it, and a sound one is none", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "a.ipynb"), '{"cells": [');
  writeFileSync(join(folder, "b.ipynb"), '{"rows": 1}');
  mkdirSync(join(folder, "c.ipynb"));
  writeFileSync(join(folder, "d.ipynb"), '{"cells": []}');
  const { problems } = notebookLedger(folder);
  assert.deepEqual(
    problems.map((problem) => problem.slice(0, 8)),
    ["a.ipynb:", "b.ipynb:", "c.ipynb:"],
  );
});
