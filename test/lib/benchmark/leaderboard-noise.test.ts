/** Errors of a table: none leave it alone, misreadings exchange neighbours, rates scatter as widely as was asked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  agreementUnderErrors,
  agreementWithPeople,
  judgedModels,
  type LeaderboardModel,
  tableWithErrors,
} from "gpic-lab/benchmark";
import { Random } from "gpic-lab/core";

const fidRank = (model: LeaderboardModel): number => model.fidRank;
const models = judgedModels("ImageNet256");

test("without errors a table is as it was, and so is the agreement", () => {
  assert.deepEqual(tableWithErrors(models, {}, new Random(1)), models);
  const { printed, low, median, high, draws } = agreementUnderErrors(models, fidRank, {
    errors: {},
    seed: 1,
    draws: 20,
  });
  assert.equal(draws, 20);
  for (const value of [low, median, high, printed]) assert.equal(value, agreementWithPeople(models, fidRank));
});

test("one misreading exchanges two models that are next to each other, and nothing else", () => {
  const random = new Random("one");
  for (let i = 0; i < 50; i++) {
    const read = tableWithErrors(models, { misreadings: 1 }, random);
    const moved = read.flatMap((model, k) =>
      model.fidRank === models[k]?.fidRank ? [] : [[model.fidRank, models[k]?.fidRank ?? Number.NaN]],
    );
    assert.equal(moved.length, 2);
    assert.ok(moved.every(([now = 0, then = 0]) => Math.abs(now - then) === 1));
    assert.deepEqual(
      read.map((model) => model.humanErrorRate),
      models.map((model) => model.humanErrorRate),
    );
  }
});

test("after many misreadings the ranks are still 1 to n", () => {
  const read = tableWithErrors(models, { misreadings: 500 }, new Random(3));
  assert.deepEqual(
    read.map(fidRank).sort((a, b) => a - b),
    models.map((_, i) => i + 1),
  );
});

test("rates scatter with the standard deviation that was asked for", () => {
  const random = new Random("rates");
  const draws = 4000;
  const half = 0.5;
  const deviations = Array.from({ length: draws }, () => {
    const [model] = tableWithErrors(models, { ratesBy: half }, random);
    return ((model?.humanErrorRate ?? 0) - models[0]!.humanErrorRate) / models[0]!.humanErrorHalfWidth;
  });
  const mean = deviations.reduce((sum, value) => sum + value, 0) / draws;
  const sd = Math.sqrt(deviations.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws - 1));
  // four standard errors: of the mean 0.5 / sqrt(4000), of the deviation 0.5 / sqrt(8000)
  assert.ok(Math.abs(mean) < 0.032 && Math.abs(sd - half) < 0.0224, `${mean} ${sd}`);
});

test("equal seeds give equal intervals, which hold their median", () => {
  const ask = { errors: { ratesBy: 1, misreadings: 3 }, seed: 5, draws: 300 };
  const one = agreementUnderErrors(models, fidRank, ask);
  assert.deepEqual(one, agreementUnderErrors(models, fidRank, ask));
  assert.ok(one.low < one.median && one.median < one.high);
});

test("errors below zero and no draws are named", () => {
  assert.throws(
    () => tableWithErrors(models, { ratesBy: -1 }, new Random(1)),
    /ratesBy from 0 up and a count of misreadings are needed, got -1 and 0/,
  );
  assert.throws(() => tableWithErrors(models, { misreadings: 0.5 }, new Random(1)), /got 0 and 0.5/);
  assert.throws(
    () => agreementUnderErrors(models, fidRank, { errors: {}, seed: 1, draws: 0 }),
    /RangeError: Cannot draw tables with errors: draws are a positive integer, got 0/,
  );
});
