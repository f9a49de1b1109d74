import assert from "node:assert/strict";
import { test } from "node:test";
import { type captionTypes, checkCaptionAnswer, NOT_VISIBLE, notEnglish } from "gpic-lab/captions";
import { openCorpus } from "gpic-lab/corpus";

type Type = (typeof captionTypes)[number];

const SHORT = "A red boat with a bare mast rests on a pebble beach beside a calm sea.";

/** An answer that breaks exactly one thing. */
const FAULTS: readonly (readonly [type: Type, text: string, rules: readonly string[]])[] = [
  ["short", `"${SHORT}"`, ["form"]],
  ["short", `${SHORT}\n`, ["form"]],
  ["short", ` ${SHORT}`, ["form"]],
  ["short", SHORT.replace("red", "red\u202e"), ["form"]],
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
  ])
    assert.ok(notEnglish("short", text) !== undefined, text);
  assert.equal(notEnglish("short", "Bright red boat near cliffs"), undefined);
  assert.equal(
    notEnglish("short", `${SHORT} A sign reads "der die das ein eine und mit auf dem den".`),
    undefined,
  );
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
