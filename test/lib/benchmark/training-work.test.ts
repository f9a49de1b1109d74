/** The arithmetic of a training and where a best setting lies: by hand, against counted layers, and what they refuse. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bestSetting,
  H100_MEMORY_BYTES,
  H100_PEAK_OPERATIONS,
  impliedUtilisation,
  parabolas,
  stepIntensity,
  trainingWork,
} from "gpic-lab/benchmark";

const near = (found: number, expected: number, share = 1e-12): void =>
  assert.ok(Math.abs(found / expected - 1) <= share, `${found} is not ${expected}`);
const small = { parameters: 100, images: 10, imagePixels: 8, patchPixels: 4, textTokens: 0 };

test("four patches of a hundred parameters are 2,400 operations, forward and backward", () => {
  const work = trainingWork(small);
  assert.equal(work.tokensPerImage, 4);
  assert.equal(work.operationsPerImage, 6 * 100 * 4);
  assert.equal(work.operations, 24_000);
  assert.equal(work.tokensPerParameter, 0.4);
  assert.deepEqual(work.shares, { parameters: 1, attention: 0, frozen: 0 });
});

test("a layer counted product by product is what the formula says", () => {
  // width W, T tokens, a layer of 12 W^2 parameters: four W x W products and two of W x 4W; scores and their use T^2 W each
  const [W, T, layers] = [8, 4, 3];
  const products = layers * (4 * 2 * T * W * W + 2 * 2 * T * W * 4 * W + 2 * 2 * T * T * W);
  const { operationsPerImage, shares } = trainingWork({
    ...{ ...small, parameters: layers * 12 * W * W },
    attention: { layers, width: W },
  });
  near(operationsPerImage, 3 * products);
  near(shares.parameters + shares.attention + shares.frozen, 1);
});

test("a frozen network costs its forward pass; text that passes the model counts as tokens", () => {
  const frozen = { parameters: 50, tokens: 3 };
  near(trainingWork({ ...small, frozen }).operationsPerImage, 2400 + 2 * 50 * 3);
  near(trainingWork({ ...small, textTokens: 4 }).operationsPerImage, 4800);
});

test("an hour at the peak is a utilisation of 1, and half of the hours need twice as much", () => {
  near(impliedUtilisation(3600 * H100_PEAK_OPERATIONS * 8, { gpus: 8, hours: 1 }), 1);
  near(impliedUtilisation(3600e12, { gpus: 1, hours: 2, peak: 1e12 }), 0.5);
});

test("a step's intensity grows with its batch, and from some batch on an H100 is limited by arithmetic", () => {
  near(stepIntensity(small, 10), 2 * stepIntensity(small, 5));
  const wide = { ...small, imagePixels: 256, patchPixels: 16 };
  const balance = H100_PEAK_OPERATIONS / H100_MEMORY_BYTES;
  assert.ok(stepIntensity(wide, 1) < balance && stepIntensity(wide, 32) > balance);
});

test("numbers below 0, a patch that does not fit, no batch and no hours are named", () => {
  assert.throws(() => trainingWork({ ...small, parameters: -1 }), /numbers of 0 or more/);
  assert.throws(
    () => trainingWork({ ...small, patchPixels: 3 }),
    /a patch that divides the image .* 3 of 8 px/,
  );
  assert.throws(() => stepIntensity(small, 0), /a batch of at least 1/);
  assert.throws(() => impliedUtilisation(1, { gpus: 8, hours: 0 }), /numbers above 0/);
});

const scores = (...values: readonly number[]) => values.map((score, i) => ({ setting: i + 1, score }));

test("a best setting between worse ones is bracketed; the first or the last is not", () => {
  const inner = bestSetting(scores(5, 2, 3));
  assert.deepEqual(inner, {
    best: { setting: 2, score: 2 },
    isBracketed: true,
    between: { low: 1, high: 3 },
  });
  assert.deepEqual(bestSetting(scores(5, 3, 2)).between, { low: 2, high: Number.POSITIVE_INFINITY });
  assert.deepEqual(bestSetting(scores(1, 3, 4)).between, { low: Number.NEGATIVE_INFINITY, high: 2 });
  assert.equal(bestSetting(scores(5, 3, 2).reverse()).isBracketed, false);
});

test("parabolas find the least of what is one, over the setting, its logarithm and its inverse", () => {
  const settings = [1, 2, 5];
  const made = (f: (x: number) => number) => settings.map((setting) => ({ setting, score: f(setting) }));
  const [plain] = parabolas(made((x) => 3 + 2 * (x - 4) ** 2));
  near(plain.least!.setting, 4);
  near(plain.least!.score, 3);
  near(parabolas(made((x) => 3 + Math.log(x / 4) ** 2))[1].least!.setting, 4);
  near(parabolas(made((x) => 3 + (1 / x - 1 / 4) ** 2))[2].least!.setting, 4);
});

test("a hill has no least, and a parabola over the inverse may have it beyond any setting", () => {
  assert.equal(parabolas(scores(1, 2, 1))[0].least, null);
  const beyond = [1, 2, 4].map((setting) => ({ setting, score: (1 / setting + 1) ** 2 }));
  assert.equal(parabolas(beyond)[2].least, null);
});

test("one score, two at one setting, four for a parabola and what is no number are named", () => {
  assert.throws(() => bestSetting(scores(1)), /2 or more finite scores/);
  assert.throws(() => bestSetting([...scores(1), ...scores(2)]), /different settings/);
  assert.throws(() => bestSetting(scores(1, Number.NaN)), /finite scores/);
  assert.throws(() => parabolas(scores(3, 2, 1, 2)), /three settings above 0/);
});
