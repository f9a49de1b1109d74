/**
 * How far a score and people put models in the same order: one number, what each model does to it, and by pairs.
 *
 * Spearman's correlation asks for the order alone, which is all that is known of FID here. The share of pairs says the
 * same in words: of two models, how often does the score prefer the one that fools people more often?
 */
import { spearman } from "../core/index.js";
import type { LeaderboardModel } from "./leaderboard.js";

/** A score of a model, of which less is better, as of every distance and every rank. */
export type LowerIsBetter = (model: LeaderboardModel) => number;

/** Pairs of models by what people and the score prefer. */
export interface PairAgreement {
  /** Pairs in which both prefer the same one. */
  readonly agree: number;
  /** Pairs in which they prefer different ones. */
  readonly disagree: number;
  /** Pairs that people or the score put level. */
  readonly level: number;
  /** agree / (agree + disagree); 0.5 is what a coin does, NaN of no pair. */
  readonly share: number;
}

/**
 * Spearman's correlation of how often people err with how good the score says a model is.
 * @param models of one dataset, at least two
 * @returns from -1 to 1; 1 is one order; NaN where all models are level
 * @throws RangeError where there are fewer than two models
 * @example agreementWithPeople(judgedModels("ImageNet256"), ({ fdDinov2 }) => fdDinov2) // 0.825
 */
export function agreementWithPeople(models: readonly LeaderboardModel[], score: LowerIsBetter): number {
  return spearman(
    models.map(({ humanErrorRate }) => humanErrorRate),
    models.map((model) => -score(model)),
  );
}

/**
 * The same correlation without each model in turn: whether one model carries it.
 * @returns in the order of the models
 * @throws RangeError where there are fewer than three models
 * @example leaveOneOut(models, score)[0] // { model: "BigGAN", correlation: 0.802 }
 */
export function leaveOneOut(
  models: readonly LeaderboardModel[],
  score: LowerIsBetter,
): { model: string; correlation: number }[] {
  if (models.length < 3)
    throw new RangeError(
      `Cannot leave one model out: at least three are needed, got ${String(models.length)}`,
    );
  return models.map(({ model }, left) => ({
    model,
    correlation: agreementWithPeople(models.toSpliced(left, 1), score),
  }));
}

/**
 * In how many pairs of models the score prefers the one that people prefer.
 * @param models of one dataset
 * @param halfWidths how far two rates must lie apart to count as different, in the sum of their printed half-widths;
 * default 0: any difference counts
 * @throws RangeError where `halfWidths` is not a number from 0 up
 * @example agreementInPairs(judgedModels("ImageNet256"), ({ fidRank }) => fidRank).share // 0.44
 */
export function agreementInPairs(
  models: readonly LeaderboardModel[],
  score: LowerIsBetter,
  halfWidths: number = 0,
): PairAgreement {
  if (!(halfWidths >= 0))
    throw new RangeError(`Cannot compare pairs: half-widths from 0 up are needed, got ${halfWidths}`);
  let [agree, disagree, level] = [0, 0, 0];
  for (const [i, a] of models.entries())
    for (const b of models.slice(i + 1)) {
      const apart = a.humanErrorRate - b.humanErrorRate;
      // rates are printed with two decimals, their difference is not exact
      const needed = halfWidths * (a.humanErrorHalfWidth + b.humanErrorHalfWidth) + 1e-9;
      const product = apart * (score(b) - score(a));
      if (Math.abs(apart) <= needed || product === 0) level++;
      else if (product > 0) agree++;
      else disagree++;
    }
  return { agree, disagree, level, share: agree / (agree + disagree) };
}

/**
 * The models that fool people most often: the good end, where the question is asked today.
 * @param count how many; models level with the last one stay in the order of the table
 * @throws RangeError where there are not so many
 * @example bestByPeople(judgedModels("ImageNet256"), 1)[0]?.model // "DiT-XL-2-guided"
 */
export function bestByPeople(models: readonly LeaderboardModel[], count: number): LeaderboardModel[] {
  if (!Number.isSafeInteger(count) || count < 1 || count > models.length)
    throw new RangeError(`Cannot pick the best models: 1 to ${models.length} are there, got ${count}`);
  return [...models].sort((a, b) => b.humanErrorRate - a.humanErrorRate).slice(0, count);
}
