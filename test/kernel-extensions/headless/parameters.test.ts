import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNotebook, readNotebook } from "../../../kernel-extensions/headless/notebook.js";
import {
  declaredNames,
  injectParameters,
  ParameterError,
  parseParameters,
} from "../../../kernel-extensions/headless/parameters.js";
import { runNotebook } from "../../../kernel-extensions/headless/run-notebook.js";
import { formatNotebook } from "../../../kernel-extensions/headless/write-notebook.js";
import { makeNotebook } from "./make-notebook.js";

const declaring = {
  source: 'const rows = 12;\nconst tier: "nano" | "full" = "full", names: string[] = [];',
  tags: ["parameters"],
};

test("Values are JSON where they parse and text where they do not", () => {
  assert.deepEqual(parseParameters(["a=1", 'b=["x"]', "c=nano", "d=", "e=a=b", "f=null"]), {
    a: 1,
    b: ["x"],
    c: "nano",
    d: "",
    e: "a=b",
    f: null,
  });
  assert.throws(() => parseParameters(["1x=2"]), ParameterError);
  assert.throws(() => parseParameters(["x"]), ParameterError);
});

test("Declared names are those at the top of the cell, not those in comments, strings and functions", () => {
  const source =
    'const a = "let b = 1"; // let c = 2\nlet d: number = 3, e = 4;\nfunction f() { const g = 1; }';
  assert.deepEqual(
    [...declaredNames(source)],
    [
      ["a", undefined],
      ["d", "number"],
      ["e", undefined],
    ],
  );
});

test("An unknown parameter is refused with the known ones", () => {
  const notebook = readNotebook(makeNotebook("p.ipynb", [declaring]));
  assert.throws(() => injectParameters(notebook, { rosw: 1 }), /rosw.*rows, tier, names/);
});

test("Values are injected after the parameters cell, and an earlier injection is replaced", () => {
  const notebook = readNotebook(makeNotebook("p.ipynb", ["1", declaring, "rows"]));
  const once = injectParameters(notebook, { rows: 5 }).notebook;
  assert.deepEqual(
    once.cells.map(({ id }) => id),
    ["c1", "c2", "injected-parameters", "c3"],
  );
  const twice = injectParameters(parseNotebook(formatNotebook(once)), { rows: 6 }).notebook;
  assert.equal(twice.cells.length, 4);
  assert.match(twice.cells[2]!.source, /let rows = 6;/);
});

test("Without a parameters cell the values come first, with a notice", () => {
  const { notebook, notice } = injectParameters(readNotebook(makeNotebook("p.ipynb", ["1"])), { a: "x" });
  assert.equal(notebook.cells[0]!.id, "injected-parameters");
  assert.ok(notice);
});

test("A run sees the injected values, wider than the literal type of the default", async () => {
  const path = makeNotebook("p.ipynb", [
    declaring,
    "console.log(rows === 12, rows, tier === 'full', tier, names.length)",
  ]);
  const run = await runNotebook({ path, parameters: { rows: 5, tier: "nano", names: ["a"] } });
  assert.equal(run.failed, undefined, run.failed?.evalue);
  const last = run.executed.cells[2]!;
  assert.deepEqual(last.type === "code" && last.outputs, [
    { type: "stream", name: "stdout", text: "false 5 false nano 1\n" },
  ]);
});

test("A value that is not of the declared type fails in the injected cell", async () => {
  const run = await runNotebook({ path: makeNotebook("p.ipynb", [declaring]), parameters: { tier: "half" } });
  assert.equal(run.failed?.id, "injected-parameters");
});
