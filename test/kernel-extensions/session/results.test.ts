import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { errorOf, resultText, SessionProcess, streamText } from "./session-process.js";

let session: SessionProcess;
before(async () => {
  session = await SessionProcess.open();
});
after(async () => {
  await session.close();
});

test("the last expression is the result, a declaration and undefined give none", async () => {
  const sum = await session.run("const a = 20;\na + 22");
  assert.deepEqual(sum.outputs, [
    { type: "execute_result", executionCount: 1, data: { "text/plain": "42" }, metadata: {} },
  ]);
  assert.deepEqual((await session.run("const b = a;")).outputs, []);
  assert.deepEqual((await session.run("undefined")).outputs, []);
  assert.deepEqual((await session.run("")).outputs, []);
  assert.equal(resultText((await session.run("null")).outputs), "null");
});

test("a variable of an earlier cell is found where its name is also the property's", async () => {
  await session.run("const early = 5; let moving = 1;");
  assert.equal(
    resultText((await session.run("({ early, deep: [{ moving }] }).deep[0].moving")).outputs),
    "1",
  );
  assert.equal(
    resultText(
      (await session.run("({ early }).early + (() => { const moving = 3; return { moving }; })().moving"))
        .outputs,
    ),
    "8",
  );
  await session.run("({ moving } = { moving: 7 });");
  assert.equal(resultText((await session.run("moving")).outputs), "7");
  await session.run("({ moving = 9 } = {} as { moving?: number });");
  assert.equal(resultText((await session.run("moving")).outputs), "9");
});

test("a property is taken apart by its name, whatever variables of earlier cells are called", async () => {
  await session.run(
    "const images = 1; const made = { images: 2, deep: { images: [3] }, rest: 4 }; const key = 'rest';",
  );
  const taken = "const { images: n, deep: { images: [m = images] }, [key]: r } = made; [n, m, r].join()";
  assert.equal(resultText((await session.run(taken)).outputs), "'2,3,4'");
  assert.equal(
    resultText(
      (await session.run("(({ images: a, ...others }: typeof made) => a + images + others.rest)(made)"))
        .outputs,
    ),
    "7",
  );
});

test("a value says itself how it is displayed, also when it takes time", async () => {
  const of = (method: string) => `({ [Symbol.for("Jupyter.display")]: ${method} })`;
  const now = await session.run(of('() => ({ "text/plain": "p", "text/html": "<b>p</b>" })'));
  const late = await session.run(
    of('async () => { await new Promise((r) => setTimeout(r, 1)); return { "text/plain": "late" }; }'),
  );
  const [output] = now.outputs;
  assert.ok(output?.type === "execute_result");
  assert.deepEqual(output.data, { "text/plain": "p", "text/html": "<b>p</b>" });
  assert.equal(resultText(late.outputs), "late");
});

test("a display method that throws or rejects is the cell's error", async () => {
  for (const method of [
    '() => { throw new RangeError("no") }',
    'async () => { throw new RangeError("no") }',
  ]) {
    const ran = await session.run(`({ [Symbol.for("Jupyter.display")]: ${method} })`);
    assert.equal(errorOf(ran).ename, "RangeError");
    assert.equal(ran.outputs.at(-1)?.type, "error");
  }
});

test("text, displays and the result keep their order", async () => {
  const ran = await session.run(
    [
      'import { currentHost } from "gpic-lab/show";',
      'console.log("one");',
      'currentHost()!.display({ "text/plain": "two" }, { id: "d" });',
      'console.log("three");',
      'currentHost()!.display({ "text/plain": "four" }, { id: "d", update: true });',
      "currentHost()!.clearOutput({ wait: true });",
      'console.error("five");',
      '"six"',
    ].join("\n"),
  );
  assert.deepEqual(
    ran.outputs.map((output) => output.type),
    ["stream", "display_data", "stream", "update_display_data", "clear_output", "stream", "execute_result"],
  );
  assert.deepEqual(ran.outputs[1], {
    type: "display_data",
    data: { "text/plain": "two" },
    metadata: {},
    displayId: "d",
  });
});

test("output that comes late lands in the cell that made it", async () => {
  await session.run(
    'let release = () => {};\nvoid new Promise<void>((r) => { release = r; }).then(() => console.log("late"));',
  );
  const maker = session.cells;
  const from = session.outputs.length;
  await session.run("release();\nawait new Promise((r) => setTimeout(r, 60));");
  assert.deepEqual(session.outputs.slice(from), [
    { cell: maker, output: { type: "stream", name: "stdout", text: "late\n" } },
  ]);
});

test("a silent run counts nothing, shows no result and stays out of the history", async () => {
  const before = await session.history();
  const silent = await session.run("const quiet = 5;\nquiet", { silent: true });
  assert.deepEqual(silent.outputs, []);
  assert.deepEqual(await session.history(), before);
  const next = await session.run("quiet + 1");
  assert.equal(next.reply.executionCount, silent.reply.executionCount + 1);
  assert.equal(resultText(next.outputs), "6");
  const kept = await session.history();
  assert.deepEqual(kept.at(-1), { executionCount: next.reply.executionCount, code: "quiet + 1" });
});

test("a run without history keeps the count but shows its result", async () => {
  const before = await session.run("1");
  const unkept = await session.run("2", { storeHistory: false });
  assert.equal(resultText(unkept.outputs), "2");
  const later = await session.run("3");
  assert.equal(later.reply.executionCount, before.reply.executionCount + 1);
});

test("user expressions are evaluated each for itself after the cell", async () => {
  const { reply } = await session.run("const side = 3;", {
    userExpressions: {
      area: "side * side",
      wrong: "side.nothing",
      thrown: '(() => { throw new Error("x"); })()',
    },
  });
  assert.ok(reply.status === "ok");
  assert.deepEqual(reply.userExpressions.area, { status: "ok", data: { "text/plain": "9" }, metadata: {} });
  assert.equal(reply.userExpressions.wrong?.status, "error");
  assert.equal(reply.userExpressions.thrown?.status, "error");
  assert.equal(resultText((await session.run("side")).outputs), "3");
});

test("variables of earlier cells can be read, changed and declared again", async () => {
  await session.run("let n = 1; const twice = (x: number) => 2 * x;");
  await session.run("n = 7; n += 1;");
  assert.equal(resultText((await session.run("twice(n)")).outputs), "16");
  await session.run('let n = "text";');
  assert.equal(resultText((await session.run("n.length")).outputs), "4");
  assert.equal(
    streamText((await session.run("for (let i = 0; i < 3; i++) console.log(i);")).outputs),
    "0\n1\n2\n",
  );
});

test("a cell that fails keeps what it had come to: imports, types, functions and variables", async () => {
  const failed = await session.run(
    'import { Random } from "gpic-lab/core";\nconst reached = 5;\nfunction next() { return reached + 1; }\nthrow new Error("stop");\nconst unreached = 3;',
  );
  assert.equal(errorOf(failed).evalue, "stop");
  assert.equal(resultText((await session.run("next() + new Random(1).integer(1)")).outputs), "6");
  assert.match(errorOf(await session.run("unreached")).evalue, /Cannot find name 'unreached'/);
});

test("a variable that a failed cell was to declare anew stays what it was", async () => {
  await session.run("const settled: number = 41;");
  await session.run('throw new Error("stop");\nconst settled: string = "new";');
  assert.equal(resultText((await session.run("settled + 1")).outputs), "42");
});
