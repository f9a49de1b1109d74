import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { Random } from "gpic-lab/core";
import { openCorpus } from "gpic-lab/corpus";
import { packageFile } from "gpic-lab/io";
import { countText, splitSentences, tagWords, words } from "gpic-lab/text";
import { winkReader } from "../../../lib/text/wink.js";

// what the library does, right and wrong alike: a new version that changes it changes published counts
const SENTENCES: readonly [string, number, string?][] = [
  ["", 0],
  ["  \n ", 0],
  ["Mt. Fuji rises above a lake. Snow covers it.", 2],
  ["A U.S. flag hangs by the door. It is old.", 2],
  ["St. Mary's church stands on a hill.", 1],
  ["A sign reads No. 5 beside the gate.", 1],
  ["The clock shows 7 p.m. on the tower.", 1],
  ["The clock shows 7 p.m. A man waits.", 2],
  ["Dr. Smith vs. Mr. Jones. Both sit.", 2],
  ["J. R. R. Tolkien's house. It is small.", 2],
  ["Apples, pears, etc. stand there. They are ripe.", 2],
  ["A wall 3.5 m high with 1,000 bricks.", 1],
  ["Built in 1999. The wall is red.", 2],
  ["red boat, sea, pebble beach", 1],
  ['A sign reads "Stop." A man stands by it.', 2],
  ["A sign reads “CAFÉ.” A dog waits.", 2],
  ["A cat waits... and jumps.", 1],
  ["A man waits...", 1],
  ["A dog runs! Where? To the sea.", 3],
  ["NOT VISIBLE.", 1],
  ["A red door\nA blue wall", 1, "a line break alone is no boundary"],
  ["A red door\n\nA blue wall", 2, "a blank line is one"],
  ["A cat waits... Then it jumps.", 1, "fault: two"],
  ['He says "Go!" and runs.', 2, "fault: one"],
  ["1. A dog. 2. A cat.", 4, "fault: two"],
  ["A man.A dog.", 2],
  ["東京タワーの夜景。空は暗い。", 1, "fault: two"],
];

for (const [text, expected, note] of SENTENCES)
  test(`${JSON.stringify(text)} has ${expected} sentences${note ? ` (${note})` : ""}`, () => {
    assert.equal(countText(text).sentences, expected);
    assert.equal(splitSentences(text).length, expected);
  });

test("words are what stands between white space, characters are code points", () => {
  const cases: readonly [string, number, number][] = [
    ["", 0, 0],
    [" \t\u00a0\u3000", 0, 4],
    ["red boat, sea, pebble beach", 5, 27],
    [" A well-lit café - 3.5 m.", 6, 25],
    ["🦆🌊 e\u0301\ud83d", 2, 6],
    ["one\u2003two\nthree", 3, 13],
  ];
  for (const [text, wordCount, characters] of cases) {
    const counted = countText(text);
    assert.deepEqual([counted.words, counted.characters], [wordCount, characters], JSON.stringify(text));
  }
});

test("the library is asked only where it could find a boundary: it finds none in the others", async () => {
  const read = winkReader(["sbd"]);
  let checked = 0;
  for await (const record of (await openCorpus("sample")).records()) {
    const { nlp, text } = read(record.caption);
    assert.equal(countText(record.caption).sentences, nlp.readDoc(text).sentences().length(), text);
    checked++;
  }
  assert.ok(checked > 100);
});

test("where boundaries look sure the library is not asked, and would say the same", () => {
  const read = winkReader(["sbd"]);
  const random = new Random("sure boundaries");
  const lines = gunzipSync(
    readFileSync(packageFile("data", "clip", "bpe_simple_vocab_16e6.first-48894.txt.gz")),
  );
  const vocabulary = lines
    .toString()
    .split("\n")
    .map((line) => line.replaceAll(" ", ""))
    .filter((word) => /^[a-z]{3,}<\/w>$/.test(word))
    .map((word) => word.slice(0, -4));
  // abbreviations of four letters and more, which a draw may miss
  const abbreviations = "approx dept prof capt sept mont assoc conn mgmt colo calif kans minn".split(" ");
  const word = () => vocabulary[random.integer(vocabulary.length)]!;
  for (let i = 0; i < 3000; i++) {
    const sentences = Array.from({ length: 1 + random.integer(6) }, (_, j) => {
      const last =
        i < 50 * abbreviations.length && j === 0 ? abbreviations[i % abbreviations.length] : word();
      return `The ${word()}, ${word()} and ${random.integer(9)} ${word()} ${last}.`;
    });
    const text = sentences.join(" ").replaceAll("The", () => (random.next() < 0.5 ? "The" : "Snow"));
    const reader = read(text);
    assert.equal(countText(text).sentences, reader.nlp.readDoc(reader.text).sentences().length(), text);
  }
});

test("hostile texts end: a run of signs, a word without an end", () => {
  for (const text of [
    "'".repeat(100_000),
    "Dogs barking. ".repeat(10_000),
    `A${" aaaa".repeat(20_000)}!`,
    "a-".repeat(50_000),
    `x. ${"a.".repeat(50_000)} X`,
  ])
    assert.ok(countText(text).sentences >= 1);
});

test("words without punctuation, in lower case", () => {
  assert.deepEqual(words("A well-lit café, 3.5 m -- it’s"), ["a", "well-lit", "café", "3", "5", "m", "it’s"]);
  assert.deepEqual(words("…"), []);
});

test("words have a lemma and a part of speech", () => {
  assert.deepEqual(
    tagWords("Two red dogs run.").map(({ word, lemma, pos }) => `${word}/${lemma}/${pos}`),
    ["Two/two/NUM", "red/red/ADJ", "dogs/dog/NOUN", "run/run/VERB"],
  );
});
