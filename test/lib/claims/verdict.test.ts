import assert from "node:assert/strict";
import { test } from "node:test";
import { type CorpusHandle, type CorpusIdentity, claim, formatNumber, formatValue } from "gpic-lab/claims";

const corpus = (identity: Partial<CorpusIdentity>): CorpusHandle => ({
  identity: { dataset: "gpic", complete: true, ...identity },
});
const train = corpus({ split: "train" });
const nano = corpus({ split: "train", tier: "nano" });
const val = corpus({ split: "val" });
const testSplit = corpus({ split: "test" });
const sample = corpus({ dataset: "sample" });

test("a value measured on the claim's own data and within tolerance is reproduced", () => {
  const verdict = claim("corpus/train-images").compare(100_000_000, { on: train });
  assert.equal(verdict.kind, "reproduced");
  assert.equal(verdict.needs, undefined);
});

test("a value measured on the claim's own data and outside the tolerance is contradicted", () => {
  const verdict = claim("corpus/train-images").compare(99_000_000, { on: train });
  assert.equal(verdict.kind, "contradicted");
  assert.match(verdict.why, /off by -1,000,000 images/);
});

test("a value derived from published numbers is recomputed or contradicted, never reproduced", () => {
  assert.equal(claim("corpus/train-shards").compare(8000, { on: "published numbers" }).kind, "recomputed");
  assert.equal(claim("corpus/train-shards").compare(8001, { on: "published numbers" }).kind, "contradicted");
});

test("on any other data the value is not compared, and the verdict says so", () => {
  for (const on of [
    sample,
    val,
    nano,
    corpus({}),
    corpus({ split: "train", complete: false }),
    corpus({ dataset: "local", split: "train" }),
  ]) {
    const right = claim("corpus/train-images").compare(100_000_000, { on });
    const wrong = claim("corpus/train-images").compare(12, { on });
    assert.equal(right.kind, "machinery only");
    assert.equal(wrong.kind, "machinery only");
    assert.match(wrong.why, /not comparable and was not compared/);
    assert.equal(wrong.needs, "all 8,000 train shards");
  }
});

test("the Full tier is the train split", () => {
  assert.equal(
    claim("corpus/tiers/full/shards").compare(8000, { on: corpus({ split: "train" }) }).kind,
    "reproduced",
  );
  assert.equal(
    claim("corpus/train-shards").compare(8000, { on: corpus({ tier: "full" }) }).kind,
    "reproduced",
  );
  assert.equal(
    claim("corpus/tiers/nano/shards").compare(80, { on: corpus({ tier: "nano" }) }).kind,
    "reproduced",
  );
});

test("a distance of two sets needs both to be the claim's", () => {
  const distance = claim("table2/val/fd");
  assert.equal(distance.compare(2.37, { on: val, against: testSplit }).kind, "reproduced");
  assert.equal(distance.compare(2.5, { on: val, against: testSplit }).kind, "contradicted");
  assert.equal(distance.compare(2.37, { on: val }).kind, "machinery only");
  assert.equal(distance.compare(2.37, { on: val, against: nano }).kind, "machinery only");
  assert.equal(distance.compare(2.37, { on: sample, against: testSplit }).kind, "machinery only");
});

test("each kind of tolerance holds up to its edge and no further", () => {
  const kindOf = (id: string, measured: number): string =>
    claim(id).compare(measured, { on: "published numbers" }).kind;
  assert.equal(claim("corpus/size-tb").tolerance.kind, "rounding");
  assert.equal(kindOf("corpus/size-tb", 12.85), "recomputed");
  assert.equal(kindOf("corpus/size-tb", 12.849), "contradicted");
  assert.equal(claim("table2/val/fd").tolerance.kind, "relative");
  assert.equal(kindOf("table2/val/fd", 2.37 * 1.02), "recomputed");
  assert.equal(kindOf("table2/val/fd", 2.37 * 1.021), "contradicted");
  assert.equal(claim("table2/val/recall").tolerance.kind, "absolute");
  assert.equal(kindOf("table2/val/recall", 0.969), "recomputed");
  assert.equal(kindOf("table2/val/recall", 0.9691), "contradicted");
  assert.equal(claim("source-pool/images").tolerance.kind, "exact");
  assert.equal(kindOf("source-pool/images", 110_569_760), "contradicted");
});

