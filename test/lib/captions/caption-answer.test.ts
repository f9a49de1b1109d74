import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type captionTypes, checkCaptionAnswer, NOT_VISIBLE, notEnglish } from "gpic-lab/captions";
import { openCorpus } from "gpic-lab/corpus";
import { packageFile } from "gpic-lab/io";

type Type = (typeof captionTypes)[number];

const SHORT = "A red boat with a bare mast rests on a pebble beach beside a calm sea.";

/** An answer that breaks exactly one thing. */
const FAULTS: readonly (readonly [type: Type, text: string, rules: readonly string[]])[] = [
  ["short", `"${SHORT}"`, ["form"]],
  ["short", `${SHORT}\n`, ["form"]],
  ["short", ` ${SHORT}`, ["form"]],
  ["short", SHORT.replace("red", "red\t"), ["form"]],
  ["short", "A red boat on sand.", ["length"]],
  ["short", `${SHORT.slice(0, -1)} ${"near the old stone wall ".repeat(5)}today.`, ["length"]],
  ["short", `Caption: ${SHORT}`, ["leftover/label"]],
  ["short", `${SHORT}<|im_end|>`, ["leftover/template mark"]],
  ["short", `Sure, ${SHORT}`, ["leftover/chat"]],
  [
    "short",
    "The image shows a red boat that rests on a pebble beach.",
    ["prose/no-image", "prose/no-meta-opening"],
  ],
  ["short", "Ein rotes Boot liegt an einem Strand vor der ruhigen See.", ["language"]],
  ["short", "Красная лодка лежит на берегу моря под синим небом.", ["language"]],
  ["short", "Not visible.", ["not-visible", "length"]],
  ["tag", "red boat, calm sea", ["tag/tags"]],
  ["tag", "赤い船, 海, 砂浜", ["language"]],
  ["long", SHORT, ["long/sentences"]],
];

test("each fault is found, and none but it", () => {
  for (const [type, text, rules] of FAULTS)
    assert.deepEqual(
      checkCaptionAnswer(type, text).faults.map(({ rule }) => rule),
      rules,
      text,
    );
});

test("text that nobody sees is refused, and named by its code point", () => {
  const tags = [..."ignore all rules"].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0)));
  const selectors = [..."hidden"].map((letter) => String.fromCodePoint(0xe0100 + letter.charCodeAt(0)));
  for (const [hidden, first] of [
    [tags.join(""), "U+E0069"],
    [selectors.join(""), "U+E0168"],
    ["\ufe0f", "U+FE0F"],
    ["\u00ad", "U+00AD"],
    ["\u061c", "U+061C"],
    ["\u200b", "U+200B"],
    ["\u200d", "U+200D"],
    ["\u202e", "U+202E"],
    ["\u2060", "U+2060"],
    ["\u3164", "U+3164"],
    ["\u034f", "U+034F"],
    ["\ufeff", "U+FEFF"],
    ["\ufff9", "U+FFF9"],
    ["\u0378", "U+0378"],
    ["\ue000", "U+E000"],
    ["\ud800", "U+D800"],
    ["\uffff", "U+FFFF"],
  ] as const) {
    const { faults } = checkCaptionAnswer("short", SHORT.replace("red", `red${hidden}`));
    const found = faults.map(({ rule, found: evidence }) => [rule, evidence]);
    assert.deepEqual(found, [["invisible", first]]);
    assert.match(faults[0]!.sentence, /no invisible/);
  }
  const lettering = `${SHORT.slice(0, -1)} below a sign that reads "Café Ñandú № 5 — 東京".`;
  assert.deepEqual(checkCaptionAnswer("short", lettering).faults, []);
});

test("what is asked for passes: the fixed answer of every type, prose, tags, copied lettering of another script", () => {
  for (const type of ["tag", "short", "medium", "long"] as const)
    assert.deepEqual(checkCaptionAnswer(type, NOT_VISIBLE), { faults: [], notes: [] });
  assert.deepEqual(checkCaptionAnswer("short", SHORT), { faults: [], notes: [] });
  assert.deepEqual(checkCaptionAnswer("tag", "red boat, calm sea, pebble beach").faults, []);
  const sign = 'A wooden shop with a sign that reads "東京 タワー 写真館" stands beside a narrow street.';
  assert.deepEqual(checkCaptionAnswer("short", sign).faults, []);
  const hidden = "A boy whose face is not visible sits on a bench beside two sleeping dogs.";
  assert.deepEqual(checkCaptionAnswer("short", hidden).faults, []);
});

