import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { KEPT_CELLS, Tracebacks } from "../../../kernel-extensions/session/traceback.js";
import { errorOf, type Ran, resultText, SessionProcess, streamText } from "./session-process.js";

let session: SessionProcess;
before(async () => {
  session = await SessionProcess.open();
});
after(async () => {
  await session.close();
});

const MACHINERY = /node:|tslab|kernel-extensions\/session|__gpicLab|evalmachine/;

function assertOneError(ran: Ran): void {
  assert.equal(ran.reply.status, "error");
  const errors = ran.outputs.filter((output) => output.type === "error");
  assert.equal(errors.length, 1);
  assert.ok(ran.reply.status === "error" && errors[0]?.type === "error");
  assert.deepEqual(errors[0].traceback, ran.reply.traceback);
}

test("a throw points to its line and column in the cell, with the line and an arrow", async () => {
  const ran = await session.run(
    [
      "// first",
      "type Pair = [number, string];",
      "",
      'const p: Pair = [1, "a"]; throw new RangeError("out");',
    ].join("\n"),
  );
  assertOneError(ran);
  const { ename, evalue, traceback } = errorOf(ran);
  assert.deepEqual([ename, evalue], ["RangeError", "out"]);
  assert.match(traceback, /Cell\[1\]:4:33\b/);
  assert.match(traceback, /-->\s+4 \| const p: Pair/);
  assert.doesNotMatch(traceback, MACHINERY);
});

test("the columns stay right behind an await and behind `await (x)`", async () => {
  for (const head of ["await 1; ", "await (1); ", "for await (const x of [1]) { } "]) {
    const ran = await session.run(`${head}throw new Error("here");`);
    const { traceback } = errorOf(ran);
    const count = ran.reply.executionCount;
    assert.ok(traceback.includes(`Cell[${count}]:1:${head.length + 7}`), `${head}: ${traceback}`);
    assert.doesNotMatch(traceback, MACHINERY);
  }
});

test("an error in a function of an earlier cell points into that cell, and into the caller", async () => {
  const declared = await session.run(
    "\n\nfunction inner(x: unknown): never {\n  throw new TypeError(String(x));\n}",
  );
  const ran = await session.run("\ninner(5);");
  const { traceback } = errorOf(ran);
  assert.match(traceback, new RegExp(`Cell\\[${declared.reply.executionCount}\\]:4:9`));
  assert.match(traceback, new RegExp(`Cell\\[${ran.reply.executionCount}\\]:2:1`));
  assert.match(traceback, /-->\s+4 \|\s+throw new TypeError/);
});

test("a rejected await, also one that comes later, is the cell's error", async () => {
  const ran = await session.run('\nawait (async () => { await null; throw new Error("later"); })();');
  assertOneError(ran);
  assert.match(errorOf(ran).traceback, new RegExp(`Cell\\[${ran.reply.executionCount}\\]:2:\\d+`));
});

test("an AggregateError shows its single errors, a cause is shown under its error", async () => {
  const many = await session.run(
    'await Promise.any([Promise.reject(new Error("p1")), Promise.reject(new RangeError("p2"))]);',
  );
  assert.match(errorOf(many).traceback, /p1[\s\S]*RangeError: p2/);
  const caused = await session.run(
    'throw new Error("outer", { cause: new Error("middle", { cause: "the root" }) });',
  );
  assert.match(
    errorOf(caused).traceback,
    /outer[\s\S]*caused by[\s\S]*middle[\s\S]*caused by[\s\S]*the root/,
  );
});

test("a cause that is its own cause ends", async () => {
  const ran = await session.run('const e = new Error("ring"); e.cause = e; throw e;');
  assert.equal(errorOf(ran).evalue, "ring");
});

test("whatever is thrown becomes an error, errors with hostile parts too", async () => {
  for (const thrown of [
    "undefined",
    "null",
    "42",
    '"text"',
    "{ a: 1 }",
    "Symbol('s')",
    "Object.create(null)",
  ]) {
    const ran = await session.run(`throw ${thrown};`);
    assertOneError(ran);
    assert.ok(errorOf(ran).ename.length > 0);
  }
  const hostile = await session.run(
    'const h = new Error("x"); Object.defineProperty(h, "message", { get() { throw new Error("gotcha"); } }); throw h;',
  );
  assertOneError(hostile);
  const strange = await session.run(
    'throw new Proxy({}, { get() { throw new Error("no"); }, has() { throw new Error("no"); }, getPrototypeOf() { throw new Error("no"); } });',
  );
  assertOneError(strange);
  assert.equal(resultText((await session.run("1 + 1")).outputs), "2");
});

test("all type errors are shown, each with its line and a caret", async () => {
  const ran = await session.run('let n: number = 1;\nn = "a";\nconst s: string = n;\nlet u;');
  assertOneError(ran);
  const { ename, traceback } = errorOf(ran);
  const count = ran.reply.executionCount;
  assert.equal(ename, "TypeScriptError");
  assert.match(traceback, new RegExp(`Cell\\[${count}\\]:2:1 `));
  assert.match(traceback, new RegExp(`Cell\\[${count}\\]:3:7 `));
  assert.match(traceback, / {4}n = "a";\n {4}\^/);
});

test("type errors keep their line behind `await (x)`", async () => {
  const ran = await session.run('await (1);\nconst wrong: number = "a";');
  assert.match(errorOf(ran).traceback, new RegExp(`Cell\\[${ran.reply.executionCount}\\]:2:7 `));
});

