import assert from "node:assert/strict";
import { test } from "node:test";
import {
  agreementOf,
  decideImages,
  type FilterDecision,
  FilterTally,
  type JudgeVerdict,
  judge,
  judgedFaults,
  safetyCategories,
  verdictText,
} from "gpic-lab/filters";
import type { ImageItem, Pixels } from "gpic-lab/images";
import { VlmClient, vlmPicture } from "gpic-lab/vlm";
import { madeSet } from "../images/made-set.js";
import { type Asked, type Behaviour, STAND_IN_MODEL, standInServer } from "../vlm/stand-in-server.js";

const ALL_NO = { quality: fields(judgedFaults), safety: fields(safetyCategories) };

function fields(names: readonly string[]): { [name: string]: string } {
  return Object.fromEntries(names.map((name) => [name, "no"]));
}

/** The text of an answer to whatever was asked. */
function said({ schemaName }: Asked, changes: { readonly [field: string]: string } = {}): Behaviour {
  const seen = schemaName === "quality" ? { seen: "a thing" } : {};
  const own = Object.entries(changes).filter(([field]) => field in ALL_NO[schemaName as "quality"]);
  const answer = { ...seen, ...ALL_NO[schemaName as "quality"], ...Object.fromEntries(own) };
  return { as: "text", text: JSON.stringify(answer) };
}

/** Pictures of 300 x 200 of one brightness each, with stripes that no measure objects to. */
function striped(level: number): Pixels {
  const data = new Uint8Array(300 * 200 * 3);
  for (let i = 0; i < data.length; i++) data[i] = ((Math.floor(i / 3) % 300) & 4) === 0 ? level : level / 3;
  return { width: 300, height: 200, data };
}

function item(key: string, pixels: Pixels): ImageItem {
  return { key, read: async () => ({ pixels }) };
}

function clientOf(baseUrl: string): VlmClient {
  return new VlmClient({ baseUrl, model: STAND_IN_MODEL, attempts: 1, timeoutSeconds: 5, concurrency: 3 });
}

async function collect(decisions: AsyncIterable<FilterDecision>): Promise<FilterDecision[]> {
  const all: FilterDecision[] = [];
  for await (const decision of decisions) all.push(decision);
  return all;
}

test("a fault drops for quality, a category drops for safety, and so does doubt unless it is told otherwise", async (t) => {
  const server = await standInServer(t, (asked) => said(asked, { severe_blur: "yes", hate: "unsure" }));
  const client = clientOf(server.baseUrl);
  const picture = await vlmPicture(striped(200), 768);
  const quality = await judge(client, "quality", picture, { key: "a" });
  assert.deepEqual([quality.verdict, quality.reasons], ["drop", ["severe_blur"]]);
  const safety = await judge(client, "safety", picture, { key: "a" });
  assert.deepEqual([safety.verdict, safety.reasons], ["drop", ["hate (unsure)"]]);
  const bold = await judge(client, "safety", picture, { key: "a", unsureDrops: false });
  assert.deepEqual([bold.verdict, bold.reasons], ["keep", []]);
  assert.ok(
    server.asked.every(({ prompt, schema }) =>
      Object.keys(schema.properties).every((f) => prompt.includes(`"${f}"`)),
    ),
  );
});

