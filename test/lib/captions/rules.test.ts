import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bannedWords,
  type Caption,
  captionRules,
  captionTypes,
  checkCaption,
  NOT_VISIBLE,
  requestedProse,
  requestedTag,
  ruleShares,
} from "gpic-lab/captions";
import { claim } from "gpic-lab/claims";
import { openCorpus } from "gpic-lab/corpus";

type Type = (typeof captionTypes)[number];

const TAG = "red boat, calm sea, pebble beach";
const SHORT = "A red boat with a bare mast rests on a pebble beach beside a calm sea.";
const MEDIUM =
  "A red boat with a bare mast rests on a pebble beach beside a calm blue sea. Two people in coats stand outdoors " +
  "to the left of it.";
const LONG =
  "A red boat rests on a beach. Its mast is bare. Two people stand left of it. Behind them lies a calm sea. The sky " +
  "is gray.";

/** One caption for each rule that breaks it, what is found, and a near miss that does not. */
const CASES: readonly (readonly [
  rule: string,
  type: Type,
  breaks: string,
  found: string,
  nearMiss: string,
])[] = [
  ["not-visible", "tag", "Not visible", "Not visible", NOT_VISIBLE],
  [
    "not-visible",
    "short",
    `${SHORT} NOT VISIBLE.`,
    "NOT VISIBLE.",
    SHORT.replace("boat", "boat, its rope not visible,"),
  ],
  ["tag/one-line", "tag", "red boat, calm sea,\npebble beach", "", `${TAG}\n`],
  ["tag/tags", "tag", "red boat, sea", "2 tags", "red boat, sea, beach"],
  ["tag/tags", "tag", "a1, b, c, d, e, f, g, h, i", "9 tags", "b, c, d, e, f, g, h, i"],
  [
    "tag/words-per-tag",
    "tag",
    "old red wooden boat, sea, beach",
    "old red wooden boat",
    "old wooden boat, sea, beach",
  ],
  ["tag/commas-only", "tag", `${TAG}.`, ".", "red-brown boat, fisherman's hut, beach"],
  ["tag/commas-only", "tag", "red boat, sea,, beach", ",,", TAG],
  ["tag/commas-only", "tag", "red boat; sea, beach, sky", ";", TAG],
  ["tag/lower-case", "tag", "red boat, North Sea, beach", "North", TAG],
  ["tag/no-articles", "tag", "a boat, sea, beach", "a", "a-frame house, sea, beach"],
  ["tag/no-connecting-words", "tag", "boat on beach, sea, sky", "on", "onions, sea, andean beach"],
  ["tag/no-numbers", "tag", "two boats, sea, beach", "two", "boats, network, oneself"],
  ["tag/no-numbers", "tag", "boat 7, sea, beach", "7", TAG],
  [
    "short/sentences",
    "short",
    "A boat rests. A man waits. The sea is calm and wide and blue today.",
    "3 sentences",
    SHORT,
  ],
  [
    "short/sentences-usually",
    "short",
    "A red boat rests on a beach. A man in a coat waits beside it.",
    "2 sentences",
    SHORT,
  ],
  ["short/words", "short", "A red boat rests on a beach.", "7 words", SHORT],
  [
    "short/words",
    "short",
    `${SHORT.slice(0, -1)} under a gray sky with two people standing near its bow.`,
    "27 words",
    SHORT,
  ],
  ["medium/sentences", "medium", MEDIUM.replace(". Two", " and two"), "1 sentences", MEDIUM],
  ["medium/sentences-usually", "medium", `${MEDIUM} The sky is gray.`, "3 sentences", MEDIUM],
  ["medium/words", "medium", "A red boat rests on a beach. The sea is calm.", "11 words", MEDIUM],
  ["long/sentences", "long", MEDIUM, "2 sentences", LONG],
  ["prose/no-photo", "short", SHORT.replace("boat", "photo"), "photo", SHORT.replace("boat", "photographer")],
  ["prose/no-photo", "long", `${LONG} It is an old Photo.`, "Photo", `${LONG} A sign reads "PHOTO 1".`],
  [
    "prose/no-image",
    "medium",
    MEDIUM.replace("coats", "images"),
    "images",
    MEDIUM.replace("coats", "imagery"),
  ],
  [
    "prose/no-picture",
    "short",
    SHORT.replace("mast", "picture"),
    "picture",
    SHORT.replace("bare mast", "picturesque mast"),
  ],
  [
    "prose/no-foreground",
    "long",
    LONG.replace("beach.", "beach in the foreground."),
    "foreground",
    LONG.replace("beach.", "beach in front."),
  ],
  [
    "prose/no-meta-opening",
    "short",
    `The image shows ${SHORT.slice(2)}`,
    "The image shows",
    `The ${SHORT.slice(2)}`,
  ],
  ["prose/no-meta-opening", "short", `This is a ${SHORT.slice(2)}`, "This is", `This ${SHORT.slice(2)}`],
  [
    "prose/no-meta-opening",
    "medium",
    `A close-up photo of ${MEDIUM.slice(2)}`,
    "A close-up photo of",
    MEDIUM,
  ],
  [
    "prose/no-meta-opening",
    "long",
    `In this scene, ${LONG.slice(2)}`,
    "In this scene",
    `In this harbor, ${LONG.slice(2)}`,
  ],
  ["prose/no-lists", "short", `- ${SHORT}`, "- A", SHORT.replace("red boat", "red - or orange - boat")],
  ["prose/no-lists", "medium", "1. A red boat.\n2. A sea.", "1. A", MEDIUM.replace("Two", "2")],
  ["prose/no-headings", "short", `# Boat\n${SHORT}`, "# B", SHORT.replace("boat", "#1 boat")],
  ["prose/no-headings", "long", `Caption:\n${LONG}`, "Caption:", LONG.replace("A red", "Evening: a red")],
  ["prose/no-json", "short", `{"caption": "${SHORT}"}`, `{"`, SHORT.replace("boat", 'boat "Ada"')],
  ["prose/no-markdown", "short", SHORT.replace("red", "**red**"), "**r", SHORT.replace("red", "5* red")],
];

