import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NotebookError, parseNotebook, readNotebook } from "../../../kernel-extensions/headless/notebook.js";
import { formatNotebook, writeAtomically } from "../../../kernel-extensions/headless/write-notebook.js";
import { makeNotebook, scratchFolder } from "./make-notebook.js";

test("A notebook without ids gets ids that differ and are the same at each reading", () => {
  const path = makeNotebook("old.ipynb", ["1", "1", "1"], 2);
  const ids = readNotebook(path).cells.map(({ id }) => id);
  assert.equal(new Set(ids).size, 3);
  assert.deepEqual(
    readNotebook(path).cells.map(({ id }) => id),
    ids,
  );
});

test("A repeated id is replaced and the first one kept", () => {
  const cell = { cell_type: "raw", id: "same", metadata: {}, source: "" };
  const text = JSON.stringify({ cells: [cell, cell], metadata: {}, nbformat: 4, nbformat_minor: 5 });
  const [first, second] = parseNotebook(text).cells;
  assert.equal(first!.id, "same");
  assert.notEqual(second!.id, "same");
});

test("What is written reads back as the same notebook, and is written the same again", () => {
  const text = JSON.stringify({
    cells: [
      {
        cell_type: "markdown",
        id: "m",
        metadata: { b: 1, a: { 2: "x", 10: "y" } },
        source: ["a\n", "b"],
        attachments: { "p.png": { "image/png": "AAAA" } },
      },
      {
        cell_type: "code",
        id: "c",
        metadata: {},
        execution_count: 3,
        source: "one\r\ntwo\u2028three\n",
        outputs: [
          { output_type: "stream", name: "stderr", text: ["x\n", "y"] },
          {
            output_type: "display_data",
            data: { "application/json": { b: [], a: {} }, "text/html": "" },
            metadata: {},
          },
          { output_type: "error", ename: "E", evalue: "v", traceback: ["\u001b[31mE"] },
        ],
      },
    ],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 4,
  });
  const notebook = parseNotebook(text);
  const written = formatNotebook(notebook);
  assert.deepEqual(parseNotebook(written), notebook);
  assert.equal(formatNotebook(parseNotebook(written)), written);
  assert.ok(written.startsWith('{\n "cells": [\n  {\n   "attachments"') && written.endsWith("}\n"));
  assert.deepEqual(JSON.parse(written).cells[1].source, ["one\r\n", "two\u2028", "three\n"]);
  assert.match(written, /"10": "y",\n\s+"2": "x"/);
});

test("Times of execution and trust do not stay in the metadata", () => {
  const cell = {
    cell_type: "code",
    metadata: { execution: { "iopub.status.busy": "2020" }, trusted: true, tags: ["x"] },
    source: "",
    outputs: [],
    execution_count: null,
  };
  const text = JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 4 });
  assert.deepEqual(parseNotebook(text).cells[0]!.metadata, { tags: ["x"] });
});

for (const [what, text] of [
  ["damaged JSON", '{"cells": ['],
  ["JSON that is no notebook", "[]"],
  ["nbformat 3", '{"nbformat": 3, "nbformat_minor": 0, "worksheets": []}'],
  ["a cell of no known type", '{"nbformat": 4, "nbformat_minor": 5, "cells": [{"cell_type": "x"}]}'],
] as const)
  test(`A file of ${what} is refused with its name`, () => {
    const path = join(scratchFolder(), "wrong.ipynb");
    writeFileSync(path, text);
    assert.throws(
      () => readNotebook(path),
      (error) => error instanceof NotebookError && error.message.includes("wrong.ipynb"),
    );
  });

test("A write that fails leaves the folder as it was", () => {
  const folder = scratchFolder();
  assert.throws(() => writeAtomically(join(folder, "none", "x"), "text"));
  const path = join(folder, "x");
  writeAtomically(path, "text");
  assert.equal(readFileSync(path, "utf8"), "text");
});
