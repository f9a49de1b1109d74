import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ExecuteReply } from "../../../kernel-extensions/session/messages.js";
import { errorOf, type Ran, resultText, SessionProcess } from "./session-process.js";

let session: SessionProcess;
before(async () => {
  session = await SessionProcess.open();
  await session.run("const begin = (globalThis as unknown as { begin(): void }).begin;\nlet count = 0;");
});
after(async () => {
  await session.close();
});

function assertInterrupted(ran: Ran): void {
  assert.equal(errorOf(ran).ename, "KeyboardInterrupt");
  assert.equal(ran.outputs.filter((output) => output.type === "error").length, 1);
}

async function value(code: string): Promise<unknown> {
  return resultText((await session.run(code)).outputs);
}

test("a synchronous loop stops, and the variables stay", async () => {
  await session.run("count = 5;");
  assertInterrupted(await session.runInterrupted("begin();\nwhile (true) { count += 0; }"));
  assert.equal(await value("count"), "5");
});

test("a synchronous loop behind an await stops", async () => {
  assertInterrupted(await session.runInterrupted("await 1;\nbegin();\nfor (;;) ;"));
  assertInterrupted(await session.runInterrupted("await 1;\nbegin();\ndo count += 0; while (true);"));
});

test("a loop in a try that catches everything stops all the same", async () => {
  assertInterrupted(
    await session.runInterrupted("await 1;\nbegin();\nfor (;;) { try { for (;;) ; } catch { } }"),
  );
});

test("synchronous code without loops stops", async () => {
  assertInterrupted(
    await session.runInterrupted(
      "function f(n: number): number { return n === 0 ? 1 : f(n - 1) + f(n - 1); }\nbegin();\nf(60)",
    ),
  );
});

test("a wait without end is abandoned, and a library sees the signal and why", async () => {
  await session.run('import { currentHost } from "gpic-lab/show";\nlet reason = "none";');
  const ran = await session.runInterrupted(
    [
      "const signal = currentHost()!.signal();",
      'signal.addEventListener("abort", () => { reason = signal.reason.name; });',
      "begin();",
      "await new Promise(() => {});",
    ].join("\n"),
  );
  assertInterrupted(ran);
  assert.equal(await value("reason"), "'KeyboardInterrupt'");
});

test("the abort signal of a cell fires when it is interrupted", async () => {
  await session.run('import { currentHost } from "gpic-lab/show";\nlet heard = "nothing";');
  assertInterrupted(
    await session.runInterrupted(
      'currentHost()!.signal().addEventListener("abort", () => { heard = "abort"; });\nbegin();\nawait new Promise(() => {});',
    ),
  );
  assert.equal(await value("heard"), "'abort'");
});

test("a loop of an abandoned cell does not go on behind the next cells", async () => {
  await session.run("let ticks = 0;");
  assertInterrupted(
    await session.runInterrupted(
      "async function run() { for (;;) { await new Promise((r) => setTimeout(r, 5)); ticks++; } }\nbegin();\nawait run();",
    ),
  );
  await session.run("await new Promise((r) => setTimeout(r, 30));");
  const seen = await value("ticks");
  await session.run("await new Promise((r) => setTimeout(r, 50));");
  assert.equal(await value("ticks"), seen);
});

test("a loop that nobody awaited stops with its cell too", async () => {
  await session.run("let beats = 0;");
  assertInterrupted(
    await session.runInterrupted(
      "void (async () => { for (;;) { await new Promise((r) => setTimeout(r, 5)); beats++; } })();\nbegin();\nfor (;;) await new Promise((r) => setTimeout(r, 5));",
    ),
  );
  await session.run("await new Promise((r) => setTimeout(r, 30));");
  const seen = await value("beats");
  await session.run("await new Promise((r) => setTimeout(r, 50));");
  assert.equal(await value("beats"), seen);
});

test("functions that an interrupted cell declared can be called later", async () => {
  await session.runInterrupted(
    "var sumTo = (n: number) => { let s = 0; for (let i = 1; i <= n; i++) s += i; return s; };\nbegin();\nawait new Promise(() => {});",
  );
  await session.run(
    "const sumUp = (n: number) => { let s = 0; for (let i = 1; i <= n; i++) s += i; return s; };",
  );
  assertInterrupted(await session.runInterrupted("begin();\nfor (;;) sumUp(3);"));
  assert.equal(await value("sumUp(4)"), "10");
});

