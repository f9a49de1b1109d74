/** Models of a leaderboard with the numbers that a test is about; the others are of no meaning. */
import type { LeaderboardModel } from "gpic-lab/benchmark";

/** What a test says of a model. */
export interface MadeUpModel {
  readonly people: number;
  readonly halfWidth?: number;
  readonly fd?: number;
  readonly fidRank?: number;
}

export function modelsOf(rows: readonly MadeUpModel[]): LeaderboardModel[] {
  return rows.map(({ people, halfWidth = 0.01, fd = 100, fidRank = 1 }, i) => ({
    id: `leaderboard/made-up/${i}`,
    dataset: "CIFAR10",
    model: `model ${i}`,
    humanErrorRate: people,
    humanErrorHalfWidth: halfWidth,
    fdDinov2: fd,
    fdInfinityDinov2: fd,
    kdDinov2: 0,
    precision: 0,
    recall: 0,
    density: 0,
    coverage: 0,
    fidRank,
  }));
}
