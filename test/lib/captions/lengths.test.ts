import assert from "node:assert/strict";
import { test } from "node:test";
import { type Caption, captionLengths, sampleCaptions, wilson } from "gpic-lab/captions";
import { openCorpus } from "gpic-lab/corpus";
import { countClipTokens } from "gpic-lab/text";
import { Histogram } from "../../../lib/captions/histogram.js";

test("a histogram's mean, deviation and quantiles are those of the values", () => {
  const histogram = new Histogram();
  for (const value of [4, 1, 1, 10]) histogram.add(value);
  const { histogram: bars, ...rest } = histogram.distribution();
  // type 7: rank 0.75 lies between 1 and 1, 1.5 between 1 and 4, 2.25 between 4 and 10
  assert.deepEqual(rest, {
    ...{
      count: 4,
      mean: 4,
      sd: Math.sqrt((0 + 9 + 9 + 36) / 3),
      min: 1,
      q25: 1,
      median: 2.5,
      q75: 5.5,
      max: 10,
    },
    ...{ q05: 1, q95: 4 + 6 * (0.95 * 3 - 2) },
  });
  assert.deepEqual(bars, [
    { value: 1, count: 2 },
    { value: 4, count: 1 },
    { value: 10, count: 1 },
  ]);
  assert.ok(Number.isNaN(new Histogram().distribution().median));
});

test("Wilson's interval is the published one, stays in 0..1, and covers its share", () => {
  // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29
  const published: readonly [number, number, number, number][] = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ];
  for (const [count, of, low, high] of published) {
    const { interval } = wilson(count, of);
    // printed to four digits
    assert.ok(
      Math.abs(interval[0] - low) <= 0.00005 && Math.abs(interval[1] - high) <= 0.00005,
      `${interval}`,
    );
  }
  assert.deepEqual(wilson(5, 5).interval[1], 1);
  assert.deepEqual(wilson(0, 0).interval, [0, 1]);
  assert.throws(() => wilson(3, 2), RangeError);
});

test("lengths are by type, in the order of types, and those of the texts", async () => {
  const captions: Caption[] = [
    { caption_type: "long", caption: "A dog runs. It waits." },
    { caption_type: "tag", caption: "red boat, sea" },
    { caption_type: "tag", caption: "sky" },
  ];
  const [tag, long] = await captionLengths(captions);
  assert.deepEqual([tag!.caption_type, tag!.captions, tag!.words.mean, tag!.words.max], ["tag", 2, 2, 3]);
  assert.deepEqual([long!.sentences.median, long!.characters.mean, long!.clip_tokens.mean], [2, 21, 7]);
});

test("a caption is over CLIP's context from 76 tokens on, as start and end take two of 77", async () => {
  const ofTokens = (count: number): Caption => ({ caption_type: "long", caption: "dog ".repeat(count) });
  assert.equal(countClipTokens(ofTokens(75).caption), 75);
  const over = async (count: number) => (await captionLengths([ofTokens(count)]))[0]!.over_context.count;
  assert.deepEqual([await over(75), await over(76)], [0, 1]);
});

test("the sample's captions keep to the lengths that were asked for", async () => {
  const rows = await captionLengths((await openCorpus("sample")).records());
  const row = (type: string) => rows.find(({ caption_type }) => caption_type === type)!;
  assert.deepEqual(
    rows.map(({ caption_type, captions }) => [caption_type, captions]),
    [
      ["tag", 2],
      ["short", 74],
      ["medium", 65],
      ["long", 11],
    ],
  );
  assert.ok(row("short").words.min >= 12 && row("short").words.max <= 25);
  assert.ok(row("medium").words.min >= 25 && row("medium").words.max <= 60);
  assert.equal(row("long").over_context.share, 1);
});

test("a draw is seeded, without repeats, uniform, and all where there are few", async () => {
  const captions = Array.from({ length: 50 }, (_, i): Caption => ({ caption_type: "tag", caption: `${i}` }));
  const drawn = await sampleCaptions(captions, { limit: 10, seed: 3 });
  assert.equal(new Set(drawn.map(({ caption }) => caption)).size, 10);
  assert.deepEqual(await sampleCaptions(captions, { limit: 10, seed: 3 }), drawn);
  assert.deepEqual(await sampleCaptions(captions, { limit: 99 }), captions);
  const counts = new Array<number>(50).fill(0);
  for (let seed = 0; seed < 500; seed++)
    for (const { caption } of await sampleCaptions(captions, { limit: 10, seed })) counts[Number(caption)]!++;
  // 500 draws of 10 in 50: each 100 times, sd sqrt(500 * 0.2 * 0.8) = 8.9; five sd is never left by chance
  assert.ok(Math.min(...counts) > 55 && Math.max(...counts) < 145, `${counts}`);
  await assert.rejects(sampleCaptions(captions, { limit: 0 }), RangeError);
});