test("each way to fail leaves an image undecided at its stage, with the outcome as reason, in the set's order", async (t) => {
  const ways: readonly (readonly [level: number, behaviour: Behaviour, outcome: string])[] = [
    [240, { as: "refusal", text: "no" }, "refused"],
    [230, { as: "text", text: "fine!" }, "malformed"],
    [220, { as: "text", text: "{", finish: "length" }, "truncated"],
    [210, { as: "status", status: 429 }, "rate limited"],
    [200, { as: "status", status: 500 }, "server error"],
    [190, { as: "status", status: 400 }, "rejected"],
    [180, { as: "hang-up" }, "unreachable"],
  ];
  for (const stage of ["quality", "safety"] as const) {
    const pictures = await Promise.all(ways.map(([level]) => vlmPicture(striped(level), 768)));
    const jpegs = pictures.map(({ dataUrl }) => dataUrl.slice("data:image/jpeg;base64,".length));
    const server = await standInServer(t, (asked) => {
      const at = jpegs.indexOf(asked.image.toString("base64"));
      return asked.schemaName === stage && at >= 0 ? ways[at]![1] : said(asked);
    });
    const items = ways.map(([level, , outcome]) => item(outcome, striped(level)));
    const set = madeSet([item("good", striped(150)), ...items, item("good too", striped(140))]);
    const decisions = await collect(decideImages(set, { client: clientOf(server.baseUrl) }));
    assert.deepEqual(
      decisions.map(({ key, outcome, stage: at, reason }) => [key, outcome, at, reason]),
      [
        ["good", "kept", undefined, ""],
        ...ways.map(([, , outcome]) => [outcome, "undecided", stage, outcome]),
        ["good too", "kept", undefined, ""],
      ],
    );
    const tally = new FilterTally();
    for (const decision of decisions) tally.add(decision);
    const row = tally.funnel.find((one) => one.stage === stage)!;
    assert.deepEqual([row.in, row.out, Object.keys(row.reasons).length], [9, 2, 7]);
    assert.ok(Object.keys(row.reasons).every((reason) => reason.startsWith("no verdict: ")));
  }
});

test("a model that nobody knows leaves every image undecided, after one request", async (t) => {
  const server = await standInServer(t, (asked) => said(asked));
  const client = new VlmClient({ baseUrl: server.baseUrl, model: "no/such-model", concurrency: 1 });
  const decisions = await collect(
    decideImages(madeSet([1, 2, 3].map((n) => item(`${n}`, striped(n * 50)))), { client }),
  );
  assert.deepEqual(
    decisions.map(({ outcome, reason }) => [outcome, reason]),
    Array(3).fill(["undecided", "wrong model"]),
  );
  assert.equal(server.asked.length, 1);
});

test("what fails by size is not measured, and what quality drops is not shown to the judge of safety", async (t) => {
  const server = await standInServer(t, (asked) => said(asked, { overexposed: "yes" }));
  const small = { width: 20, height: 20, data: new Uint8Array(1200) };
  const set = madeSet([item("small", small), item("bright", striped(200))]);
  const [first, second] = await collect(decideImages(set, { client: clientOf(server.baseUrl) }));
  assert.deepEqual([first!.stage, first!.reason, first!.measures], ["size", "too small", undefined]);
  assert.deepEqual([second!.stage, second!.reason, second!.safety], ["quality", "overexposed", undefined]);
  assert.deepEqual(
    server.asked.map(({ schemaName }) => schemaName),
    ["quality"],
  );
});

test("without a judge the measures decide, an image that cannot be read is said to be so, and an error of the disk is thrown", async () => {
  const black = { width: 300, height: 200, data: new Uint8Array(180_000) };
  const bytes = new TextEncoder().encode("no picture");
  const set = madeSet([
    item("black", black),
    { key: "text", read: async () => ({ bytes }) },
    item("good", striped(200)),
  ]);
  const decisions = await collect(decideImages(set));
  assert.deepEqual(
    decisions.map(({ outcome, stage, reason, quality }) => [outcome, stage, reason, quality]),
    [
      ["dropped", "quality", "underexposed", undefined],
      ["unreadable", "decode", "not an image", undefined],
      ["kept", undefined, "", undefined],
    ],
  );
  const broken = madeSet([
    {
      key: "gone",
      read: async () => {
        throw new Error("EIO");
      },
    },
  ]);
  await assert.rejects(collect(decideImages(broken)), /EIO/);
});

