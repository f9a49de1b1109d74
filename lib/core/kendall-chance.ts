/**
 * Kendall's W without a common order: its exact law for few items, and a permutation test for many.
 *
 * Method: the raters are independent and each order of a rater's ranks is as likely as any other (ties stay with their
 * rater). Rater after rater the law of the rank sums is carried on, sorted, as the items' names do not matter: every
 * combination of rankings is counted, thousands of sums instead of n!^m rows. What has no probability is impossible.
 */
import { type Concordance, concordanceOf, kendallW } from "./kendall.js";
import { Random } from "./random.js";
import { ranks, tieSizes } from "./ranks.js";

/** A value that W can have, and how often it has it by chance. */
export interface PossibleConcordance extends Pick<Concordance, "w" | "wUncorrected" | "s"> {
  readonly probability: number;
}

/** A permutation test's answer. */
export interface PermutationTest {
  /** W as it was found. */
  readonly w: number;
  /** (1 + shuffles with such a W or a larger one) / (1 + shuffles): never 0. */
  readonly p: number;
  readonly repeats: number;
  readonly seed: number | string;
}

/** Some seconds' work. */
const MOST_STEPS = 2e7;
/** Two values of W that stem from the same rank sums differ by less. */
const ROUNDING = 1e-12;

/** Rank sums in rising order, doubled so that they are whole, and how likely they are. */
interface RankSums {
  readonly doubled: readonly number[];
  probability: number;
}

/**
 * Every value that Kendall's W can have, with its probability where the raters have no common order.
 * @param ratings raters x items; only each rater's ties count (`[1, 2, 3, 4]`: none, `[1, 2, 2, 3]`: one pair)
 * @returns by rising W; the probabilities sum to 1
 * @throws RangeError as `kendallW`, and where there is more to count than seconds allow (twelve raters of five items are counted)
 * @example concordanceLaw([[1, 2], [1, 2]]).map(({ w, probability }) => [w, probability]) // [[0, 0.5], [1, 0.5]]
 */
export function concordanceLaw(ratings: readonly (readonly number[])[]): PossibleConcordance[] {
  const { raters, items, ties } = kendallW(ratings);
  // ties last: until then the sums are few
  const [first = [], ...others] = ratings
    .map((list) => ranks(list).map((rank) => 2 * rank))
    .map((doubled) => doubled.sort(rising))
    .sort((a, b) => numberOfOrders(b) - numberOfOrders(a));
  const refuse = (): RangeError =>
    new RangeError(
      `Cannot count all rankings: at most ${MOST_STEPS} additions are made, got ${raters} raters of ${items} items; concordanceTest draws from them`,
    );
  let sums: readonly RankSums[] = [{ doubled: first, probability: 1 }];
  let steps = 0;
  for (const own of others) {
    if (numberOfOrders(own) > MOST_STEPS / items) throw refuse();
    const orders = distinctOrders(own);
    steps += orders.length * sums.length;
    if (steps > MOST_STEPS) throw refuse();
    sums = addRater(sums, orders, 2 * raters * items + 1);
  }
  const middle = raters * (items + 1);
  const chance = new Map<number, number>();
  for (const { doubled, probability } of sums) {
    const s = doubled.reduce((sum, part) => sum + (part - middle) ** 2, 0) / 4;
    chance.set(s, (chance.get(s) ?? 0) + probability);
  }
  return [...chance]
    .sort(([a], [b]) => a - b)
    .map(([s, probability]) => ({
      w: concordanceOf({ raters, items, s, ties }),
      wUncorrected: concordanceOf({ raters, items, s, ties: 0 }),
      s,
      probability,
    }));
}

/**
 * Whether raters agree more than chance: W against that of shuffled ratings, each rater's by itself.
 * @param ratings raters x items
 * @param options `seed` of the shuffles; `repeats`, default 9,999, so that p has steps of 1/10,000
 * @throws RangeError as `kendallW`, where every rater ties all items, or where repeats is not a positive integer
 * @example concordanceTest([[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 4, 3]], { seed: 1 }).p // about 0.03
 */
export function concordanceTest(
  ratings: readonly (readonly number[])[],
  { seed, repeats = 9999 }: { readonly seed: number | string; readonly repeats?: number },
): PermutationTest {
  const { w, raters, items, ties } = kendallW(ratings);
  if (Number.isNaN(w))
    throw new RangeError("Cannot test agreement: a rater that orders items is needed, got ties of all items");
  if (!Number.isSafeInteger(repeats) || repeats < 1)
    throw new RangeError(`Cannot test agreement: repeats is a positive integer, got ${repeats}`);
  const random = new Random(seed);
  const rankings = ratings.map(ranks);
  const middle = (raters * (items + 1)) / 2;
  let asLarge = 0;
  for (let i = 0; i < repeats; i++) {
    const totals = new Float64Array(items);
    for (const ranking of rankings)
      random.shuffle(ranking).forEach((rank, item) => {
        totals[item] = (totals[item] ?? 0) + rank;
      });
    const s = totals.reduce((sum, total) => sum + (total - middle) ** 2, 0);
    if (concordanceOf({ raters, items, s, ties }) >= w - ROUNDING) asLarge++;
  }
  return { w, p: (1 + asLarge) / (1 + repeats), repeats, seed };
}

/** The law of the rank sums after one rater more, whose orders are equally likely; `base` is above every sum. */
function addRater(
  sums: readonly RankSums[],
  orders: readonly (readonly number[])[],
  base: number,
): RankSums[] {
  // all sums but the smallest, which the others decide on: as the digits of a number while it stays exact
  const isExact = base ** ((sums[0]?.doubled.length ?? 1) - 1) <= Number.MAX_SAFE_INTEGER;
  const keyOf = isExact ? (total: readonly number[]) => digits(total, base) : String;
  const found = new Map<number | string, RankSums>();
  const total: number[] = [];
  for (const { doubled, probability } of sums)
    for (const order of orders) {
      sumSorted(doubled, order, total);
      const key = keyOf(total);
      const known = found.get(key);
      if (known === undefined)
        found.set(key, { doubled: [...total], probability: probability / orders.length });
      else known.probability += probability / orders.length;
    }
  return [...found.values()];
}

/** All values but the first as the digits of one number. */
function digits(values: readonly number[], base: number): number {
  let number = 0;
  for (let i = 1; i < values.length; i++) number = number * base + (values[i] ?? 0);
  return number;
}

/** The sums of two lists in rising order, by insertion. */
function sumSorted(a: readonly number[], b: readonly number[], into: number[]): void {
  for (let i = 0; i < a.length; i++) {
    const value = (a[i] as number) + (b[i] as number);
    let at = i;
    for (; at > 0 && (into[at - 1] as number) > value; at--) into[at] = into[at - 1] as number;
    into[at] = value;
  }
}

/** All different orders of values, which are sorted. */
function distinctOrders(values: readonly number[]): number[][] {
  if (values.length === 0) return [[]];
  return values.flatMap((value, i) =>
    value === values[i - 1]
      ? []
      : distinctOrders([...values.slice(0, i), ...values.slice(i + 1)]).map((rest) => [value, ...rest]),
  );
}

/** n! over the factorials of the ties' sizes, factor by factor: n! alone is beyond every number from 171 items on. */
function numberOfOrders(values: readonly number[]): number {
  let orders = 1;
  let left = values.length;
  for (const size of tieSizes(values)) for (let i = 1; i <= size; i++) orders *= left-- / i;
  while (left > 1) orders *= left--;
  return orders;
}

function rising(a: number, b: number): number {
  return a - b;
}
