import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv } from "ajv";
import { Random } from "gpic-lab/core";
import { decode } from "gpic-lab/images";
import {
  answerSchema,
  checkAnswer,
  completeEndpoint,
  endpointFrom,
  estimateAsking,
  pictureTokens,
  type VlmQuestion,
  vlmPicture,
} from "gpic-lab/vlm";

const question: VlmQuestion = {
  name: "q",
  prompt: "a".repeat(400),
  fields: { a: { words: ["no", "yes"] }, b: { mostCharacters: 3 } },
  mostTokens: 100,
};

test("an answer passes the check exactly where a validator of JSON schema lets it pass", () => {
  const validate = new Ajv().compile(answerSchema(question));
  const random = new Random(1);
  const values = ["no", "yes", "maybe", "", "abc", "abcd", "\u{1f600}bc", null, 1, true, ["no"], {}];
  const pick = () => values[random.integer(values.length)];
  let passed = 0;
  for (let i = 0; i < 3000; i++) {
    const object: Record<string, unknown> = {};
    for (const name of ["a", "b", "c", "constructor"]) if (random.next() < 0.7) object[name] = pick();
    if (random.next() < 0.6) for (const name of ["c", "constructor"]) delete object[name];
    const mine = "value" in checkAnswer(question, JSON.stringify(object));
    assert.equal(mine, validate(object), JSON.stringify(object));
    passed += Number(mine);
  }
  assert.ok(passed > 20, `${passed} of the drawn answers pass`);
});

test("what is no object, and a field that only its prototype has, does not pass", () => {
  for (const text of ["[]", "null", '"a"', "1", "", "{", '{"a":"no"}', '{"a":"no","b":"x","__proto__":"y"}'])
    assert.ok("problem" in checkAnswer(question, text), text);
});

test("a picture is scaled in its proportions, never enlarged, and two equal ones have one hash", async () => {
  const data = new Uint8Array(100 * 40 * 3).map((_, i) => (i * 7) % 251);
  const small = await vlmPicture({ width: 100, height: 40, data }, 50);
  assert.deepEqual([small.width, small.height], [50, 20]);
  const own = await vlmPicture({ width: 100, height: 40, data }, 768);
  assert.deepEqual([own.width, own.height], [100, 40]);
  assert.equal((await vlmPicture({ width: 100, height: 40, data: data.slice() }, 768)).sha256, own.sha256);
  const jpeg = Buffer.from(own.dataUrl.slice("data:image/jpeg;base64,".length), "base64");
  const back = await decode(jpeg, "own");
  assert.deepEqual([back.width, back.height], [100, 40]);
  const strip = await vlmPicture({ width: 900, height: 1, data: new Uint8Array(2700) }, 100);
  assert.deepEqual([strip.width, strip.height], [100, 1]);
});

test("an estimate is the sum that its numbers make", () => {
  assert.equal(pictureTokens({ width: 640, height: 480 }, 768), 300);
  assert.equal(pictureTokens({ width: 1536, height: 768 }, 768), 24 * 12);
  const plan = {
    ...{ images: 1000, questions: [question, question], picture: { width: 640, height: 480 } },
    ...{ longestSidePixels: 768, concurrency: 8 },
  };
  const unknown = estimateAsking(plan);
  // 300 of the picture, 16 of the template, 400 / 4 of the prompt, twice
  assert.deepEqual(unknown, {
    ...{ answers: 2000, inputTokens: 832_000, outputTokens: 100_000 },
    ...{ seconds: null, cost: null },
  });
  const known = estimateAsking({
    ...plan,
    secondsPerAnswer: 2,
    tokensPerAnswer: 10,
    prices: { input: 1, output: 5 },
  });
  assert.deepEqual([known.seconds, known.outputTokens, known.cost], [500, 20_000, 0.932]);
  // without a picture the prompt and the template are left
  assert.equal(estimateAsking({ ...plan, picture: undefined }).inputTokens, 232_000);
  assert.throws(() => estimateAsking({ ...plan, images: -1 }), /^RangeError: Cannot estimate: .* got -1$/);
});

test("an endpoint comes from an environment that names it whole, and from none is none", () => {
  assert.equal(endpointFrom({}), undefined);
  assert.equal(endpointFrom({ GPIC_LAB_VLM_MODEL: "m" }), undefined);
  assert.throws(() => endpointFrom({ GPIC_LAB_VLM_URL: "http://a/v1" }), /GPIC_LAB_VLM_MODEL is needed/);
  const named = { GPIC_LAB_VLM_URL: "http://a/v1/", GPIC_LAB_VLM_MODEL: "m", GPIC_LAB_VLM_CONCURRENCY: "3" };
  const { baseUrl, model, concurrency, apiKey, stream } = completeEndpoint(endpointFrom(named)!);
  assert.deepEqual([baseUrl, model, concurrency, apiKey, stream], ["http://a/v1", "m", 3, undefined, false]);
  assert.throws(
    () => endpointFrom({ ...named, GPIC_LAB_VLM_CONCURRENCY: "many" }),
    /concurrency is a whole number/,
  );
});

test("an endpoint that cannot be asked is refused with what is needed", () => {
  const good = { baseUrl: "http://a/v1", model: "m" };
  assert.throws(
    () => completeEndpoint({ ...good, baseUrl: "ftp://a" }),
    /^TypeError: .* http or https address/,
  );
  assert.throws(() => completeEndpoint({ ...good, model: " " }), /^TypeError: .* its name is needed/);
  assert.throws(() => completeEndpoint({ ...good, timeoutSeconds: 0 }), /^RangeError: .* timeoutSeconds/);
  assert.throws(() => completeEndpoint({ ...good, seed: 0.5 }), /^RangeError: .* seed/);
});
