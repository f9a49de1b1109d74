import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  AnswerFolder,
  answerId,
  VlmClient,
  type VlmPicture,
  type VlmQuestion,
  vlmPicture,
} from "gpic-lab/vlm";
import { type Behaviour, STAND_IN_MODEL, standInServer } from "./stand-in-server.js";

const question: VlmQuestion = {
  name: "colour",
  prompt: "Which colour is it?",
  fields: { colour: { words: ["red", "blue"] } },
  mostTokens: 50,
};
const picture = await grey(120);

function grey(level: number): Promise<VlmPicture> {
  return vlmPicture({ width: 8, height: 8, data: new Uint8Array(192).fill(level) }, 32);
}

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function askOnce(
  folder: string,
  baseUrl: string,
  {
    asked = question,
    of = picture,
    seed = 0,
  }: { asked?: VlmQuestion; of?: VlmPicture | "none"; seed?: number } = {},
) {
  const answers = await AnswerFolder.open(folder);
  try {
    let clock = 0;
    const endpoint = { baseUrl, model: STAND_IN_MODEL, attempts: 1, seed };
    const client = new VlmClient(endpoint, { answers, now: () => clock++ });
    return {
      ...(await client.ask(asked, of === "none" ? undefined : of, { key: "a" })),
      damagedLines: answers.damagedLines,
    };
  } finally {
    await answers.close();
  }
}

test("an answer is kept with model, prompt hash, picture, seed, raw text and time, and not asked for again", async (t) => {
  const folder = temporary(t);
  const { baseUrl, asked } = await standInServer(t, () => ({ as: "text", text: '{"colour":"red"}' }));
  const first = await askOnce(folder, baseUrl);
  const second = await askOnce(folder, baseUrl);
  assert.deepEqual([first.isKept, second.isKept, asked.length], [false, true, 1]);
  assert.deepEqual(second.value, { colour: "red" });
  const lines = readFileSync(join(folder, "answers.jsonl"), "utf8").trimEnd().split("\n");
  assert.equal(lines.length, 1);
  const kept = JSON.parse(lines[0]!);
  assert.match(kept.questionHash, /^[0-9a-f]{64}$/);
  assert.equal(kept.pictureSha256, picture.sha256);
  const written = JSON.parse(readFileSync(join(folder, `question-${kept.questionHash}.json`), "utf8"));
  assert.deepEqual(
    [written.prompt, written.mostTokens, written.schema.required],
    [question.prompt, 50, ["colour"]],
  );
  assert.deepEqual(
    [kept.model, kept.served, kept.temperature, kept.seed, kept.raw, kept.seconds, kept.answerTokens],
    [STAND_IN_MODEL, STAND_IN_MODEL, 0, 0, '{"colour":"red"}', 1, 45],
  );
});

test("an answer without a picture is kept and found by its prompt alone, and the ids of older answers stay", async (t) => {
  const folder = temporary(t);
  const { baseUrl, asked } = await standInServer(t, () => ({ as: "text", text: '{"colour":"red"}' }));
  const first = await askOnce(folder, baseUrl, { of: "none" });
  const second = await askOnce(folder, baseUrl, { of: "none" });
  const withPicture = await askOnce(folder, baseUrl);
  assert.deepEqual([first.isKept, second.isKept, withPicture.isKept, asked.length], [false, true, false, 2]);
  assert.deepEqual([first.pictureSha256, withPicture.pictureSha256], ["", picture.sha256]);
  // by Python: sha256 of '["m","q","p",0]' and of '["m","q","",0]'
  const id = (pictureSha256: string) => answerId({ model: "m", questionHash: "q", pictureSha256, seed: 0 });
  assert.equal(id("p"), "ea294171e12fba0a059d5d99041578dfb932f5cbcd97d042a02e465996df860f");
  assert.equal(id(""), "ef2976534c1177d4d92ca13def0b6cee0666e490dcb4a8b8db511faa5dc38095");
});

test("another prompt, form, length, picture or seed is another question", async (t) => {
  const folder = temporary(t);
  const { baseUrl, asked } = await standInServer(t, () => ({ as: "text", text: '{"colour":"red"}' }));
  await askOnce(folder, baseUrl);
  await askOnce(folder, baseUrl, { asked: { ...question, prompt: "Which colour?" } });
  await askOnce(folder, baseUrl, { asked: { ...question, fields: { colour: { words: ["red"] } } } });
  await askOnce(folder, baseUrl, { asked: { ...question, mostTokens: 51 } });
  await askOnce(folder, baseUrl, { of: await grey(121) });
  await askOnce(folder, baseUrl, { seed: 1 });
  assert.equal(asked.length, 6);
});

test("a refusal is not asked for again, what may have passed is, and both outcomes are on disk", async (t) => {
  for (const [behaviour, times] of [
    [{ as: "refusal", text: "no" }, 1],
    [{ as: "text", text: "{" }, 1],
    [{ as: "status", status: 500 }, 2],
    [{ as: "status", status: 401 }, 2],
  ] as const satisfies readonly (readonly [Behaviour, number])[]) {
    const folder = temporary(t);
    const { baseUrl, asked } = await standInServer(t, () => behaviour);
    const first = await askOnce(folder, baseUrl);
    const second = await askOnce(folder, baseUrl);
    assert.equal(asked.length, times);
    assert.equal(second.kind, first.kind);
    assert.equal(readFileSync(join(folder, "answers.jsonl"), "utf8").trimEnd().split("\n").length, times);
  }
});

test("a line that a killed process left is passed over, and what comes after it is whole", async (t) => {
  const folder = temporary(t);
  const { baseUrl, asked } = await standInServer(t, () => ({ as: "text", text: '{"colour":"red"}' }));
  await askOnce(folder, baseUrl);
  const path = join(folder, "answers.jsonl");
  const line = readFileSync(path, "utf8");
  for (const end of [1, line.length >> 1, line.length - 2]) {
    writeFileSync(path, line.slice(0, end));
    const before = asked.length;
    assert.equal((await askOnce(folder, baseUrl)).damagedLines, 1);
    assert.equal(asked.length, before + 1);
    const again = await askOnce(folder, baseUrl);
    assert.deepEqual([again.isKept, again.value], [true, { colour: "red" }]);
  }
});

test("an answer that was changed on disk is read as strictly as one that comes", async (t) => {
  const folder = temporary(t);
  const { baseUrl } = await standInServer(t, () => ({ as: "text", text: '{"colour":"red"}' }));
  const first = await askOnce(folder, baseUrl);
  const { value: _, isKept: __, damagedLines: ___, ...kept } = first;
  appendFileSync(
    join(folder, "answers.jsonl"),
    `${JSON.stringify({ ...kept, raw: '{"colour":"green"}' })}\n`,
  );
  const again = await askOnce(folder, baseUrl);
  assert.deepEqual([again.kind, again.value], ["malformed", undefined]);
});