test("lists, texts and yes or no are compared member by member and letter by letter", () => {
  const on = "published numbers";
  assert.equal(
    claim("captions/types/names").compare(["tag", "short", "medium", "long"], { on }).kind,
    "recomputed",
  );
  assert.equal(
    claim("captions/types/names").compare(["tag", "short", "long", "medium"], { on }).kind,
    "contradicted",
  );
  assert.equal(claim("corpus/dataset-license").compare("MIT", { on }).kind, "recomputed");
  assert.equal(claim("source-pool/urls-released").compare(true, { on }).kind, "contradicted");
});

test("a claim that nothing was measured for says what it would need", () => {
  const row = claim("table3/1.75/fd").notRun().toVerdictRow();
  assert.equal(row.kind, "not run");
  assert.equal(row.measured, undefined);
  assert.match(row.needs ?? "", /baseline weights/);
  assert.match(claim("protocol/prdc-k").notRun().why, /silent/);
});

test("a row of a verdict is text with units, ready to be shown", () => {
  const row = claim("source-pool/flickr-share").compare(0.5, { on: sample }).toVerdictRow();
  assert.deepEqual(Object.keys(row), [
    "id",
    "place",
    "statement",
    "kind",
    "claimed",
    "measured",
    "tolerance",
    "why",
    "needs",
  ]);
  assert.equal(row.claimed, "87.7 %");
  assert.equal(row.measured, "50 %");
  assert.equal(row.statement, "87.7 % of the source pool comes from Flickr.");
  for (const text of Object.values(row)) assert.equal(typeof text, "string");
});

test("wrong types, shapes, units and numbers are refused before any data is looked at", () => {
  for (const on of [sample, train, "published numbers"] as const) {
    const images = claim("corpus/train-images");
    assert.throws(() => images.compare("100", { on }), {
      name: "TypeError",
      message: /a number is needed, got string/,
    });
    assert.throws(() => images.compare([1], { on }), { name: "TypeError", message: /got a list of 1/ });
    assert.throws(() => images.compare(Number.NaN, { on }), { name: "RangeError", message: /finite/ });
    assert.throws(() => images.compare(1, { on, unit: "shards" }), {
      message: /the unit is "images", got "shards"/,
    });
    assert.throws(() => claim("table2/val/fd").compare(1, { on, unit: "px" }), { message: /has no unit/ });
    assert.throws(() => claim("dedup/calibration-bins/0").compare([0.75], { on }), {
      message: /a list of 2/,
    });
    assert.throws(() => claim("protocol/prdc-k").compare(5, { on }), {
      name: "TypeError",
      message: /gives no value/,
    });
  }
});

test("something that is no corpus is refused", () => {
  for (const on of [undefined, null, "sample", {}, { identity: { dataset: "gpic" } }])
    assert.throws(() => claim("corpus/train-images").compare(1, { on: on as unknown as CorpusHandle }), {
      name: "TypeError",
      message: /a corpus with an identity or "published numbers"/,
    });
});

test("an unknown id is refused with the nearest ids", () => {
  assert.throws(() => claim("corpus/train-image"), { name: "RangeError", message: /"corpus\/train-images"/ });
  assert.throws(() => claim("__proto__"), { name: "RangeError" });
  assert.throws(() => claim("corpus/dataset-license").number, {
    name: "TypeError",
    message: /a number is needed/,
  });
});

test("a claim cannot be changed", () => {
  assert.throws(() => Object.assign(claim("corpus/train-images"), { value: 1 }), TypeError);
});

test("numbers are written with thousands and units, shares in percent", () => {
  assert.equal(formatNumber(27.97e12), "27,970,000,000,000");
  assert.equal(formatNumber(999), "999");
  assert.equal(formatNumber(-4790.25), "-4,790.25");
  assert.equal(formatNumber(1e-9), "1e-9");
  assert.equal(formatValue(0.0001, "share"), "0.01 %");
  assert.equal(formatValue([12, 25], "words"), "12 to 25 words");
  assert.equal(formatValue(null), "not given");
});
