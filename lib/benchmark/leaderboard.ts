/**
 * Forty-one generative models on four datasets, each with how often people took its images for photographs.
 *
 * Source: Stein et al., "Exposing flaws of generative model evaluation metrics" (arXiv:2306.04675), Table 11 and the
 * human evaluation. FID is there as a rank alone, read off a figure. Each cell is a claim too (`gpic-lab/claims`),
 * under the row's id.
 */
import { numberOf, type PublishedRow, publishedRows, rowId, textOf } from "./published-table.js";

/** The datasets, in the order in which this project speaks of them: the one of Figure 9 first. */
export const leaderboardDatasets = ["ImageNet256", "LSUN-Bedroom", "CIFAR10", "FFHQ256"] as const;

/** A dataset of the leaderboard. */
export type LeaderboardDataset = (typeof leaderboardDatasets)[number];

/** What is printed of generated and of real images alike. */
export interface LeaderboardRow {
  /** The beginning of its claims' ids; `/fd_dinov2` and the like follow. */
  readonly id: string;
  readonly dataset: LeaderboardDataset;
  readonly model: string;
  readonly fdDinov2: number;
  /** FD-DINOv2 as it would be with infinitely many images. */
  readonly fdInfinityDinov2: number;
  readonly kdDinov2: number;
  readonly precision: number;
  readonly recall: number;
  readonly density: number;
  readonly coverage: number;
}

/** A model that people judged. */
export interface LeaderboardModel extends LeaderboardRow {
  /** Share of answers in which people erred; 0.5 is guessing: they cannot tell its images from photographs. */
  readonly humanErrorRate: number;
  /** Printed with a plus-minus; the table does not say of what confidence. */
  readonly humanErrorHalfWidth: number;
  /** Its place by FID among the models of its dataset, 1 for the lowest; read off a figure. */
  readonly fidRank: number;
}

/** The leaderboard: models and real images as named parts, so that they are not ranked together. */
export interface Leaderboard {
  readonly models: readonly LeaderboardModel[];
  /** Real images that were not in the reference, where the table has them. */
  readonly realImages: readonly LeaderboardRow[];
}

/**
 * The leaderboard with human judgements.
 * @throws SyntaxError where `data/paper/` is damaged
 * @example leaderboard().models.length // 41
 */
export function leaderboard(): Leaderboard {
  const rows = publishedRows("fd-leaderboard.csv");
  const isReal = (row: PublishedRow): boolean => textOf(row, "model").startsWith("(");
  return {
    models: rows
      .filter((row) => !isReal(row))
      .map((row) => ({
        ...rowOf(row),
        humanErrorRate: numberOf(row, "human_error_rate"),
        humanErrorHalfWidth: numberOf(row, "human_error_rate_pm"),
        fidRank: numberOf(row, "fid_rank_best_is_1"),
      })),
    realImages: rows.filter(isReal).map(rowOf),
  };
}

/**
 * The models of one dataset, which alone can be compared.
 * @throws RangeError where the leaderboard has no such dataset
 * @example judgedModels("ImageNet256").length // 11
 */
export function judgedModels(dataset: LeaderboardDataset): LeaderboardModel[] {
  datasetNamed(dataset, RangeError);
  return leaderboard().models.filter((model) => model.dataset === dataset);
}

function rowOf(row: PublishedRow): LeaderboardRow {
  const dataset = textOf(row, "dataset");
  const model = textOf(row, "model");
  return {
    id: rowId("leaderboard", dataset.toLowerCase(), model),
    dataset: datasetNamed(dataset, SyntaxError),
    model,
    fdDinov2: numberOf(row, "fd_dinov2"),
    fdInfinityDinov2: numberOf(row, "fd_inf_dinov2"),
    kdDinov2: numberOf(row, "kd_dinov2"),
    precision: numberOf(row, "precision"),
    recall: numberOf(row, "recall"),
    density: numberOf(row, "density"),
    coverage: numberOf(row, "coverage"),
  };
}

function datasetNamed(
  name: string,
  Failure: RangeErrorConstructor | SyntaxErrorConstructor,
): LeaderboardDataset {
  const found = leaderboardDatasets.find((dataset) => dataset === name);
  if (found !== undefined) return found;
  throw new Failure(
    `Cannot read the leaderboard: a dataset of ${leaderboardDatasets.join(", ")} is needed, got "${name}"`,
  );
}