test("whoever leaves the decisions early leaves no question behind", async (t) => {
  const first = await vlmPicture(striped(240), 768);
  const server = await standInServer(t, (asked) => {
    const isFirst = first.dataUrl.endsWith(asked.image.toString("base64"));
    return isFirst ? said(asked) : { as: "silence" };
  });
  const client = new VlmClient({ baseUrl: server.baseUrl, model: STAND_IN_MODEL, timeoutSeconds: 600 });
  const items = [240, 200, 160].map((level) => item(`${level}`, striped(level)));
  const seen: string[] = [];
  for await (const { key, outcome } of decideImages(madeSet(items), { client })) {
    seen.push(`${key} ${outcome}`);
    break;
  }
  // the test ends at all: leaving waits until what is under way has stopped, and the time-out is ten minutes
  assert.deepEqual(seen, ["240 kept"]);
});

test("a verdict of safety is withheld beside its picture, a refusal too, unless it is asked for", () => {
  const base = { message: "", answerId: "x", model: "m", outcome: "answered" } as const;
  const dropped: JudgeVerdict = { ...base, aspect: "safety", verdict: "drop", reasons: ["hate (unsure)"] };
  const refused: JudgeVerdict = {
    ...base,
    aspect: "safety",
    verdict: "none",
    reasons: [],
    outcome: "refused",
  };
  const kept: JudgeVerdict = { ...base, aspect: "safety", verdict: "keep", reasons: [] };
  for (const verdict of [dropped, refused, kept]) assert.equal(verdictText(verdict), "safety: withheld");
  assert.equal(verdictText(dropped, { showSafety: true }), "safety: drop (hate (unsure))");
  assert.equal(verdictText(refused, { showSafety: true }), "safety: no verdict (refused)");
  const blurred: JudgeVerdict = { ...base, aspect: "quality", verdict: "drop", reasons: ["severe_blur"] };
  assert.equal(verdictText(blurred), "quality: drop (severe blur)");
});

test("agreement counts both, one and neither, and has no kappa where nothing was judged", () => {
  const pair = (measures: boolean, judgeDrops: boolean) => ({ measures, judge: judgeDrops });
  const pairs = [
    pair(true, true),
    pair(true, false),
    pair(false, false),
    pair(false, false),
    pair(false, true),
  ];
  const { table, kappa } = agreementOf(pairs);
  assert.deepEqual(table, [
    [2, 1],
    [1, 1],
  ]);
  // observed 3/5; expected (3/5)(3/5) + (2/5)(2/5) = 13/25
  assert.ok(Math.abs(kappa!.kappa - (0.6 - 0.52) / 0.48) < 1e-15);
  assert.equal(agreementOf([]).kappa, undefined);
});

test("a tally counts images and keeps none: its agreement is that of the pairs, and stays as it was given", () => {
  const tally = new FilterTally();
  const decision: FilterDecision = {
    ...{ key: "k", outcome: "kept", stage: undefined, reason: "", message: "", width: 1, height: 1 },
    ...{ measures: undefined, measuredFaults: [], quality: undefined, safety: undefined },
  };
  const verdict = { aspect: "quality", reasons: [], message: "", answerId: "", model: "m" } as const;
  const add = (measures: boolean, said: JudgeVerdict["verdict"]) =>
    tally.add({
      ...decision,
      measuredFaults: measures ? ["blurred"] : [],
      quality: { ...verdict, verdict: said, outcome: "answered" },
    });
  tally.add(decision);
  assert.equal(tally.agreement.kappa, undefined);
  for (const [measures, said] of [
    [true, "drop"],
    [true, "keep"],
    [false, "keep"],
    [false, "drop"],
    [true, "none"],
  ] as const)
    add(measures, said);
  const { agreement } = tally;
  assert.deepEqual(
    agreement,
    agreementOf(
      [true, false].flatMap((measures) => [
        { measures, judge: true },
        { measures, judge: false },
      ]),
    ),
  );
  add(true, "drop");
  assert.deepEqual(agreement.table, [
    [1, 1],
    [1, 1],
  ]);
  assert.equal(tally.images, 7);
  const before = process.memoryUsage().heapUsed;
  const quality = { ...verdict, verdict: "keep", outcome: "answered" } as const;
  const judged = { ...decision, quality };
  for (let i = 0; i < 1_000_000; i++) tally.add(judged);
  // an object for each image would be 40 MB and more
  assert.ok(process.memoryUsage().heapUsed - before < 20e6);
});
