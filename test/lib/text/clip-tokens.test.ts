import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { packageFile } from "gpic-lab/io";
import { CLIP_CONTEXT, clipTokens, countClipTokens, fixText, mayBeMisread } from "gpic-lab/text";
import { mergeTokens } from "../../../lib/text/clip-merge.js";
import { clipVocabulary } from "../../../lib/text/clip-vocabulary.js";

interface Case {
  readonly text: string;
  readonly ids: readonly number[];
  readonly ids_without_ftfy?: readonly number[];
  readonly ids_without_repair?: readonly number[];
}

function golden(name: string): readonly Case[] {
  return JSON.parse(readFileSync(packageFile("test", "golden", "clip-tokens", name), "utf8")).cases;
}

test("a text has the tokens of its words, and an empty one has none", () => {
  assert.deepEqual(clipTokens("a red bicycle"), [320, 736, 11652]);
  assert.deepEqual(clipTokens("  \n"), []);
  assert.equal(countClipTokens(""), 0);
  assert.equal(CLIP_CONTEXT, 77);
});

test("case, white space, curly quotes and closed references do not change the tokens", () => {
  const plain = clipTokens(`a "red" dog & cat`);
  assert.deepEqual(clipTokens("\u00a0A  \u201cRED\u201d\r\ndog &amp; cat\u0007"), plain);
});

test("all thirty reference texts have the reference's ids, but for one whose bytes were misread", () => {
  const cases = golden("expected.json");
  assert.equal(cases.length, 30);
  const different = cases.filter((c) => clipTokens(c.text).join() !== c.ids.join());
  assert.deepEqual(
    different.map((c) => c.text.slice(0, 9)),
    ["mojibake:"],
  );
  assert.deepEqual(clipTokens(different[0]!.text), different[0]!.ids_without_ftfy);
  assert.ok(mayBeMisread(different[0]!.text));
});

test("four hundred drawn texts have the reference's ids, repair of misread bytes apart", () => {
  const cases = golden("fuzz.json");
  assert.ok(cases.length > 350, `${cases.length}`);
  for (const { text, ids, ids_without_repair } of cases) {
    assert.deepEqual(clipTokens(text), ids_without_repair ?? ids, JSON.stringify(text));
    assert.equal(countClipTokens(text), (ids_without_repair ?? ids).length, JSON.stringify(text));
  }
});

test("texts that the reference repairs are told as a rule, and sound ones are not", () => {
  const repaired = golden("fuzz.json").filter((c) => c.ids_without_repair !== undefined);
  const told = repaired.filter((c) => mayBeMisread(c.text));
  assert.ok(
    repaired.length >= 12 && told.length >= 0.7 * repaired.length,
    `${told.length}/${repaired.length}`,
  );
  for (const sound of ["Café in Zürich, naïve façade", "a “quoted” sign — it’s 5 €", "東京タワー", "ÉCOLE"])
    assert.equal(mayBeMisread(sound), false, sound);
});

test("a line that is repaired once is not changed again", () => {
  // a "<" before a new line decides what is unescaped after it, so this holds for single lines only
  const lines = golden("fuzz.json").filter(({ text }) => !/[\r\n\u0085\u2028\u2029]|&#/.test(text));
  assert.ok(lines.length > 100);
  for (const { text } of lines) assert.equal(fixText(fixText(text)), fixText(text));
});

test("long words are joined as short ones are", () => {
  const vocabulary = clipVocabulary();
  const random = new Random("long words");
  for (let i = 0; i < 500; i++) {
    // few letters make many overlaps
    const letters = i % 2 === 0 ? 3 : 26;
    const bytes = Array.from(
      { length: 1 + random.integer(80) },
      () => vocabulary.byteIds[97 + random.integer(letters)]!,
    );
    bytes[bytes.length - 1]! += 256;
    const long = mergeTokens(Uint16Array.from(bytes), vocabulary, 0);
    assert.deepEqual(long, mergeTokens(Uint16Array.from(bytes), vocabulary, Number.POSITIVE_INFINITY));
  }
});

test("a megabyte of one word ends", () => {
  assert.equal(countClipTokens("a".repeat(1 << 20)), (1 << 17) + 1);
});

test("the vocabulary is the one whose SHA-256 data/README.md names", () => {
  const file = readFileSync(packageFile("data", "clip", "bpe_simple_vocab_16e6.first-48894.txt.gz"));
  const sha256 = createHash("sha256").update(file).digest("hex");
  assert.ok(readFileSync(packageFile("data", "README.md"), "utf8").includes(sha256), sha256);
});