test("an interrupt while nothing runs hits no later cell", async () => {
  await session.call("interruptNow");
  assert.equal(await value("let s = 0; for (let i = 0; i < 1e6; i++) s += 1; s"), "1000000");
});

test("an interrupt that comes as its cell ends never hits the next one", async () => {
  await session.run("const asked = (globalThis as unknown as { asked(): number }).asked;");
  for (let i = 0; i < 10; i++) {
    // microtasks neither poll nor let the waiting thread be heard, so the signal is sent about when they end
    await session.runInterrupted(
      [
        `const before${i} = asked();`,
        `let until${i} = Infinity;`,
        "begin();",
        `queueMicrotask(function spin(): void {`,
        `  if (until${i} === Infinity && asked() !== before${i}) until${i} = performance.now() + 92 + 2 * ${i};`,
        `  if (performance.now() < until${i}) queueMicrotask(spin);`,
        "});",
      ].join("\n"),
    );
    const next = await session.run("let t = 0; for (let i = 0; i < 100_000; i++) t += 1; await 1; t");
    assert.equal(resultText(next.outputs), "100000", errorOf(next).traceback);
  }
});

test("an interrupted cell that ends later takes nothing from the cells after it", async () => {
  await session.run("let fired = false;");
  assertInterrupted(
    await session.runInterrupted(
      "begin();\nawait new Promise((r) => setTimeout(r, 500));\nsetImmediate(() => { fired = true; });\nconst old = 1;",
    ),
  );
  await session.run("const fresh = 42;");
  // asked by short cells: one that ran meanwhile would itself set anew what cells know
  while ((await value("fired")) === "false");
  assert.equal(await value("fresh"), "42");
  assert.equal(errorOf(await session.run("old")).ename, "TypeScriptError");
});

test("what an interrupted cell would have set anew keeps its value at once", async () => {
  await session.run("let kept = 7;");
  assertInterrupted(
    await session.runInterrupted("begin();\nlet kept = await new Promise<number>(() => {});"),
  );
  assert.equal(await value("kept"), "7");
});

test("a user expression that never resolves ends with the interrupt, and none after it runs", async () => {
  await session.run("let evaluated = 0;");
  const { reply } = await session.runInterrupted("1", {
    userExpressions: { a: "(begin(), await new Promise(() => {}))", b: "evaluated = 1" },
  });
  assert.equal(reply.status, "ok");
  const { a, b } = reply.status === "ok" ? reply.userExpressions : {};
  assert.equal(a?.status === "error" && a.ename, "KeyboardInterrupt");
  assert.equal(b?.status === "error" && b.ename, "KeyboardInterrupt");
  assert.equal(await value("evaluated"), "0");
});

test("loops poll fast again some time after an interrupt, whatever was interrupted", async () => {
  await session.run("const polling = (globalThis as unknown as { polling(): boolean }).polling;");
  for (const code of ["begin();\nawait new Promise(() => {});", "%wait"]) {
    assertInterrupted(await session.runInterrupted(code));
    assert.equal(await value("polling()"), "true");
    await session.run("while (polling()) await new Promise((r) => setTimeout(r, 20));");
    assert.equal(await value("polling()"), "false");
  }
});

test("an interrupt that comes before the code starts keeps it from starting", async () => {
  await session.run("let started = false;");
  const reply = await session.call<ExecuteReply>("executeInterrupted", { code: "started = true;" });
  assert.equal(reply.status === "error" && reply.ename, "KeyboardInterrupt");
  assert.equal(await value("started"), "false");
});

test("a cell that replaces the timers and the clock does not stop the kernel", async () => {
  const ran = await session.run(
    [
      'import timers from "node:timers";',
      "const real = { setTimeout, setImmediate, now: Date.now };",
      "const never = (() => ({})) as never;",
      "globalThis.setTimeout = globalThis.setImmediate = timers.setTimeout = timers.setImmediate = never;",
      "Date.now = () => 0;",
      "1",
    ].join("\n"),
  );
  assert.equal(resultText(ran.outputs), "1");
  assertInterrupted(await session.runInterrupted("begin();\nawait new Promise(() => {});"));
  await session.run(
    "globalThis.setTimeout = timers.setTimeout = real.setTimeout;\nglobalThis.setImmediate = timers.setImmediate = real.setImmediate;\nDate.now = real.now;",
  );
});
