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

test("%%time shows the result and the time that it took", async () => {
  const ran = await session.run("%%time\n6 * 7");
  assert.equal(resultText(ran.outputs), "42");
  assert.match(streamText(ran.outputs), /^wall time: [\d.]+ m?s\n$/);
});

test("%%capture swallows what a cell shows, and keeps it under a name", async () => {
  const quiet = await session.run('%%capture\nconsole.log("hidden");\n5');
  assert.deepEqual(quiet.outputs, []);
  const kept = await session.run('%%capture kept\nconsole.log("a");\nconsole.error("b");\n5');
  assert.deepEqual(kept.outputs, []);
  const seen = await session.run("kept.map((output) => output.type).join()");
  assert.equal(resultText(seen.outputs), "'stream,stream,execute_result'");
  const again = await session.run("%%capture kept\n1");
  assert.equal(again.reply.status, "ok");
  assert.equal(resultText((await session.run("kept.length")).outputs), "1");
});

test("%%capture shows an error all the same", async () => {
  const ran = await session.run('%%capture\nconsole.log("hidden");\nthrow new Error("seen");');
  assert.deepEqual(
    ran.outputs.map((output) => output.type),
    ["error"],
  );
  assert.equal(errorOf(ran).evalue, "seen");
});

test("errors under a magic keep the lines of the cell as it is written", async () => {
  const thrown = await session.run('%%time\n\nthrow new Error("x");');
  const count = thrown.reply.executionCount;
  assert.ok(errorOf(thrown).traceback.includes(`Cell[${count}]:3:7`), errorOf(thrown).traceback);
  const typed = await session.run('%%capture\nconst n: number = "a";');
  assert.ok(errorOf(typed).traceback.includes(`Cell[${count + 1}]:2:7`));
});

test("a line magic is a cell of its own and gets its words", async () => {
  assert.equal(resultText((await session.run("%greet you there")).outputs), "'hello you there'");
  assert.match(errorOf(await session.run("%greet\n1 + 1")).evalue, /a cell of its own/);
});

test("an unknown magic is an error that lists the known ones", async () => {
  for (const code of ["%nothing", "%%nothing\n1", "%%greet\n1", "%time"]) {
    const { ename, evalue } = errorOf(await session.run(code));
    assert.equal(ename, "MagicError");
    assert.match(evalue, /%%time, %%capture, %greet/);
  }
});

test("a name that is no variable cannot be captured into", async () => {
  for (const code of ["%%capture 1a\n1", "%%capture a b\n1", "%%capture a;b\n1", "%%capture class\n1"])
    assert.equal((await session.run(code)).reply.status, "error", code);
});
