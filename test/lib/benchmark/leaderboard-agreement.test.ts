/** Agreement with people: closed forms, the published correlations, pairs by brute force. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  agreementInPairs,
  agreementWithPeople,
  bestByPeople,
  judgedModels,
  type LeaderboardModel,
  leaderboardDatasets,
  leaveOneOut,
} from "gpic-lab/benchmark";
import { claim } from "gpic-lab/claims";
import { modelsOf } from "./made-up-models.js";

const fd = ({ fdDinov2 }: LeaderboardModel): number => fdDinov2;
const fidRank = (model: LeaderboardModel): number => model.fidRank;

test("a score in the people's order agrees with 1, in the opposite one with -1, and a constant one not at all", () => {
  const models = modelsOf([
    { people: 0.1, fd: 400, fidRank: 1 },
    { people: 0.2, fd: 90, fidRank: 2 },
    { people: 0.3, fd: 80, fidRank: 3 },
  ]);
  assert.equal(agreementWithPeople(models, fd), 1);
  assert.equal(agreementWithPeople(models, fidRank), -1);
  assert.ok(Number.isNaN(agreementWithPeople(models, () => 5)));
});

test("the correlations on four datasets are those that check R1 reads", () => {
  for (const dataset of leaderboardDatasets) {
    const name = `check/R1/${dataset.toLowerCase()}`;
    // three printed decimals
    assert.ok(
      Math.abs(agreementWithPeople(judgedModels(dataset), fd) - claim(`${name}-fd-dinov2`).number) < 5e-4,
    );
    assert.ok(
      Math.abs(agreementWithPeople(judgedModels(dataset), fidRank) - claim(`${name}-fid-rank`).number) < 5e-4,
    );
  }
});

test("leaving one model out gives what scipy's spearmanr gives of the others", () => {
  const rounded = (score: (model: LeaderboardModel) => number): Record<string, number> =>
    Object.fromEntries(
      leaveOneOut(judgedModels("ImageNet256"), score).map(({ model, correlation }) => [
        model,
        Number(correlation.toFixed(3)),
      ]),
    );
  const byFd = rounded(fd);
  const byFid = rounded(fidRank);
  assert.deepEqual([byFd.BigGAN, byFd["StyleGAN-XL"], byFd["DiT-XL-2"]], [0.802, 0.863, 0.815]);
  assert.deepEqual([byFid["DiT-XL-2-guided"], byFid["DiT-XL-2"], byFid.ADM], [0.109, -0.401, -0.103]);
});

test("pairs are those that a loop over both orders counts, and they add up to n (n - 1) / 2", () => {
  for (const dataset of leaderboardDatasets)
    for (const score of [fd, fidRank]) {
      const models = judgedModels(dataset);
      let twiceAgree = 0;
      for (const a of models)
        for (const b of models)
          if (a.humanErrorRate > b.humanErrorRate ? score(a) < score(b) : false) twiceAgree++;
      const { agree, disagree, level, share } = agreementInPairs(models, score);
      // each ordered pair in which a fools people more often is one unordered pair
      assert.equal(agree, twiceAgree);
      assert.equal(agree + disagree + level, (models.length * (models.length - 1)) / 2);
      assert.equal(share, agree / (agree + disagree));
    }
});

test("pairs that people can hardly tell apart are level once half-widths count", () => {
  const models = modelsOf([
    { people: 0.1, halfWidth: 0.01, fd: 3 },
    { people: 0.12, halfWidth: 0.01, fd: 2 },
    { people: 0.15, halfWidth: 0.01, fd: 1 },
  ]);
  assert.deepEqual(agreementInPairs(models, fd), { agree: 3, disagree: 0, level: 0, share: 1 });
  // 0.12 - 0.10 is the sum of the half-widths: not more than that
  assert.deepEqual(agreementInPairs(models, fd, 1), { agree: 2, disagree: 0, level: 1, share: 1 });
  assert.equal(agreementInPairs(models, () => 1).level, 3);
  assert.ok(Number.isNaN(agreementInPairs(models, () => 1).share));
});

test("the best by people are the highest error rates, in their order", () => {
  assert.deepEqual(
    bestByPeople(judgedModels("ImageNet256"), 3).map(({ model }) => model),
    ["DiT-XL-2-guided", "LDM", "DiT-XL-2"],
  );
});

test("too few models, a count out of range and a negative width are named", () => {
  const two = judgedModels("FFHQ256").slice(0, 2);
  assert.throws(
    () => leaveOneOut(two, fd),
    /RangeError: Cannot leave one model out: at least three are needed, got 2/,
  );
  assert.throws(
    () => bestByPeople(two, 3),
    /RangeError: Cannot pick the best models: 1 to 2 are there, got 3/,
  );
  assert.throws(
    () => agreementInPairs(two, fd, -1),
    /RangeError: Cannot compare pairs: half-widths from 0 up are needed, got -1/,
  );
});
