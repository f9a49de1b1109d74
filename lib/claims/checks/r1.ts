/** R1: human error rates against FD-DINOv2 and FID, on four datasets (arXiv:2306.04675). */

import { spearman } from "../../core/index.js";
import { loadClaims } from "../load.js";
import { type CheckResults, value } from "./value.js";

/** Spearman correlations of the human error rate with minus each metric. */
export function r1(): CheckResults {
  const models = [...loadClaims().keys()]
    .filter((id) => id.startsWith("leaderboard/") && id.endsWith("/human_error_rate"))
    .map((id) => id.slice(0, -"/human_error_rate".length));
  const correlations: Record<string, number> = {};
  for (const dataset of ["imagenet256", "lsun-bedroom", "cifar10", "ffhq256"]) {
    const own = models.filter((model) => model.startsWith(`leaderboard/${dataset}/`));
    const column = (name: string, sign = 1): number[] => own.map((model) => sign * value(`${model}/${name}`));
    const people = column("human_error_rate");
    correlations[`${dataset}-fd-dinov2`] = spearman(people, column("fd_dinov2", -1));
    correlations[`${dataset}-fid-rank`] = spearman(people, column("fid_rank_best_is_1", -1));
  }
  return {
    ...correlations,
    "imagenet256-models": models.filter((model) => model.startsWith("leaderboard/imagenet256/")).length,
    models: models.length,
  };
}
