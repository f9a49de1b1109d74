import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Caption,
  captionOpenings,
  captionWords,
  FrequentCounter,
  findLeftovers,
  leftoverShares,
  nearCopies,
  otherScriptShares,
  otherScripts,
  repeatedCaptions,
  vocabularyGrowth,
} from "gpic-lab/captions";
import { Random } from "gpic-lab/core";
import { openCorpus } from "gpic-lab/corpus";

const short = (caption: string): Caption => ({ caption_type: "short", caption });

test("a counter with places enough is exact; with few, counts are too low by at most its error", () => {
  const random = new Random("frequent");
  // few frequent things among many rare ones
  const things = Array.from({ length: 20_000 }, () =>
    random.next() < 0.3 ? `often ${random.integer(3)}` : `rare ${random.integer(10_000)}`,
  );
  const exact = new FrequentCounter();
  const tight = new FrequentCounter(100);
  for (const thing of things) {
    exact.add(thing);
    tight.add(thing);
  }
  const truth = exact.top(3);
  assert.equal(truth.error, 0);
  assert.equal(truth.distinct, new Set(things).size);
  const { top, error, distinct, total } = tight.top(3);
  assert.equal(total, things.length);
  assert.equal(distinct, undefined);
  assert.ok(error > 0 && error <= things.length / 50, `${error}`);
  for (const { text, count } of truth.top) {
    const found = top.find((one) => one.text === text)!;
    assert.ok(found.count <= count && found.count >= count - error, `${text}: ${found.count} of ${count}`);
  }
});

test("openings are the first words, by type, without case and punctuation", async () => {
  const captions = [
    short("A red boat."),
    short('a "red" dog'),
    short("Snow"),
    { ...short("a b"), caption_type: "tag" as const },
  ];
  const [tag, prose] = await captionOpenings(captions);
  assert.deepEqual([tag!.caption_type, tag!.total], ["tag", 1]);
  assert.deepEqual(prose!.top, [
    { text: "a red", count: 2, share: 2 / 3 },
    { text: "snow", count: 1, share: 1 / 3 },
  ]);
  await assert.rejects(captionOpenings(captions, { words: 4 as 3 }), RangeError);
});

test("nouns, adjectives and colours are counted by lemma", async () => {
  const { nouns, adjectives, colours } = await captionWords([
    short("Two small dogs run along a grey beach."),
    short("A gray dog sits on the small red boat."),
  ]);
  const counts = ({ top }: typeof nouns) => Object.fromEntries(top.map(({ text, count }) => [text, count]));
  assert.equal(counts(nouns).dog, 2);
  // the second "small" is taken for an adverb: the model is not always right
  assert.deepEqual(counts(adjectives), { gray: 2, red: 1, small: 1 });
  assert.deepEqual(counts(colours), { gray: 2, red: 1 });
});

test("words drawn from Zipf's law grow by Heaps' law with the exponent that follows", async () => {
  // P(rank r) ~ r^-a gives V ~ n^(1/a); a = 2 gives 0.5
  const random = new Random("zipf");
  const word = () =>
    `w${Math.floor(1 / (1 - random.next()))}`.replace(/\d/g, (digit) => "abcdefghij"[Number(digit)]!);
  const captions = Array.from({ length: 4000 }, () => short(Array.from({ length: 25 }, word).join(" ")));
  const growth = await vocabularyGrowth(captions, { seed: 1 });
  const [low, high] = growth.betaInterval;
  assert.equal(growth.words, 100_000);
  // the law is asymptotic: small n bends the curve by a few percent
  assert.ok(Math.abs(growth.beta - 0.5) < 0.03, `${growth.beta}`);
  assert.ok(low < growth.beta && growth.beta < high && high - low < 0.1, `${low} ${high}`);
  assert.ok(growth.rSquared > 0.99 && growth.largestResidual < 0.2);
  assert.equal(growth.points.at(-1)!.distinct, growth.distinct);
  assert.deepEqual(await vocabularyGrowth(captions, { seed: 1 }), growth);
  await assert.rejects(vocabularyGrowth([short("a few words")]), RangeError);
});

test("a vocabulary of ten words stops growing, and the residuals show that the law does not hold", async () => {
  const random = new Random("closed");
  const captions = Array.from({ length: 500 }, () =>
    short(Array.from({ length: 20 }, () => "abcdefghijklmnopqrst"[random.integer(20)]).join(" ")),
  );
  const growth = await vocabularyGrowth(captions);
  assert.equal(growth.distinct, 20);
  assert.ok(growth.beta < 0.05, `${growth.beta}`);
});

test("repeats are found whatever their case and punctuation, and what found no place is told", async () => {
  const captions = ["A dog.", "a dog", "A cat.", "A DOG!", "a bird", "a cow"].map(short);
  assert.deepEqual(await repeatedCaptions(captions), {
    ...{ captions: 6, distinct: 4, repeats: 2, unseen: 0 },
    top: [{ caption: "a dog", count: 3 }],
  });
  const tight = await repeatedCaptions(captions, { places: 2 });
  assert.deepEqual([tight.distinct, tight.repeats, tight.unseen], [2, 2, 2]);
});

