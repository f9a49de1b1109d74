/** R1: human error rates against FD-DINOv2 and FID, on four datasets (arXiv:2306.04675). */
import {
  agreementWithPeople,
  judgedModels,
  leaderboard,
  leaderboardDatasets,
} from "../../benchmark/index.js";
import type { CheckResults } from "./value.js";

/** Spearman correlations of the human error rate with minus each metric. */
export function r1(): CheckResults {
  const correlations = leaderboardDatasets.flatMap((dataset) => {
    const models = judgedModels(dataset);
    const name = dataset.toLowerCase();
    return [
      [`${name}-fd-dinov2`, agreementWithPeople(models, ({ fdDinov2 }) => fdDinov2)],
      [`${name}-fid-rank`, agreementWithPeople(models, ({ fidRank }) => fidRank)],
    ];
  });
  return {
    ...Object.fromEntries(correlations),
    "imagenet256-models": judgedModels("ImageNet256").length,
    models: leaderboard().models.length,
  };
}