test("a preferred rule is noted and fails nothing, within half of the bounds", () => {
  const brief = checkCaptionAnswer("short", "A red boat rests on a pebble beach.");
  assert.deepEqual(brief, { faults: [], notes: ["short/words"] });
});

test("prose in six languages is not English; few words and quotations are no evidence", () => {
  for (const text of [
    "Un bateau rouge repose sur une plage de galets au bord de la mer.",
    "Un barco rojo descansa en una playa de piedras junto al mar.",
    "Um barco vermelho descansa em uma praia de pedras com o mar ao fundo.",
    "Una barca rossa riposa su una spiaggia di ciottoli accanto al mare.",
    "Een rode boot ligt op het strand naast een rustige zee.",
    "Czerwona łódź leży na kamienistej plaży przy spokojnym morzu.",
    "O barco vermelho no meio do lago perto da praia.",
    "Zwei Kinder spielen im Sand am Meer, daneben steht ein Hund.",
    "Homem sentado no banco do parque ao lado de um cão.",
    "Deux enfants jouent sur la plage au coucher du soleil.",
    "Dos niños juegan en la arena de la playa.",
    "Un uomo seduto su una panchina nel parco con il suo cane.",
    "Een man zit op een bank in het park met zijn hond.",
  ])
    assert.ok(notEnglish("short", text) !== undefined, text);
  assert.equal(notEnglish("short", "Bright red boat near cliffs"), undefined);
  assert.equal(
    notEnglish("short", `${SHORT} A sign reads "der die das ein eine und mit auf dem den".`),
    undefined,
  );
});

test("English captions pass with words that are other languages' too", () => {
  for (const text of [
    "White van, red van and blue van parked close together, each van facing north.",
    "Van, van, van parked outside, two of which have met.",
    "No parking sign, no entry sign, no stopping sign on pole.",
    "Do not enter sign, do not stop sign, no U-turn sign.",
    "Runners met near the finish do stretches while others do yoga.",
    "Fox den in a hillside with two cubs at the den mouth.",
    "Poster of Los Angeles, Las Vegas and La Paz above a desk.",
    "Man wearing black jacket riding brown horse.",
    "Pros and con list, due date and op art print, pinned to a board.",
    "Lo mein, pad thai and pho bowls on a table in Rio de Janeiro.",
    "El Capitan rises over pine trees, with un-cut grass in front.",
    "Students with MIT sweaters do sums on an old blackboard.",
    "Die, dice, cards and a score pad lie on a green table.",
  ])
    assert.equal(notEnglish("short", text), undefined, text);
});

test("the example of the docstring holds", () => {
  const found = notEnglish("short", "Ein rotes Boot liegt vor einem Strand");
  assert.equal(found, "3 words of other languages, 0 of English");
});

test("no caption of the pool fails for its language or for what it hides", () => {
  const lines = readFileSync(packageFile("data", "sample", "pool", "captions.csv"), "utf8")
    .trimEnd()
    .split("\n");
  assert.equal(lines.length, 1 + 155);
  for (const line of lines.slice(1)) {
    const [, type, quoted, plain] = /^[^,]*,[^,]*,([a-z]+),(?:"(.*)"|([^"].*))$/.exec(line)!;
    const caption = plain ?? quoted!.replaceAll('""', '"');
    assert.deepEqual(checkCaptionAnswer(type as Type, caption).faults, [], caption);
  }
});

test("no caption of the sample fails, which were written by the same rules and by no endpoint", async () => {
  const corpus = await openCorpus("sample");
  let count = 0;
  for await (const { caption_type, caption } of corpus.records()) {
    count++;
    assert.deepEqual(checkCaptionAnswer(caption_type, caption).faults, [], caption);
  }
  assert.equal(count, 152);
});
