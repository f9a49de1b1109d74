/** Two published tables as rows: every number is the claim's, and real images are never ranked among models. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  csvCells,
  encoderTable,
  judgedModels,
  type LeaderboardDataset,
  leaderboard,
  leaderboardDatasets,
} from "gpic-lab/benchmark";
import { claim, loadClaims } from "gpic-lab/claims";

test("the leaderboard has the models of four datasets, and real images apart from them", () => {
  const { models, realImages } = leaderboard();
  assert.deepEqual(
    leaderboardDatasets.map((dataset) => judgedModels(dataset).length),
    [11, 8, 13, 9],
  );
  assert.equal(models.length, 41);
  assert.equal(new Set(models.map(({ id }) => id)).size, 41);
  assert.deepEqual(
    realImages.map(({ dataset, model }) => [dataset, model]),
    [
      ["CIFAR10", "(test set)"],
      ["ImageNet256", "(validation set)"],
    ],
  );
});

test("every number of the leaderboard is the claim's of the same id", () => {
  const { models, realImages } = leaderboard();
  let compared = 0;
  const same = (id: string, value: number): void => {
    assert.equal(value, claim(id).number, id);
    compared++;
  };
  for (const row of [...models, ...realImages]) {
    same(`${row.id}/fd_dinov2`, row.fdDinov2);
    same(`${row.id}/fd_inf_dinov2`, row.fdInfinityDinov2);
    same(`${row.id}/kd_dinov2`, row.kdDinov2);
    same(`${row.id}/precision`, row.precision);
    same(`${row.id}/recall`, row.recall);
    same(`${row.id}/density`, row.density);
    same(`${row.id}/coverage`, row.coverage);
  }
  for (const model of models) {
    same(`${model.id}/human_error_rate`, model.humanErrorRate);
    same(`${model.id}/human_error_rate_pm`, model.humanErrorHalfWidth);
    same(`${model.id}/fid_rank_best_is_1`, model.fidRank);
  }
  assert.equal(compared, [...loadClaims().keys()].filter((id) => id.startsWith("leaderboard/")).length);
});

test("inside a dataset the ranks by FID are 1 to the number of models, each once", () => {
  for (const dataset of leaderboardDatasets) {
    const sorted = judgedModels(dataset)
      .map(({ fidRank }) => fidRank)
      .sort((a, b) => a - b);
    assert.deepEqual(
      sorted,
      sorted.map((_, i) => i + 1),
      dataset,
    );
  }
});

test("the Inception score of every row is the claim's", () => {
  const { validationImages, generators } = encoderTable();
  for (const { id, inceptionScore } of [validationImages, ...generators])
    assert.equal(inceptionScore, claim(`${id}/inception_score`).number);
});

test("cells of a CSV are split at commas outside quotes, whatever ends the lines", () => {
  assert.deepEqual(csvCells('a,b\r\n"x, y",\r\n,"z"\r\n'), [
    ["a", "b"],
    ["x, y", ""],
    ["", "z"],
  ]);
});

test("a dataset that the leaderboard lacks is named with those that it has", () => {
  assert.throws(() => judgedModels("ImageNet512" as LeaderboardDataset), {
    name: "RangeError",
    message:
      'Cannot read the leaderboard: a dataset of ImageNet256, LSUN-Bedroom, CIFAR10, FFHQ256 is needed, got "ImageNet512"',
  });
});
