import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Random } from "gpic-lab/core";
import {
  AnswerFolder,
  answerId,
  type KeptAnswer,
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

/** A record such as a client keeps. */
function made(more: Partial<KeptAnswer> & { readonly pictureSha256: string }): KeptAnswer {
  const name = { model: "m", questionHash: "q", pictureSha256: more.pictureSha256, seed: 0 };
  return {
    ...{ id: answerId(name), key: "k", question: "colour", ...name, served: "m", temperature: 0 },
    ...{ kind: "answered", message: "", raw: '{"colour":"red"}', refusal: "", finish: "stop" },
    ...{ attempts: 1, promptTokens: 300, answerTokens: 10, seconds: 1, ...more },
  };
}

test("of many answers the last final one of each question is found, however its line lies among the blocks", async (t) => {
  const folder = temporary(t);
  const random = new Random("answers");
  const expected = new Map<string, KeptAnswer>();
  const lines: string[] = [];
  for (let i = 0; i < 6000; i++) {
    const pictureSha256 = `p${random.integer(4000)}`;
    const kind = random.next() < 0.1 ? "timed out" : "answered";
    // of several bytes a letter; the longest lines are longer than a block of 1 MiB
    const raw = "é\u{1f6a2}".repeat(i % 1500 === 7 ? 300_000 : random.integer(90));
    const answer = made({ pictureSha256, kind, raw, key: `k${i}` });
    if (kind === "answered") expected.set(answer.id, answer);
    lines.push(JSON.stringify(answer), ...(i % 1000 === 0 ? ["", "{", JSON.stringify({ id: 1 })] : []));
  }
  writeFileSync(join(folder, "answers.jsonl"), lines.join("\n"));
  const answers = await AnswerFolder.open(folder);
  t.after(() => answers.close());
  assert.deepEqual([answers.count, answers.damagedLines], [expected.size, 12]);
  const late = made({ pictureSha256: "late", raw: "é" });
  // several at once
  await Promise.all([answers.add(late), answers.add(made({ pictureSha256: "p0", raw: "new" }))]);
  expected.set(late.id, late);
  expected.set(made({ pictureSha256: "p0" }).id, made({ pictureSha256: "p0", raw: "new" }));
  for (const [id, answer] of expected) assert.deepEqual(await answers.find(id), answer);
  assert.equal(await answers.find("0".repeat(64)), undefined);
  const again = await AnswerFolder.open(folder);
  assert.equal(again.count, expected.size);
  await again.close();
});

test("a line that no answer can be as long as is passed over, and not held in memory", async (t) => {
  const folder = temporary(t);
  const path = join(folder, "answers.jsonl");
  writeFileSync(path, `${JSON.stringify(made({ pictureSha256: "a" }))}\n`);
  // 8 times the longest body that is read
  for (let i = 0; i < 65; i++) appendFileSync(path, Buffer.alloc(1 << 20, "x"));
  appendFileSync(path, `\n${JSON.stringify(made({ pictureSha256: "b" }))}\n`);
  const answers = await AnswerFolder.open(folder);
  assert.deepEqual([answers.count, answers.damagedLines], [2, 1]);
  assert.ok((await answers.find(made({ pictureSha256: "b" }).id)) !== undefined);
  await answers.close();
});

test("texts are not held in memory: what is kept of an answer is some bytes, whatever its length", async (t) => {
  const folder = temporary(t);
  const path = join(folder, "answers.jsonl");
  const raw = "x".repeat(20_000);
  for (let i = 0; i < 4000; i++)
    appendFileSync(path, `${JSON.stringify(made({ pictureSha256: `p${i}`, raw }))}\n`);
  const used = () => {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = used();
  const answers = await AnswerFolder.open(folder);
  // 80 MB of text; the bound leaves room for what is not yet collected
  const more = used() - before;
  assert.equal(answers.count, 4000);
  assert.ok(more < 40e6, `${more}`);
  await answers.close();
});

test("what an answer usually takes is the mean over the final ones of the model", async (t) => {
  const folder = temporary(t);
  const answers = await AnswerFolder.open(folder);
  assert.deepEqual(answers.usual("m"), { seconds: undefined, answerTokens: undefined });
  await answers.add(made({ pictureSha256: "a", seconds: 1, answerTokens: 10 }));
  await answers.add(made({ pictureSha256: "b", seconds: 3, answerTokens: null }));
  await answers.add(made({ pictureSha256: "c", seconds: null, answerTokens: 40 }));
  await answers.add(made({ pictureSha256: "d", seconds: 600, kind: "timed out", answerTokens: null }));
  await answers.add(made({ pictureSha256: "e", seconds: 90, model: "other" }));
  assert.deepEqual(answers.usual("m"), { seconds: 2, answerTokens: 25 });
  await answers.close();
  const again = await AnswerFolder.open(folder);
  assert.deepEqual(again.usual("m"), { seconds: 2, answerTokens: 25 });
  await again.close();
});

test("a picture that is rejected in two calls while others are answered is not asked about again", async (t) => {
  const folder = temporary(t);
  let takes: readonly string[] = [];
  const [first, second] = [await grey(10), await grey(240)];
  const { baseUrl, asked } = await standInServer(t, ({ image }) => {
    const isTaken = takes.some((dataUrl) => dataUrl.endsWith(image.toString("base64")));
    return isTaken ? { as: "text", text: '{"colour":"red"}' } : { as: "status", status: 400 };
  });
  const kindOf = async (of: VlmPicture) => (await askOnce(folder, baseUrl, { of })).kind;
  // nothing is answered yet: the question may be what is wrong
  for (let call = 0; call < 3; call++) assert.equal(await kindOf(first), "rejected");
  takes = [second.dataUrl];
  assert.equal(await kindOf(second), "answered");
  assert.equal(await kindOf(first), "rejected again");
  const before = asked.length;
  assert.equal(await kindOf(first), "rejected again");
  assert.equal(asked.length, before);
});

test("a picture that was rejected once is asked about again, and its answer is taken", async (t) => {
  const folder = temporary(t);
  let isStrict = true;
  const first = await grey(10);
  const { baseUrl } = await standInServer(t, ({ image }) =>
    isStrict && first.dataUrl.endsWith(image.toString("base64"))
      ? { as: "status", status: 400 }
      : { as: "text", text: '{"colour":"red"}' },
  );
  const answers = await AnswerFolder.open(folder);
  const client = new VlmClient({ baseUrl, model: STAND_IN_MODEL }, { answers });
  await client.ask(question, picture, { key: "other" });
  // twice in one call, as of two copies of a picture, is not two calls
  for (const key of ["a", "copy of a"])
    assert.equal((await client.ask(question, first, { key })).kind, "rejected");
  await answers.close();
  isStrict = false;
  assert.equal((await askOnce(folder, baseUrl, { of: first })).kind, "answered");
});
