import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { packageRoot } from "../../../lib/io/index.js";
import { errorOf, resultText, SessionProcess } from "./session-process.js";

let session: SessionProcess;
before(async () => {
  session = await SessionProcess.open();
});
after(async () => {
  await session.close();
});

test("ES modules with top-level await import, with their types", async () => {
  const ran = await session.run(
    [
      'import * as vega from "vega";',
      'import { compile } from "vega-lite";',
      'const spec = compile({ mark: "bar", data: { values: [{ a: 1 }] }, encoding: { x: { field: "a", type: "quantitative" } } }).spec;',
      'typeof vega.parse(spec) + " " + typeof vega.View',
    ].join("\n"),
  );
  assert.equal(errorOf(ran).traceback, "");
  assert.equal(resultText(ran.outputs), "'object function'");
});

test("an awaited import() in a cell loads an ES module", async () => {
  const ran = await session.run('typeof (await import("vega-lite")).compile');
  assert.equal(errorOf(ran).traceback, "");
  assert.equal(resultText(ran.outputs), "'function'");
});

test("the default import of a CommonJS package and of Node's modules work", async () => {
  const ran = await session.run(
    'import sharp from "sharp";\nimport path, { join } from "node:path";\nimport * as fs from "fs";\n[typeof sharp, typeof path.join, typeof join, typeof fs.readFileSync].join()',
  );
  assert.equal(resultText(ran.outputs), "'function,function,function,function'");
});

test("the package imports itself by its name, checked and run", async () => {
  const ran = await session.run('import { Random } from "gpic-lab/core";\nnew Random(7).integer(1)');
  assert.equal(resultText(ran.outputs), "0");
  const wrong = await session.run('import { Random as R2 } from "gpic-lab/core";\nnew R2({});');
  assert.equal(errorOf(wrong).ename, "TypeScriptError");
});

test("what a cell imports can be used by later cells and imported again", async () => {
  await session.run('import { basename } from "node:path";');
  assert.equal(resultText((await session.run('basename("/a/b")')).outputs), "'b'");
  await session.run('import { basename } from "node:path";');
  assert.equal(resultText((await session.run('basename("/a/c")')).outputs), "'c'");
});

test("a module that does not exist is an error that names it", async () => {
  assert.match(errorOf(await session.run('import "no-such-package-here";')).evalue, /no-such-package-here/);
  const dynamic = await session.run('await import("no-such" + "-package");');
  assert.match(errorOf(dynamic).evalue, /no-such-package/);
});

test("an ES module that throws while it loads is the cell's error", async () => {
  const folder = mkdtempSync(join(tmpdir(), "session-"));
  try {
    const file = join(folder, "bad.mjs");
    writeFileSync(file, 'await null;\nthrow new RangeError("while loading");\n');
    const ran = await session.run(`const file: string = ${JSON.stringify(file)};\nawait import(file);`);
    assert.equal(errorOf(ran).ename, "RangeError");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("cells import from another folder's packages and files", async () => {
  const folder = mkdtempSync(join(tmpdir(), "session-"));
  writeFileSync(join(folder, "half.ts"), "export function half(x: number): number {\n  return x / 2;\n}\n");
  symlinkSync(join(packageRoot, "node_modules"), join(folder, "node_modules"));
  const other = await SessionProcess.open(folder);
  try {
    const ran = await other.run(
      'import { half } from "./half";\nfor (let i = 0; i < 2; i++) half(i);\nhalf(5)',
    );
    assert.equal(errorOf(ran).traceback, "");
    assert.equal(resultText(ran.outputs), "2.5");
  } finally {
    await other.close();
    rmSync(folder, { recursive: true });
  }
});

test("a file that a cell imported may change on disk without failing the next cell", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-session-"));
  const module = join(folder, "helper.ts");
  writeFileSync(module, "export const answer = 42;\n");
  const other = await SessionProcess.open(folder);
  try {
    assert.equal(resultText((await other.run('import { answer } from "./helper";\nanswer')).outputs), "42");
    for (const name of ["other.ts", "helper.d.ts", "node_modules"]) writeFileSync(join(folder, name), "");
    writeFileSync(module, "export const answer = 43;\n");
    await other.run("await new Promise((r) => setTimeout(r, 600));");
    for (const code of ["1 + 1", "answer - 40"])
      assert.equal(resultText((await other.run(code)).outputs), "2");
  } finally {
    await other.close();
    rmSync(folder, { recursive: true });
  }
});
