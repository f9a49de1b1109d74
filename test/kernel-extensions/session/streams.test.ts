import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { MAXIMUM_STREAM_CHARACTERS } from "../../../kernel-extensions/session/streams.js";
import { resultText, SessionProcess, streamText } from "./session-process.js";

let session: SessionProcess;
before(async () => {
  session = await SessionProcess.open();
});
after(async () => {
  await session.close();
});

test("100,000 lines arrive, in order, in few messages", async () => {
  const ran = await session.run("for (let i = 0; i < 100_000; i++) console.log(i);");
  assert.equal(streamText(ran.outputs), Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join(""));
  assert.ok(ran.outputs.length < 100, `${ran.outputs.length} messages`);
});

test("what is written to one stream and then the other stays in that order", async () => {
  const ran = await session.run(
    'process.stdout.write("a"); process.stderr.write("b"); console.log("c"); console.warn("d");',
  );
  assert.deepEqual(
    ran.outputs.map((output) => output.type === "stream" && [output.name, output.text]),
    [
      ["stdout", "a"],
      ["stderr", "b"],
      ["stdout", "c\n"],
      ["stderr", "d\n"],
    ],
  );
});

test("a character cut over two writes is put together", async () => {
  const ran = await session.run(
    'const bytes = Buffer.from("größe 🦉");\nfor (const byte of bytes) process.stdout.write(Buffer.of(byte));',
  );
  assert.equal(streamText(ran.outputs), "größe 🦉");
});

test("an encoding and a callback given to write are honoured", async () => {
  const ran = await session.run(
    'process.stdout.write("6869", "hex");\nawait new Promise<void>((r) => process.stdout.write("!", () => r()));',
  );
  assert.equal(streamText(ran.outputs), "hi!");
});

test("a cell that prints 200 MB is cut with a notice, and the session lives in bounded memory", async () => {
  const start = await session.memory();
  const ran = await session.run(
    'const line = "x".repeat(1_000_000);\nfor (let i = 0; i < 200; i++) console.log(line);',
  );
  assert.equal(ran.reply.status, "ok");
  assert.equal(streamText(ran.outputs).length, MAXIMUM_STREAM_CHARACTERS);
  assert.match(streamText(ran.outputs, "stderr"), /output cut/);
  assert.equal(resultText((await session.run("1 + 1")).outputs), "2");
  const grown = (await session.memory()) - start;
  assert.ok(grown < 10 * MAXIMUM_STREAM_CHARACTERS, `${Math.round(grown / 1e6)} MB more`);
});
