import assert from "node:assert/strict";
import { createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { decode } from "gpic-lab/images";
import {
  completeEndpoint,
  type OutcomeKind,
  type VlmAnswer,
  VlmClient,
  type VlmEndpoint,
  type VlmPicture,
  type VlmQuestion,
  vlmPicture,
} from "gpic-lab/vlm";
import { type Behaviour, STAND_IN_MODEL, type StandIn, standInServer } from "./stand-in-server.js";

const question: VlmQuestion = {
  name: "colour",
  prompt: "Which colour is it?",
  fields: { colour: { words: ["red", "blue"] }, why: { mostCharacters: 20 } },
  mostTokens: 50,
};
const GOOD = '{"colour": "red", "why": "it is \\u00e9gal"}';
const picture: VlmPicture = await vlmPicture(
  { width: 40, height: 20, data: new Uint8Array(2400).fill(200) },
  32,
);

function clientOf({ baseUrl }: { readonly baseUrl: string }, more: Partial<VlmEndpoint> = {}): VlmClient {
  const quick = { timeoutSeconds: 5, attempts: 2, backoffSeconds: 0.001 };
  return new VlmClient({ baseUrl, model: STAND_IN_MODEL, ...quick, ...more });
}

async function outcomeOf(
  t: TestContext,
  behaviour: Behaviour,
  more: Partial<VlmEndpoint> = {},
): Promise<VlmAnswer & { readonly server: StandIn }> {
  const server = await standInServer(t, () => behaviour);
  const answer = await clientOf(server, more).ask(question, picture, { key: "a.jpg" });
  return { ...answer, server };
}

test("a question arrives with its prompt, its schema, temperature 0, the seed and a picture that can be decoded", async (t) => {
  const { server } = await outcomeOf(t, { as: "text", text: GOOD }, { seed: 7 });
  const [asked] = server.asked;
  assert.equal(server.asked.length, 1);
  assert.equal(asked!.prompt, "Which colour is it?");
  assert.deepEqual([asked!.temperature, asked!.seed, asked!.schemaName], [0, 7, "colour"]);
  assert.deepEqual(asked!.schema, {
    type: "object",
    properties: { colour: { type: "string", enum: ["red", "blue"] }, why: { type: "string", maxLength: 20 } },
    required: ["colour", "why"],
    additionalProperties: false,
  });
  const { width, height } = await decode(asked!.image, "sent");
  assert.deepEqual([width, height], [32, 16]);
});

test("a question without a picture arrives as a bare text, and its record names no picture", async (t) => {
  const server = await standInServer(t, () => ({ as: "text", text: GOOD }));
  const client = clientOf(server);
  const [without, withPicture] = await Promise.all([
    client.ask(question, undefined, { key: "pair" }),
    client.ask(question, picture, { key: "pair" }),
  ]);
  assert.deepEqual([without.kind, without.value?.colour, without.pictureSha256], ["answered", "red", ""]);
  assert.notEqual(without.id, withPicture.id);
  const sent = server.asked.map(({ prompt, image }) => [prompt, image.length > 0]);
  assert.deepEqual(sent.sort(), [
    [question.prompt, false],
    [question.prompt, true],
  ]);
  assert.ok(
    server.asked.every(({ schemaName, temperature }) => schemaName === "colour" && temperature === 0),
  );
});

test("the stand-in refuses what is neither a text nor a text and a JPEG", async (t) => {
  const server = await standInServer(t, () => ({ as: "text", text: GOOD }));
  const text = { type: "text", text: "Which colour is it?" };
  const image = { type: "image_url", image_url: { url: picture.dataUrl } };
  const statusOf = async (messages: unknown) => {
    const body = JSON.stringify({
      ...{ model: STAND_IN_MODEL, max_tokens: 5, messages },
      response_format: { type: "json_schema", json_schema: { name: "x", strict: true, schema: {} } },
    });
    const response = await fetch(`${server.baseUrl}/chat/completions`, { method: "POST", body });
    await response.arrayBuffer();
    return response.status;
  };
  for (const content of ["Which colour is it?", [text, image]])
    assert.equal(await statusOf([{ role: "user", content }]), 200);
  const png = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
  const empty = { type: "image_url", image_url: { url: "data:image/jpeg;base64," } };
  for (const content of [
    ...["", null, [], [text], [image], [image, text], [text, png], [text, empty], [text, text]],
    ...[[{ ...text, text: "" }, image], [text, image, image], [text, { type: "image_url" }], { ...text }],
  ])
    assert.equal(await statusOf([{ role: "user", content }]), 400, JSON.stringify(content)?.slice(0, 90));
  const user = { role: "user", content: "a" };
  for (const messages of [undefined, [], [user, user], [{ ...user, role: "system" }]])
    assert.equal(await statusOf(messages), 400);
});

for (const stream of [false, true]) {
  const how = stream ? "streamed" : "whole";
  test(`an answer that comes ${how} is checked, and kept to the letter`, async (t) => {
    const answer = await outcomeOf(t, { as: "text", text: GOOD }, { stream });
    assert.deepEqual(answer.value, { colour: "red", why: "it is égal" });
    const { kind, raw, served, finish, attempts, promptTokens, answerTokens } = answer;
    assert.deepEqual(
      [kind, raw, served, finish, attempts, promptTokens, answerTokens],
      ["answered", GOOD, STAND_IN_MODEL, "stop", 1, 321, 45],
    );
    assert.equal(answer.server.asked[0]!.stream, stream);
  });

  const misbehaviours: readonly [string, Behaviour, OutcomeKind, attempts: number, RegExp][] = [
    ["a refusal", { as: "refusal", text: "I can't help with that." }, "refused", 1, /can't help/],
    ["a filter", { as: "text", text: "", finish: "content_filter" }, "refused", 1, /withheld/],
    ["prose", { as: "text", text: "It is red." }, "malformed", 1, /JSON is needed, got "It is red\."/],
    ["JSON in a fence", { as: "text", text: `\`\`\`json\n${GOOD}\n\`\`\`` }, "malformed", 1, /JSON/],
    [
      "a word not on the list",
      { as: "text", text: '{"colour":"green","why":""}' },
      "malformed",
      1,
      /"green"/,
    ],
    ["a missing field", { as: "text", text: '{"colour":"red"}' }, "malformed", 1, /why/],
    ["a surplus field", { as: "text", text: `{"x":1,${GOOD.slice(1)}` }, "malformed", 1, /"x"/],
    ["no text at all", { as: "text", text: "" }, "malformed", 1, /JSON/],
    ["a tool call", { as: "text", text: GOOD, finish: "tool_calls" }, "malformed", 1, /tool_calls/],
    ["a cut answer", { as: "text", text: GOOD.slice(0, 9), finish: "length" }, "truncated", 1, /50 tokens/],
    [
      "an answer that is whole but marked as cut",
      { as: "text", text: GOOD, finish: "length" },
      "truncated",
      1,
      /50/,
    ],
    ["another model", { as: "text", text: GOOD, model: "other/model" }, "wrong model", 1, /other\/model/],
    ["401", { as: "status", status: 401 }, "unauthorised", 1, /401/],
    ["400", { as: "status", status: 400 }, "rejected", 1, /400/],
    ["413", { as: "status", status: 413 }, "rejected", 1, /413/],
    ["a redirect", { as: "status", status: 307 }, "wrong address", 1, /307/],
    ["429", { as: "status", status: 429, retryAfter: "0" }, "rate limited", 2, /429/],
    ["500", { as: "status", status: 500 }, "server error", 2, /500/],
    ["503 without a body", { as: "status", status: 503, body: null }, "server error", 2, /503/],
    ["half an answer", { as: "half" }, "unreachable", 2, /./],
    ["a connection that hangs up", { as: "hang-up" }, "unreachable", 2, /./],
    ["a page of a proxy", { as: "raw", body: "<html>", type: "text/html" }, "server error", 2, /completion/],
  ];
  for (const [name, behaviour, kind, attempts, message] of misbehaviours)
    test(`${name}, ${how}, ends as "${kind}" without a value`, async (t) => {
      const answer = await outcomeOf(t, behaviour, { stream });
      assert.deepEqual([answer.kind, answer.attempts], [kind, attempts], answer.message);
      assert.equal(answer.value, undefined);
      assert.equal(answer.server.asked.length, attempts);
      assert.match(answer.message, message);
      assert.doesNotMatch(answer.message, /[\r\n]/);
    });

  test(`silence, ${how}, ends as "timed out"`, async (t) => {
    const answer = await outcomeOf(t, { as: "silence" }, { stream, timeoutSeconds: 0.2 });
    assert.deepEqual([answer.kind, answer.attempts, answer.value], ["timed out", 2, undefined]);
  });

  test(`an answer without end, ${how}, is given up, and no memory is lost to it`, async (t) => {
    const answer = await outcomeOf(t, { as: "endless" }, { stream, attempts: 1, timeoutSeconds: 30 });
    assert.ok(["unreachable", "server error"].includes(answer.kind), answer.kind);
    assert.equal(answer.value, undefined);
    assert.match(answer.message, /at most 8388608 bytes/);
  });
}

const odd: readonly [string, unknown][] = [
  ["an empty list of choices", { choices: [], model: STAND_IN_MODEL }],
  ["choices that are a text", { choices: "none", model: STAND_IN_MODEL }],
  ["a choice that is null", { choices: [null], model: STAND_IN_MODEL }],
  ["null", null],
  ["a number", 7],
];
for (const [name, body] of odd)
  test(`${name} instead of a chat completion ends as "server error"`, async (t) => {
    const { kind, value } = await outcomeOf(t, { as: "json", body });
    assert.deepEqual([kind, value], ["server error", undefined]);
  });

test("harmed events of a stream end as an outcome", async (t) => {
  const body = 'data: {"choices": [{"delta"\n\ndata: [DONE]\n\n';
  const { kind, value } = await outcomeOf(
    t,
    { as: "raw", body, type: "text/event-stream" },
    { stream: true },
  );
  assert.deepEqual([kind, value], ["server error", undefined]);
});

test("a dated name is the same model, a longer name is another", async (t) => {
  for (const [end, kind] of [
    ["-2026-01-31", "answered"],
    ["-20260131", "answered"],
    ["-Instruct", "wrong model"],
    ["-2026", "wrong model"],
  ] as const) {
    const answer = await outcomeOf(t, { as: "text", text: GOOD, model: `${STAND_IN_MODEL}${end}` });
    assert.equal(answer.kind, kind, end);
  }
});

test("a model that the server does not know ends as such, and no further question is sent", async (t) => {
  const server = await standInServer(t, () => ({ as: "text", text: GOOD }));
  const client = clientOf(server, { model: "no/such-model" });
  const first = await client.ask(question, picture, { key: "a" });
  const second = await client.ask(question, picture, { key: "b" });
  assert.deepEqual([first.kind, first.attempts], ["wrong model", 1]);
  assert.match(first.message, /does not know no\/such-model/);
  assert.deepEqual(
    [second.kind, second.attempts, second.key, second.value],
    ["wrong model", 0, "b", undefined],
  );
  assert.match(second.message, /^not sent: /);
  assert.equal(server.asked.length, 1);
});

test("an error without OpenAI's envelope, as older vLLM writes it, is understood all the same", async (t) => {
  const message = "The model `m` does not exist.";
  const body = { object: "error", message, type: "NotFoundError", param: null, code: 404 };
  const answer = await outcomeOf(t, { as: "status", status: 404, body });
  assert.equal(answer.kind, "wrong model");
  assert.match(answer.message, /does not exist/);
});

test("a wrong path ends as such, and nobody who listens as unreachable", async (t) => {
  const server = await standInServer(t, () => ({ as: "text", text: GOOD }));
  const wrong = await clientOf({ baseUrl: server.baseUrl.replace("/v1", "/v2") }).ask(question, picture, {
    key: "a",
  });
  assert.equal(wrong.kind, "wrong address");
  assert.match(wrong.message, /Not Found/);
  const free = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => free.once("listening", resolve));
  const { port } = free.address() as { port: number };
  await new Promise((resolve) => free.close(resolve));
  const nobody = await clientOf({ baseUrl: `http://127.0.0.1:${port}/v1` }).ask(question, picture, {
    key: "a",
  });
  assert.deepEqual([nobody.kind, nobody.attempts], ["unreachable", 2]);
  assert.match(nobody.message, /nobody listens at the address \(ECONNREFUSED\)/);
});

test("what is unreachable says why: an unknown host, a cut connection, a port that fetch refuses", async (t) => {
  const messageOf = async (baseUrl: string) => {
    const client = clientOf({ baseUrl }, { attempts: 1, apiKey: "sk-mine" });
    const { kind, message } = await client.ask(question, picture, { key: "a" });
    assert.equal(kind, "unreachable", message);
    assert.doesNotMatch(message, /sk-mine/);
    return message;
  };
  const server = await standInServer(t, () => ({ as: "hang-up" }));
  assert.match(await messageOf(server.baseUrl), /the connection was cut \((?:UND_ERR_SOCKET|ECONNRESET)\)/);
  // a label of 64 letters is no name: no network is asked for it
  assert.match(
    await messageOf(`http://${"x".repeat(64)}.invalid/v1`),
    /the host's name .* \((?:ENOTFOUND|EAI_AGAIN)\)/,
  );
  assert.match(await messageOf("http://127.0.0.1:9/v1"), /bad port/);
});

test("an address with a password or a query is refused, and no message repeats it", () => {
  for (const baseUrl of [
    "http://user:s3cret@127.0.0.1:8000/v1",
    "http://s3cret@127.0.0.1:8000/v1",
    "http://127.0.0.1:8000/v1?api-key=s3cret",
    "http://127.0.0.1:8000/v1#s3cret",
    "ftp://user:s3cret@127.0.0.1/v1",
    "user:s3cret@127.0.0.1:8000",
  ])
    assert.throws(
      () => completeEndpoint({ baseUrl, model: "m" }),
      (error: Error) => error instanceof TypeError && !error.message.includes("s3cret"),
      baseUrl,
    );
  assert.equal(
    completeEndpoint({ baseUrl: "https://a.example/v1/", model: "m" }).baseUrl,
    "https://a.example/v1",
  );
});

test("a server that died is asked no more after 16 questions in a row, and a later client asks again", async (t) => {
  const server = await standInServer(t, (_, n) => (n < 3 ? { as: "text", text: GOOD } : { as: "hang-up" }));
  const client = clientOf(server, { concurrency: 1 });
  const answers: VlmAnswer[] = [];
  for (let i = 0; i < 40; i++) answers.push(await client.ask(question, picture, { key: `${i}` }));
  const kinds = answers.map(({ kind, attempts }) => `${kind} ${attempts}`);
  assert.deepEqual(kinds, [
    ...Array(3).fill("answered 1"),
    ...Array(16).fill("unreachable 2"),
    ...Array(21).fill("unreachable 0"),
  ]);
  assert.match(answers.at(-1)!.message, /^not sent: nothing came of 16 questions in a row, of the last: /);
  assert.equal(server.asked.length, 3 + 16 * 2);
  await clientOf(server).ask(question, picture, { key: "later" });
  assert.equal(server.asked.length, 3 + 16 * 2 + 2);
});

test("an answer among failures keeps a client asking, and where many may be open at once more must fail", async (t) => {
  const server = await standInServer(t, (_, n) =>
    n % 16 === 15 ? { as: "refusal", text: "no" } : { as: "status", status: 503 },
  );
  const client = clientOf(server, { concurrency: 1, attempts: 1 });
  for (let i = 0; i < 64; i++) await client.ask(question, picture, { key: `${i}` });
  assert.equal(server.asked.length, 64);
  const dead = await standInServer(t, () => ({ as: "status", status: 503 }));
  const wide = clientOf(dead, { concurrency: 20, attempts: 1 });
  const all = await Promise.all(
    Array.from({ length: 200 }, (_, i) => wide.ask(question, picture, { key: `${i}` })),
  );
  assert.ok(all.every(({ kind }) => kind === "server error"));
  // twice as many as may be open, and those that were open when the last of them failed
  assert.ok(dead.asked.length >= 40 && dead.asked.length < 60, `${dead.asked.length}`);
});

test("a server that rejects every question is asked no more; one that rejects some pictures is", async (t) => {
  const strict = await standInServer(t, () => ({ as: "status", status: 400 }));
  const client = clientOf(strict, { concurrency: 1 });
  for (let i = 0; i < 30; i++) await client.ask(question, picture, { key: `${i}` });
  assert.equal(strict.asked.length, 16);
  const picky = await standInServer(t, (_, n) =>
    n === 0 ? { as: "text", text: GOOD } : { as: "status", status: 400 },
  );
  const other = clientOf(picky, { concurrency: 1 });
  for (let i = 0; i < 30; i++) await other.ask(question, picture, { key: `${i}` });
  assert.equal(picky.asked.length, 30);
});

test("what passes is tried again, and the server's wish to wait is heeded", async (t) => {
  const times: number[] = [];
  const server = await standInServer(t, (_, n) => {
    times.push(performance.now());
    if (n === 0) return { as: "status", status: 429, retryAfter: "1" };
    return n === 1 ? { as: "status", status: 500 } : { as: "text", text: GOOD };
  });
  const answer = await clientOf(server, { attempts: 3 }).ask(question, picture, { key: "a" });
  assert.deepEqual([answer.kind, answer.attempts, answer.value?.colour], ["answered", 3, "red"]);
  // timers may fire a millisecond early
  assert.ok(times[1]! - times[0]! >= 990, `${times[1]! - times[0]!} ms`);
  assert.ok(times[2]! - times[1]! < 900, `${times[2]! - times[1]!} ms`);
});

test("no more questions are open at once than the endpoint takes, and all of them are answered", async (t) => {
  const server = await standInServer(t, async () => {
    await pause(15);
    return { as: "text", text: GOOD };
  });
  const client = clientOf(server, { concurrency: 3 });
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, i) => client.ask(question, picture, { key: String(i) })),
  );
  assert.ok(answers.every(({ kind }) => kind === "answered"));
  assert.equal(server.asked.length, 12);
  assert.equal(server.mostAtOnce(), 3);
});