test("near copies are the pairs that brute force finds, each once", async () => {
  const random = new Random("near");
  const word = () => `w${random.integer(300)}`;
  const texts: string[] = [];
  for (let i = 0; i < 120; i++) {
    const original = Array.from({ length: 30 }, word);
    texts.push(original.join(" "));
    // a copy with one or two words exchanged: similarity 25/31 or more and 22/34 or more
    const copy = [...original];
    for (let k = 0; k <= i % 2; k++) copy[random.integer(copy.length)] = "changed";
    texts.push(copy.join(" "));
  }
  const runs = texts.map((text) => {
    const list = text.split(" ");
    return new Set(list.slice(2).map((_, i) => list.slice(i, i + 3).join(" ")));
  });
  let pairs = 0;
  for (let i = 0; i < runs.length; i++)
    for (let j = 0; j < i; j++) {
      const common = [...runs[i]!].filter((run) => runs[j]!.has(run)).length;
      if (common / (runs[i]!.size + runs[j]!.size - common) >= 0.6) pairs++;
    }
  const found = await nearCopies(texts.map(short), { threshold: 0.6, top: 500 });
  assert.ok(pairs >= 100, `${pairs}`);
  // a pair at 0.6 is missed with probability 0.06, one at 0.8 with 10^-5
  assert.ok(found.pairs <= pairs && found.pairs >= 0.95 * pairs, `${found.pairs} of ${pairs}`);
  assert.equal(new Set(found.top.map(({ first, second }) => `${first}|${second}`)).size, found.pairs);
  assert.equal(found.skipped, 0);
  assert.ok(Math.abs(found.found_at_threshold - (1 - (1 - 0.6 ** 4) ** 20)) < 1e-12);
  await assert.rejects(nearCopies([], { threshold: 0 }), RangeError);
});

test("letters of other scripts are told by script; signs, digits and accents are not foreign", () => {
  assert.deepEqual(otherScripts("A sign reads 東京 タワー, Ω and ⵣ"), ["Greek", "Han", "Katakana", "other"]);
  for (const latin of ["Café 3.5 € “ok” 🦆 ª º µ", "", "naïve Þór ŋ"])
    assert.deepEqual(otherScripts(latin), [], latin);
});

test("shares of other scripts are by type", async () => {
  const [row] = await otherScriptShares([short("東京"), short("dog"), short("a Русский sign 東")]);
  assert.deepEqual([row!.count, row!.total, row!.scripts], [2, 3, { Cyrillic: 1, Han: 2 }]);
});

test("each kind of leftover is found, and look-alikes are not", async () => {
  const cases: readonly [string, string, string][] = [
    ["chat", "Sure, here is a caption: a dog", "Sure-footed goats climb a rock."],
    ["heading", "## Caption\nA dog", "A dog with tag #2 runs."],
    ["html", "A <b>dog</b> runs", "A dog < 3 years runs & jumps."],
    ["json", '{"caption": "a dog"}', 'A {curly} sign reads "dog".'],
    ["label", "Short caption: a dog", "A caption board shows a dog."],
    ["list", "* a dog\n* a cat", "A dog * a cat"],
    ["markdown", "A **red** dog", "A 5 * 3 * 2 box"],
    ["meta phrase", "Dogs run. The image shows two", "A screen shows an image of a dog."],
    ["not visible", "A dog. NOT VISIBLE.", "NOT VISIBLE."],
    ["template mark", "A dog<|im_end|>", "A dog | a cat"],
  ];
  for (const [kind, leftover, lookAlike] of cases) {
    assert.ok(
      findLeftovers(leftover).some((one) => one.kind === kind),
      `${kind}: ${leftover}`,
    );
    assert.deepEqual(findLeftovers(lookAlike), [], lookAlike);
  }
  const shares = await leftoverShares([short("Caption: a dog"), short("A dog")]);
  const label = shares.find(({ kind }) => kind === "label")!;
  assert.deepEqual([label.count, label.total, shares.length], [1, 2, cases.length]);
});

test("the sample's captions have no leftovers, no repeats, no near copies and no foreign letters", async () => {
  const corpus = await openCorpus("sample");
  const captions: Caption[] = [];
  for await (const record of corpus.records()) captions.push(record);
  assert.deepEqual(
    (await leftoverShares(captions)).filter(({ count }) => count > 0),
    [],
  );
  assert.equal((await repeatedCaptions(captions)).repeats, 0);
  assert.equal((await nearCopies(captions)).pairs, 0);
  assert.deepEqual(
    (await otherScriptShares(captions)).filter(({ count }) => count > 0),
    [],
  );
});