for (const [rule, type, breaks, found, nearMiss] of CASES)
  test(`${rule} is broken by ${JSON.stringify(breaks.slice(0, 60))}, not by its near miss`, () => {
    const broken = checkCaption(type, breaks).find((one) => one.rule === rule);
    assert.ok(broken, `${rule}: ${JSON.stringify(checkCaption(type, breaks))}`);
    assert.equal(broken.found, found);
    if (!/^\d+ (?:tags|words|sentences)$/.test(found))
      assert.equal(breaks.slice(broken.at).trimStart().slice(0, found.length), found);
    assert.deepEqual(
      checkCaption(type, nearMiss).filter((one) => one.rule === rule),
      [],
    );
  });

test("every rule has a case that breaks it, and the sound captions break none", () => {
  const tested = new Set(CASES.map(([rule]) => rule));
  assert.deepEqual(
    captionRules.filter(({ id }) => !tested.has(id)).map(({ id }) => id),
    [],
  );
  for (const [type, text] of [
    ["tag", TAG],
    ["short", SHORT],
    ["medium", MEDIUM],
    ["long", LONG],
  ] as const)
    assert.deepEqual(checkCaption(type, text), [], type);
});

test("the fixed answer breaks no rule of any type, and an unknown type is an error", () => {
  for (const type of captionTypes) assert.deepEqual(checkCaption(type, NOT_VISIBLE), []);
  assert.throws(() => checkCaption("constructor" as "tag", ""), RangeError);
});

test("the rules' numbers and words are those of the claims", () => {
  const value = (id: string) => claim(`captions/${id}`).value;
  const asked = (name: string) => value(`requested-length/${name}`);
  assert.deepEqual(asked("tag/tags"), requestedTag.tags);
  assert.deepEqual(asked("tag/words-per-tag"), requestedTag.wordsPerTag);
  for (const type of ["short", "medium"] as const) {
    assert.deepEqual(asked(`${type}/sentences`), requestedProse[type].sentences);
    assert.deepEqual(asked(`${type}/sentences-default`), requestedProse[type].usually);
    assert.deepEqual(asked(`${type}/words`), requestedProse[type].words);
  }
  assert.deepEqual(asked("long/sentences"), requestedProse.long.sentences);
  for (const type of ["short", "medium", "long"] as const)
    assert.deepEqual(value(`banned-words/${type}`), bannedWords[type]);
  assert.equal(value("not-visible-output"), NOT_VISIBLE);
});

test("people who followed the rules broke none of them: the sample's captions", async () => {
  const corpus = await openCorpus("sample");
  const { rules, types } = await ruleShares(corpus.records());
  assert.deepEqual(
    rules.filter(({ count }) => count > 0).map(({ rule, examples }) => `${rule}: ${examples[0]?.caption}`),
    [],
  );
  assert.equal(
    types.reduce((sum, { captions }) => sum + captions, 0),
    152,
  );
});

test("shares, intervals and examples are of the captions given; the fixed answer is set apart", async () => {
  const captions: Caption[] = [
    { caption_type: "tag", caption: NOT_VISIBLE },
    ...Array.from({ length: 8 }, (_, i): Caption => ({ caption_type: "tag", caption: `${TAG}, boat ${i}` })),
    { caption_type: "tag", caption: TAG },
    { caption_type: "tag", caption: `${TAG}, Sea` },
  ];
  const report = await ruleShares(captions, { examples: 2, seed: 5 });
  const share = (rule: string) => report.rules.find((row) => row.rule === rule)!;
  assert.deepEqual([share("tag/no-numbers").count, share("tag/no-numbers").total], [8, 10]);
  assert.equal(share("tag/no-numbers").examples.length, 2);
  assert.equal(share("tag/lower-case").examples[0]!.found, "Sea");
  assert.equal(share("tag/one-line").count, 0);
  const [type] = report.types;
  assert.deepEqual(
    [type!.captions, type!.not_visible.count, type!.obeys_required.count, type!.obeys_all.count],
    [11, 1, 9, 1],
  );
  assert.deepEqual(await ruleShares(captions, { examples: 2, seed: 5 }), report);
});

test("hostile captions are checked in time", () => {
  const texts = [
    "[".repeat(1e5),
    "{ ".repeat(5e4),
    '"a'.repeat(5e4),
    "* ".repeat(5e4),
    "a, ".repeat(3e4),
    "| |".repeat(3e4),
  ];
  texts.push(
    "not visible ".repeat(1e4),
    "`".repeat(1e5),
    " ".repeat(1e5),
    "\n".repeat(1e5),
    "“".repeat(1e5),
    "word ".repeat(2e4),
  );
  for (const type of captionTypes) for (const text of texts) checkCaption(type, text);
});
