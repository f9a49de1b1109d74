/** Chance: small cases by hand, counts that a Python script with scipy's ranks found, calibration under no effect. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chanceOfAgreement,
  exchangeTest,
  exchangeTestOver,
  judgedModels,
  type LeaderboardModel,
  leaderboardDatasets,
} from "gpic-lab/benchmark";
import { Random, ranks } from "gpic-lab/core";
import { modelsOf } from "./made-up-models.js";

const first = ({ fdDinov2 }: LeaderboardModel): number => fdDinov2;
const second = ({ fidRank }: LeaderboardModel): number => fidRank;

test("three models in the people's order: two of six arrangements are as far, the same and the opposite", () => {
  const models = modelsOf([1, 2, 3].map((place) => ({ people: place / 10, fd: -place })));
  const { found, p, arrangements } = chanceOfAgreement(models, first, { seed: 1, draws: 30_000 });
  assert.equal(found, 1);
  assert.equal(arrangements, 30_000);
  // standard error sqrt(1/3 x 2/3 / 30,000) = 0.0027; four of them
  assert.ok(Math.abs(p - 1 / 3) < 0.011, `${p}`);
});

test("two scores that agree in everything differ by nothing, in every arrangement", () => {
  const models = modelsOf([1, 2, 3, 4].map((place) => ({ people: place / 10, fd: place, fidRank: place })));
  assert.deepEqual(exchangeTest(models, { first, second }), { found: 0, p: 1, arrangements: 16 });
});

test("the exact test of four datasets counts what a script with scipy counted", () => {
  const counts = leaderboardDatasets.map((dataset) => {
    const { p, arrangements } = exchangeTest(judgedModels(dataset), { first, second });
    return [dataset, p * arrangements, arrangements];
  });
  assert.deepEqual(counts, [
    ["ImageNet256", 112, 2048],
    ["LSUN-Bedroom", 20, 256],
    ["CIFAR10", 5632, 8192],
    ["FFHQ256", 398, 512],
  ]);
});

test("changing the two scores' places changes the sign and not the chance", () => {
  const models = judgedModels("ImageNet256");
  const one = exchangeTest(models, { first, second });
  const other = exchangeTest(models, { first: second, second: first });
  assert.equal(other.found, -one.found);
  assert.equal(other.p, one.p);
});

test("of one dataset, draws come to the exact share", () => {
  const models = judgedModels("ImageNet256");
  const exact = exchangeTest(models, { first, second });
  const drawn = exchangeTestOver([models], { first, second }, { seed: 2, draws: 20_000 });
  assert.equal(drawn.found, exact.found);
  // standard error sqrt(0.0547 x 0.945 / 20,000) = 0.0016; four of them
  assert.ok(Math.abs(drawn.p - exact.p) < 0.0065, `${drawn.p} for ${exact.p}`);
});

test("where two scores are equally good, one test in twenty finds a difference at 5 %", () => {
  const random = new Random("calibration");
  const tests = 400;
  let rejected = 0;
  for (let i = 0; i < tests; i++) {
    const skill = Array.from({ length: 8 }, () => random.normal());
    const noisy = (): number[] => ranks(skill.map((value) => value + random.normal()));
    const [people, a, b] = [noisy(), noisy(), noisy()];
    const models = modelsOf(
      people.map((rank, k) => ({ people: rank / 10, fd: -(a[k] ?? 0), fidRank: -(b[k] ?? 0) })),
    );
    if (exchangeTest(models, { first, second }).p <= 0.05) rejected++;
  }
  // 20 of 400 expected at the most, standard deviation 4.4; a discrete test rejects less often
  assert.ok(rejected > 2 && rejected < 38, `${rejected} of ${tests}`);
});

test("equal seeds give equal chances, and several datasets are tested by their mean difference", () => {
  const groups = leaderboardDatasets.map(judgedModels);
  const one = exchangeTestOver(groups, { first, second }, { seed: "a", draws: 2000 });
  assert.deepEqual(one, exchangeTestOver(groups, { first, second }, { seed: "a", draws: 2000 }));
  const mean = groups.reduce(
    (sum, models) => sum + exchangeTest(models, { first, second }).found / groups.length,
    0,
  );
  assert.ok(Math.abs(one.found - mean) < 1e-15);
});

test("no group, too many models to enumerate, and no draws are named", () => {
  const many = modelsOf(Array.from({ length: 17 }, (_, i) => ({ people: i / 20, fd: i, fidRank: i })));
  assert.throws(() => exchangeTest(many, { first, second }), /2 to 16 models are needed, got 17/);
  assert.throws(() => exchangeTestOver([], { first, second }, { seed: 1 }), /a group of models is needed/);
  assert.throws(
    () => chanceOfAgreement(many, first, { seed: 1, draws: 0 }),
    /RangeError: Cannot shuffle: draws are a positive integer, got 0/,
  );
});
