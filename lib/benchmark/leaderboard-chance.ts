/**
 * Whether an agreement with people, or a difference of two, could be chance.
 *
 * Two questions, two shuffles. Could a score that knows nothing agree so well? Give the people's rates to the models in
 * any order. Does one score agree better than another? If they were equally good, it would not matter, for any single
 * model, which of the two ranks came from which score: exchange them, in all 2^n ways. Source: Pitman, "Significance
 * tests which may be applied to samples from any populations" (1937). Each is exact for its own question, however few the
 * models; a bootstrap interval, which is not, errs no more often on eleven models (notebook 11 tries it).
 */
import { Random, ranks, spearman } from "../core/index.js";
import type { LeaderboardModel } from "./leaderboard.js";
import { agreementWithPeople, type LowerIsBetter } from "./leaderboard-agreement.js";

/** How often chance does as much. */
export interface ChanceTest {
  /** What was found: a correlation, or a difference of two. */
  readonly found: number;
  /** The share of arrangements that lie at least as far from 0, on either side. */
  readonly p: number;
  readonly arrangements: number;
}

/** Two scores to compare, by name, so that they cannot be swapped. */
export interface ScorePair {
  readonly first: LowerIsBetter;
  readonly second: LowerIsBetter;
}

/** Two correlations that stem from the same ranks differ by less. */
const ROUNDING = 1e-12;
/** 2^16 arrangements are a second's work. */
const MOST_MODELS = 16;

/**
 * How often a score that knows nothing of the models agrees with people as much, or disagrees as much.
 * @param models of one dataset
 * @param options.seed of the shuffles; options.draws default 20,000
 * @returns p is (1 + shuffles as far from 0) / (1 + shuffles): never 0
 * @throws RangeError where draws is no positive integer
 * @example chanceOfAgreement(judgedModels("FFHQ256"), ({ fdDinov2 }) => fdDinov2, { seed: 1 }).p // 0.31
 */
export function chanceOfAgreement(
  models: readonly LeaderboardModel[],
  score: LowerIsBetter,
  { seed, draws = 20_000 }: { readonly seed: number | string; readonly draws?: number },
): ChanceTest {
  checkDraws(draws);
  const people = ranks(models.map(({ humanErrorRate }) => humanErrorRate));
  const scores = ranks(models.map((model) => -score(model)));
  const found = agreementWithPeople(models, score);
  const random = new Random(seed);
  let asFar = 0;
  for (let i = 0; i < draws; i++) if (isAsFar(spearman(random.shuffle(people), scores), found)) asFar++;
  return { found, p: (1 + asFar) / (1 + draws), arrangements: draws };
}

/**
 * Whether the first score agrees with people otherwise than the second: all ways to exchange their ranks.
 * @param models of one dataset, 2 to 16
 * @returns `found` is the first agreement minus the second
 * @throws RangeError for another number of models
 * @example exchangeTest(judgedModels("ImageNet256"), { first: fd, second: fidRank }).p // 112 / 2048 = 0.0547
 */
export function exchangeTest(models: readonly LeaderboardModel[], scores: ScorePair): ChanceTest {
  const all = exchanges(models, scores);
  const found = all[0] ?? Number.NaN;
  const asFar = all.reduce((count, difference) => count + (isAsFar(difference, found) ? 1 : 0), 0);
  return { found, p: asFar / all.length, arrangements: all.length };
}

/**
 * The same over several datasets at once: the mean of their differences, ranks exchanged inside each dataset.
 * @param groups models of one dataset each, 2 to 16
 * @param options.seed of the draws out of each dataset's arrangements; options.draws default 20,000
 * @returns p is (1 + draws as far from 0) / (1 + draws): never 0
 * @throws RangeError where there is no group, or draws is no positive integer
 * @example exchangeTestOver(leaderboardDatasets.map(judgedModels), { first: fd, second: fidRank }, { seed: 1 }).p
 */
export function exchangeTestOver(
  groups: readonly (readonly LeaderboardModel[])[],
  scores: ScorePair,
  { seed, draws = 20_000 }: { readonly seed: number | string; readonly draws?: number },
): ChanceTest {
  checkDraws(draws);
  if (groups.length === 0) throw new RangeError("Cannot compare scores: a group of models is needed, got 0");
  const all = groups.map((models) => exchanges(models, scores));
  const mean = (pick: (differences: Float64Array) => number): number =>
    all.reduce((sum, differences) => sum + pick(differences) / all.length, 0);
  const found = mean((differences) => differences[0] ?? Number.NaN);
  const random = new Random(seed);
  let asFar = 0;
  for (let i = 0; i < draws; i++)
    if (
      isAsFar(
        mean((differences) => differences[random.integer(differences.length)] ?? Number.NaN),
        found,
      )
    )
      asFar++;
  return { found, p: (1 + asFar) / (1 + draws), arrangements: draws };
}

/** The difference of the two agreements for each set of models whose ranks are exchanged; the first of none. */
function exchanges(models: readonly LeaderboardModel[], { first, second }: ScorePair): Float64Array {
  if (models.length < 2 || models.length > MOST_MODELS)
    throw new RangeError(
      `Cannot exchange ranks in all ways: 2 to ${MOST_MODELS} models are needed, got ${models.length}`,
    );
  const people = models.map(({ humanErrorRate }) => humanErrorRate);
  const a = ranks(models.map((model) => -first(model)));
  const b = ranks(models.map((model) => -second(model)));
  const exchanged = (set: number, own: readonly number[], other: readonly number[]): number[] =>
    own.map((rank, i) => ((set >> i) & 1 ? (other[i] ?? rank) : rank));
  const differences = new Float64Array(2 ** models.length);
  for (let set = 0; set < differences.length / 2; set++) {
    const difference = spearman(people, exchanged(set, a, b)) - spearman(people, exchanged(set, b, a));
    differences[set] = difference;
    // whoever exchanges all the others has the same two lists, in the other order
    differences[differences.length - 1 - set] = -difference;
  }
  return differences;
}

/** An arrangement without a correlation (all ranks level) counts as far: the careful side. */
function isAsFar(value: number, found: number): boolean {
  return !(Math.abs(value) < Math.abs(found) - ROUNDING);
}

function checkDraws(draws: number): void {
  if (!Number.isSafeInteger(draws) || draws < 1)
    throw new RangeError(`Cannot shuffle: draws are a positive integer, got ${draws}`);
}
