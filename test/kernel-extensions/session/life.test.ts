import assert from "node:assert/strict";
import { test } from "node:test";
import { resultText, SessionProcess } from "./session-process.js";

test("after close nothing holds the process, also after an interrupt and an import", async () => {
  const session = await SessionProcess.open();
  await session.run(
    'const begin = (globalThis as unknown as { begin(): void }).begin;\nimport * as vega from "vega";',
  );
  await session.runInterrupted("begin();\nawait new Promise(() => {});");
  assert.equal(await session.close(), 0);
});

test("a hundred cells leave little behind, and old variables stay within reach", async () => {
  const session = await SessionProcess.open();
  try {
    await session.run("let total = 0;");
    const run = async (cells: number): Promise<void> => {
      for (let i = 0; i < cells; i++) await session.run(`total += ${i % 2};\ntotal`);
    };
    await run(40);
    const start = await session.heap();
    await run(100);
    const grown = (await session.heap()) - start;
    assert.equal(resultText((await session.run("total")).outputs), "70");
    // a leaked program of the compiler is above 20 MB; source maps and texts of a hundred cells are far below 1 MB
    assert.ok(grown < 15e6, `${(grown / 1e6).toFixed(1)} MB more`);
  } finally {
    await session.close();
  }
});
