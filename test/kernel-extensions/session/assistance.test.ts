import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { resultText, SessionProcess } from "./session-process.js";

let session: SessionProcess;
before(async () => {
  session = await SessionProcess.open();
  await session.run(
    'import { Random } from "gpic-lab/core";\nconst owl = { name: "🦉", wings: 2 };\n/** Twice a number. */\nfunction twice(x: number): number { return 2 * x; }',
  );
});
after(async () => {
  await session.close();
});

test("completion knows the variables of earlier cells, with kinds", async () => {
  const { matches, start, end } = await session.complete("owl.wi", 6);
  assert.deepEqual(matches, [{ text: "wings", kind: "property" }]);
  assert.deepEqual([start, end], [4, 6]);
});

test("cursor positions count code points", async () => {
  const code = 'const s = "🦉🦉"; owl.wi; 1';
  const at = [...code.slice(0, code.indexOf("; 1"))].length;
  const { matches, start, end } = await session.complete(code, at);
  assert.deepEqual(
    matches.map((match) => match.text),
    ["wings"],
  );
  assert.deepEqual([start, end], [at - 2, at]);
  const hover = await session.inspect('"🦉🦉🦉"; twice(1)', 8);
  assert.match(String(hover?.["text/plain"]), /function twice\(x: number\): number/);
});

test("inspection shows signature and docstring, of cells and of the library", async () => {
  const own = await session.inspect("twice(3)", 3);
  assert.match(String(own?.["text/plain"]), /twice\(x: number\): number\n\nTwice a number\./);
  const library = await session.inspect("new Random(1).shuffle([1])", 17);
  assert.match(String(library?.["text/plain"]), /shuffle<number>/);
  assert.match(String(library?.["text/plain"]), /Fisher-Yates/);
  assert.equal(await session.inspect("   ", 1), undefined);
});

test("a cursor outside of the code harms nothing", async () => {
  for (const cursor of [-5, 0, 1e9]) {
    assert.ok(Array.isArray((await session.complete("owl", cursor)).matches));
    await session.inspect("owl", cursor);
  }
  assert.ok(Array.isArray((await session.complete("", 0)).matches));
});

test("magic lines do not break completion and inspection, and are completed", async () => {
  const { matches } = await session.complete("%%time\nowl.wi", 13);
  assert.deepEqual(
    matches.map((match) => match.text),
    ["wings"],
  );
  assert.match(String((await session.inspect("%%capture out\ntwice", 16))?.["text/plain"]), /twice/);
  const magics = await session.complete("%%t", 3);
  assert.deepEqual(magics.matches, [{ text: "%%time", kind: "keyword" }]);
  const lines = await session.complete("%gr", 3);
  assert.deepEqual(lines.matches[0]?.text, "%greet");
});

test("completion and inspection change nothing that cells see", async () => {
  await session.complete("const wrong: number = owl.", 26);
  await session.inspect("twice", 2);
  assert.equal(resultText((await session.run("twice(owl.wings)")).outputs), "4");
});

test("a cell whose end is missing is incomplete, with the indent of what is open", async () => {
  const incomplete: [string, string][] = [
    ["function f() {", "  "],
    ["if (true) {\n  for (const x of [1]) {", "    "],
    ["f(", "  "],
    ["const a = [\n  1,", "  "],
    ["const t = `open", ""],
    ["const t = `open ${", ""],
    ["const t = `a ${[1,2].map((x) => {", ""],
    ["/* comment", ""],
    ["const x =", ""],
    ["a +", ""],
    ["class A {\n  b() {\n  }", ""],
    ["%%time\nif (true) {", "  "],
    ["await (", "  "],
    ["for await (const x of y) {", "  "],
  ];
  for (const [code, indent] of incomplete) {
    const found = await session.isComplete(code);
    assert.equal(found.status, "incomplete", code);
    if (indent !== "" && found.status === "incomplete") assert.equal(found.indent, indent, code);
  }
});

test("a whole cell is complete, a broken one invalid", async () => {
  for (const code of [
    "",
    "1 + 1",
    "const a = { b: [1, 2] };",
    "function f() {\n}",
    "`a $" + "{1} b`",
    "// comment {",
    "await (1)",
    "for await (const x of []) { }",
    "/a[/]b/.test('x')",
    "const x: Map<string, number[]> = new Map();",
    "%greet you",
    "%%time\n1",
  ])
    assert.equal((await session.isComplete(code)).status, "complete", code);
  for (const code of ["}", "const = 3;", 'const s = "open', "a b c", "f(]", "const x = 3 4;\nif (x) {"])
    assert.equal((await session.isComplete(code)).status, "invalid", code);
});
