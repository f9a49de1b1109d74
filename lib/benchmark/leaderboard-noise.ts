/**
 * What errors of the leaderboard itself do to an agreement: people's rates were measured, FID's ranks read off a figure.
 *
 * Not the question of the bootstrap (other models), but of the same models looked at again. Rates are drawn anew from a
 * normal law about the printed one; a misreading exchanges two models that are next to each other by FID.
 */
import { type Interval, Random } from "../core/index.js";
import type { LeaderboardModel } from "./leaderboard.js";
import { agreementWithPeople, type LowerIsBetter } from "./leaderboard-agreement.js";

/** What may be wrong in the table. */
export interface TableErrors {
  /** Standard deviation of a rate, in its printed half-widths: 0 none, 1 where they are one, 1 / 1.96 where they are 95 %. */
  readonly ratesBy?: number;
  /** How many times two neighbours by FID are exchanged, anywhere in the ranking. */
  readonly misreadings?: number;
}

/** The agreement over tables with errors. */
export interface NoisyAgreement extends Interval {
  /** As printed. */
  readonly printed: number;
  /** Of the tables with errors; `low` and `high` hold 95 % of them. */
  readonly median: number;
  readonly draws: number;
  readonly seed: number | string;
}

/**
 * The agreement of people and a score over tables that differ from the printed one by errors of its kind.
 * @param models of one dataset
 * @param options.errors which; options.seed of the draws; options.draws default 2,000
 * @throws RangeError where errors are negative, or draws is no positive integer
 * @example agreementUnderErrors(models, ({ fidRank }) => fidRank, { errors: { misreadings: 3 }, seed: 1 }).high
 */
export function agreementUnderErrors(
  models: readonly LeaderboardModel[],
  score: LowerIsBetter,
  options: { readonly errors: TableErrors; readonly seed: number | string; readonly draws?: number },
): NoisyAgreement {
  const { errors, seed, draws = 2000 } = options;
  if (!Number.isSafeInteger(draws) || draws < 1)
    throw new RangeError(`Cannot draw tables with errors: draws are a positive integer, got ${draws}`);
  const random = new Random(seed);
  const results = Float64Array.from({ length: draws }, () =>
    agreementWithPeople(tableWithErrors(models, errors, random), score),
  ).sort();
  const at = (share: number): number => results[Math.round(share * (draws - 1))] ?? Number.NaN;
  return {
    printed: agreementWithPeople(models, score),
    median: at(0.5),
    low: at(0.025),
    high: at(0.975),
    draws,
    seed,
  };
}

/**
 * The models with errors in people's rates and in the ranks by FID.
 * @throws RangeError where an error is negative, or misreadings are no integer
 * @example tableWithErrors(models, { misreadings: 1 }, new Random(1)) // two neighbours' ranks exchanged
 */
export function tableWithErrors(
  models: readonly LeaderboardModel[],
  { ratesBy = 0, misreadings = 0 }: TableErrors,
  random: Random,
): LeaderboardModel[] {
  if (!(ratesBy >= 0) || !Number.isSafeInteger(misreadings) || misreadings < 0)
    throw new RangeError(
      `Cannot draw a table with errors: ratesBy from 0 up and a count of misreadings are needed, got ${ratesBy} and ${misreadings}`,
    );
  const order = [...models].sort((a, b) => a.fidRank - b.fidRank);
  const rankOf = order.map(({ fidRank }) => fidRank);
  for (let i = 0; i < misreadings && order.length > 1; i++) {
    const at = random.integer(order.length - 1);
    const [one, next] = [order[at], order[at + 1]];
    if (one !== undefined && next !== undefined) order.splice(at, 2, next, one);
  }
  return models.map((model) => ({
    ...model,
    humanErrorRate: model.humanErrorRate + ratesBy * model.humanErrorHalfWidth * random.normal(),
    fidRank: rankOf[order.indexOf(model)] ?? model.fidRank,
  }));
}