test("checking is strict", async () => {
  const ran = await session.run(
    "const f = (x) => x;\nconst m = new Map<string, number>();\nm.get('a').toFixed();",
  );
  assert.match(errorOf(ran).traceback, /implicitly has an 'any' type/);
  assert.match(errorOf(ran).traceback, /possibly 'undefined'/);
});

test("a syntax error is the cell's error", async () => {
  for (const code of ["const = 3;", "let x = {", "a b c", "`open"]) assertOneError(await session.run(code));
});

test("process.exit does not end the process, also when the cell catches it", async () => {
  const plain = await session.run("process.exit(3);");
  assertOneError(plain);
  assert.match(errorOf(plain).evalue, /process\.exit\(3\)/);
  const caught = await session.run('try { process.exit(0); } catch { console.log("caught"); }\n"after"');
  assertOneError(caught);
  assert.match(errorOf(caught).evalue, /process\.exit\(0\)/);
  assert.equal(resultText((await session.run("'alive'")).outputs), "'alive'");
});

test("what nobody caught after a cell is shown on its stderr, and the process lives", async () => {
  for (const late of [
    'setTimeout(() => { throw new Error("in a timer"); }, 0)',
    'Promise.reject(new Error("lost"))',
    "setTimeout(() => { process.exit(4); }, 0)",
  ]) {
    const ran = await session.run(
      `let release = () => {};\nvoid new Promise<void>((r) => { release = r; }).then(() => ${late});`,
    );
    assert.equal(ran.reply.status, "ok");
    const [maker, from] = [session.cells, session.outputs.length];
    const next = await session.run("release();\nawait new Promise((r) => setTimeout(r, 400));");
    assert.equal(next.reply.status, "ok");
    const outputs = session.outputs.slice(from);
    const text = streamText(
      outputs.map(({ output }) => output),
      "stderr",
    );
    assert.match(text, /in a timer|lost|process\.exit\(4\)/);
    assert.match(text, new RegExp(`Cell\\[${ran.reply.executionCount}\\]:2:`));
    assert.deepEqual([...new Set(outputs.map(({ cell }) => cell))], [maker]);
  }
});

test("a rejection that nobody caught while the cell ran fails the cell", async () => {
  const ran = await session.run(
    'void Promise.reject(new Error("unseen"));\nawait new Promise((r) => setTimeout(r, 20));',
  );
  const seen = errorOf(ran).evalue + streamText(ran.outputs, "stderr");
  assert.match(seen, /unseen/);
});

test("an error deep below the cell still shows the line of the cell that called", async () => {
  await session.run(
    "function even(n: number): number { return odd(n - 1); }\nfunction odd(n: number): number { if (n < 0) throw new Error('deep'); return even(n - 1); }",
  );
  const ran = await session.run("\n\neven(60)");
  assert.match(errorOf(ran).traceback, new RegExp(`Cell\\[${ran.reply.executionCount}\\]:3:1`));
  const endless = await session.run("function again(): number { return again() + 1; }\nagain()");
  assert.ok(errorOf(endless).traceback.split("\n").length < 50);
});

test("frames in library files stay", async () => {
  const ran = await session.run('import { Random } from "gpic-lab/core";\nnew Random(1).integer(0);');
  assert.match(errorOf(ran).traceback, /lib\/core\/random/);
  assert.match(errorOf(ran).traceback, /:2:15/);
});

test("a failed cell leaves what earlier cells declared", async () => {
  await session.run("let kept = 1;");
  await session.run('kept = 2; throw new Error("x");');
  assert.equal(resultText((await session.run("kept")).outputs), "2");
});

test("a silent cell does not take the place of a cell in tracebacks", async () => {
  await session.run("const start = 1;\nfunction failing(): never {\n  throw new Error('deep');\n}");
  for (const options of [{ silent: true }, { storeHistory: false }])
    for (let i = 0; i < 3; i++) await session.run(`// nothing\n1 + ${i}`, options);
  const { traceback } = errorOf(await session.run("failing()"));
  assert.match(traceback, /failing \(Cell\[\d+\]:3:9\)/);
  assert.match(traceback, /--> +3 \| {3}throw new Error/);
  const silent = errorOf(await session.run("\nthrow new Error('quiet')", { silent: true })).traceback;
  assert.match(silent, /Silent\[\d+\]:2:7/);
  assert.match(silent, /--> +2 \| throw new Error/);
  const before = await session.run("function late(): never {\n  throw new Error('mine');\n}", {
    silent: true,
  });
  assert.equal(before.reply.status, "ok");
  await session.run("'the cell whose number the silent one had'");
  assert.match(errorOf(await session.run("late()")).traceback, /--> +2 \| {3}throw new Error\('mine'\)/);
});

test("the sources of the latest cells are kept, and no more", () => {
  const tracebacks = new Tracebacks("/folder");
  const failure = (cell: number): string => {
    const error = new Error("x");
    error.stack = `Error: x\n    at Cell[${cell}]:1:1`;
    return tracebacks.describe(error).traceback.join("\n");
  };
  for (let i = 1; i <= KEPT_CELLS + 1; i++)
    tracebacks.addCell(`Cell[${i}]`, { code: `source ${i}`, maps: undefined, addedLines: 0 });
  assert.doesNotMatch(failure(1), /source/);
  assert.match(failure(2), /source 2$/);
  assert.match(failure(KEPT_CELLS + 1), /source/);
});
