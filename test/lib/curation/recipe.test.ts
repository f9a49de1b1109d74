import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { claim } from "gpic-lab/claims";
import { curationRecipe, PAPER_RECIPE } from "gpic-lab/curation";
import { packageFile } from "gpic-lab/io";

test("the paper's recipe is what the paper's claims say", () => {
  const number = (id: string) => Number(claim(id).value);
  const images = (split: string) => number(`corpus/${split}-images`);
  const all = images("train") + images("val") + images("test");
  assert.equal(PAPER_RECIPE.val, images("val") / all);
  assert.equal(PAPER_RECIPE.test, images("test") / all);
  assert.equal(PAPER_RECIPE.size.leastLongestSidePixels, number("filtering/min-longest-side-px"));
  const rule = "dedup/full-corpus-rule";
  assert.equal(PAPER_RECIPE.rule.graphThreshold, number(`${rule}/candidate-graph-threshold`));
  assert.equal(PAPER_RECIPE.rule.pairThreshold, number(`${rule}/pair-rule/similarity-above`));
  assert.equal(PAPER_RECIPE.rule.minComponent, number(`${rule}/component-rule/min-size`));
});

test("a recipe changes what it names and leaves the rest, and reads itself back", () => {
  const recipe = curationRecipe({ val: 0, rule: { pairThreshold: 0.95 }, size: { mostAspect: 4 } });
  assert.deepEqual(recipe.rule, { ...PAPER_RECIPE.rule, pairThreshold: 0.95 });
  assert.deepEqual(recipe.size, { ...PAPER_RECIPE.size, mostAspect: 4 });
  assert.deepEqual({ ...recipe, val: 1, rule: 1, size: 1 }, { ...PAPER_RECIPE, val: 1, rule: 1, size: 1 });
  assert.deepEqual(curationRecipe(JSON.parse(JSON.stringify(recipe))), recipe);
  assert.deepEqual(curationRecipe(), PAPER_RECIPE);
  const path = packageFile("data", "sample", "pool", "recipe.json");
  assert.equal(curationRecipe(JSON.parse(readFileSync(path, "utf8"))).review.length, 3);
});

for (const [given, words] of [
  [[], /a JSON object is needed, got \[\]/],
  [null, /a JSON object is needed, got null/],
  [{ vall: 3 }, /fields out of seed, .* are needed, got "vall"/],
  [{ toString: 3 }, /got "toString"/],
  [{ val: 1.5 }, /val is a share below 1 or a whole number, got 1.5/],
  [{ test: -1 }, /test is a share/],
  [{ seed: "" }, /seed is a text/],
  [{ splitThreshold: 0 }, /splitThreshold is a cosine/],
  [{ splitThreshold: "0.9" }, /splitThreshold is a cosine/],
  [{ imagesPerShard: 0 }, /imagesPerShard is a whole number from 1/],
  [{ shards: { dev: 1 } }, /shards is whole numbers from 1 for train, val, test/],
  [{ shards: { val: 0 } }, /shards is whole numbers/],
  [{ tierShards: { nano: 3, lite: 2 } }, /nano is a part of lite, got 3 and 2/],
  [{ size: { mostAspect: "2" } }, /size is bounds above 0/],
  [{ size: { mostAspect: Number.POSITIVE_INFINITY } }, /size is bounds above 0/],
  [{ size: { most: 2 } }, /size is bounds above 0/],
  [{ rule: { chains: "now" } }, /chains is at-once, in-turn, cluster, got now/],
  [{ rule: { pairThreshold: 0.5 } }, /graphThreshold <= pairThreshold/],
  [{ rule: { pairThreshold: "0.95" } }, /rule is choices of the rule by their names, numbers as numbers/],
  [{ rule: { threshold: 0.5 } }, /rule is choices of the rule by their names/],
  [{ order: "size" }, /order is "hash" or "shuffle", got "size"/],
  [{ notVisible: "maybe" }, /notVisible is "drop" or "keep"/],
  [{ review: [{ key: "a" }] }, /review is a list of/],
  [{ review: ["a"] }, /review is a list of/],
  [
    {
      review: [
        { key: "a", reason: "b" },
        { key: "a", reason: "c" },
      ],
    },
    /each image is reviewed once, got "a" twice/,
  ],
] as const)
  test(`a recipe is refused: ${JSON.stringify(given)}`, () => {
    assert.throws(() => curationRecipe(given), words);
  });