test("the key goes out only where there is one, nothing of this machine does, and no message shows the key", async (t) => {
  const server = await standInServer(t, ({ headers }) => ({
    as: "status",
    status: 401,
    body: { error: { message: `bad key ${headers.authorization}` } },
  }));
  process.env.OPENAI_API_KEY = "sk-environment";
  process.env.OPENAI_CUSTOM_HEADERS = "x-secret: 1";
  t.after(() => {
    delete process.env.OPENAI_API_KEY;
    delete process.env.OPENAI_CUSTOM_HEADERS;
  });
  await clientOf(server).ask(question, picture, { key: "a" });
  const answer = await clientOf(server, { apiKey: "sk-mine" }).ask(question, picture, { key: "a" });
  const [without, withKey] = server.asked.map(({ headers }) => headers);
  assert.equal(without!.authorization, undefined);
  assert.equal(withKey!.authorization, "Bearer sk-mine");
  const extra = Object.keys(withKey!).filter((name) => name.startsWith("x-"));
  assert.deepEqual(extra, []);
  assert.doesNotMatch(JSON.stringify(answer), /sk-mine/);
  assert.match(answer.message, /\[key\]/);
});

test("what is stopped throws its reason at once, whether it waits for an answer or between two attempts", async (t) => {
  for (const behaviour of [{ as: "silence" }, { as: "status", status: 429, retryAfter: "50" }] as const) {
    const server = await standInServer(t, () => behaviour);
    const stop = new AbortController();
    const asked = clientOf(server).ask(question, picture, { key: "a", signal: stop.signal });
    setTimeout(() => stop.abort(new Error("enough")), 100);
    await assert.rejects(asked, /^Error: enough$/);
  }
});
