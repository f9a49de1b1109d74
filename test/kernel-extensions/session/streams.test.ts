import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Output } from "../../../kernel-extensions/session/messages.js";
import { CellStreams, MAXIMUM_STREAM_CHARACTERS } from "../../../kernel-extensions/session/streams.js";
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

test("a character that is never finished is shown as such when the cell ends", async () => {
  const ran = await session.run('process.stdout.write(Buffer.from("a🦉").subarray(0, 3));');
  assert.equal(streamText(ran.outputs), "a\ufffd");
  const next = await session.run('process.stdout.write(Buffer.from("🦉"));');
  assert.equal(streamText(next.outputs), "🦉");
});

test("half a surrogate pair is replaced, and a whole one stays", async () => {
  const ran = await session.run(String.raw`process.stdout.write("a\ud83eb\ud83e\udd89");`);
  assert.equal(streamText(ran.outputs), "a\ufffdb🦉");
});

test("the cut at the limit goes through no character", () => {
  const outputs: Output[] = [];
  const streams = new CellStreams((output) => outputs.push(output));
  streams.write("stdout", "x".repeat(MAXIMUM_STREAM_CHARACTERS - 1));
  streams.write("stdout", "🦉🦉");
  streams.finish();
  assert.equal(streamText(outputs), "x".repeat(MAXIMUM_STREAM_CHARACTERS - 1));
  assert.match(streamText(outputs, "stderr"), /output cut/);
});

test("displays count towards the same limit, with one notice", async () => {
  const ran = await session.run(
    [
      'import { currentHost } from "gpic-lab/show";',
      'const wide = "x".repeat(1024 * 1024);',
      "for (let i = 0; i < 20; i++) {",
      '  currentHost()!.display({ "text/plain": wide }, {});',
      "  console.log(wide);",
      "}",
    ].join("\n"),
  );
  const displays = ran.outputs.filter((output) => output.type === "display_data").length;
  assert.ok(displays === 16 || displays === 15, `${displays} displays`);
  assert.equal(streamText(ran.outputs, "stderr").match(/output cut/g)?.length, 1);
});

test("a loop of empty displays has an end too, and the next cell may display again", async () => {
  const display = 'currentHost()!.display({ "text/plain": "" }, {});';
  const ran = await session.run(`for (let i = 0; i < 200_000; i++) ${display}`);
  assert.ok(ran.outputs.length < 150_000, `${ran.outputs.length} displays`);
  assert.match(streamText(ran.outputs, "stderr"), /output cut/);
  assert.equal((await session.run(display)).outputs.length, 1);
});

test("what a cell prints after its end is not lost when the session closes", async () => {
  const closing = await SessionProcess.open();
  await closing.run(
    'import { EventEmitter } from "node:events";\n(globalThis as { bell?: EventEmitter }).bell = new EventEmitter().on("ring", () => process.stdout.write("last"));',
  );
  await closing.call("ringAndClose");
  await closing.close();
  assert.equal(streamText(closing.outputs.map(({ output }) => output)), "last");
});
