/**
 * Kendall's W: how far several raters (encoders, judges) put the same items in the same order.
 *
 * Method: Kendall and Babington Smith, "The Problem of m Rankings" (1939), with the correction for ties. W is Friedman's
 * chi-square over m (n - 1), and (1 + (m - 1) r) / m for untied rankings whose mean pairwise Spearman correlation is r.
 */
import { chiSquareSurvival } from "./chi-square.js";
import { ranks, tieSizes } from "./ranks.js";

/** Kendall's W of several rankings, and what it is made of. */
export interface Concordance {
  /** From 0 (no common order) to 1 (one order); corrected for ties. */
  readonly w: number;
  /** Without the correction: never more than `w`, and the same where nothing is tied. */
  readonly wUncorrected: number;
  readonly raters: number;
  readonly items: number;
  /** The sum over items of the squared deviation of their rank sums from the mean rank sum. */
  readonly s: number;
  /** The sum over raters and groups of t tied items of t^3 - t; 0 where nothing is tied. */
  readonly ties: number;
  /** Friedman's statistic, m (n - 1) W. */
  readonly chiSquare: number;
  readonly df: number;
  /** The chance of such a W or a larger one without a common order, by chi-square: rough for fewer than eight items. */
  readonly p: number;
}

/**
 * Kendall's coefficient of concordance.
 * @param ratings raters x items: for each rater a number an item; only their order counts
 * @returns W with its parts; W and p are NaN where every rater ties all items
 * @throws RangeError where there are fewer than two raters or items, the lists differ in length, or a number is not finite
 * @example kendallW([[1, 2, 3], [10, 20, 30]]).w // 1
 */
export function kendallW(ratings: readonly (readonly number[])[]): Concordance {
  const raters = ratings.length;
  const items = ratings[0]?.length ?? 0;
  if (raters < 2 || items < 2 || ratings.some((list) => list.length !== items))
    throw new RangeError(
      `Cannot compute Kendall's W: at least 2 raters of the same items, at least 2, are needed, got ${raters} of ${[...new Set(ratings.map((list) => list.length))].join(" and ") || 0}`,
    );
  const rankings = ratings.map(ranks);
  const totals = Array.from({ length: items }, (_, i) =>
    rankings.reduce((sum, ranking) => sum + (ranking[i] ?? 0), 0),
  );
  const middle = (raters * (items + 1)) / 2;
  const s = totals.reduce((sum, total) => sum + (total - middle) ** 2, 0);
  const ties = rankings.flatMap(tieSizes).reduce((sum, size) => sum + size ** 3 - size, 0);
  const w = concordanceOf({ raters, items, s, ties });
  const chiSquare = raters * (items - 1) * w;
  return {
    w,
    wUncorrected: concordanceOf({ raters, items, s, ties: 0 }),
    raters,
    items,
    s,
    ties,
    chiSquare,
    df: items - 1,
    p: Number.isNaN(w) ? Number.NaN : chiSquareSurvival(chiSquare, items - 1),
  };
}

/**
 * W from its parts: 12 S / (m^2 (n^3 - n) - m T).
 * @param parts raters m, items n, S and the ties T, as `kendallW` gives them
 * @returns NaN where everything is tied
 * @example concordanceOf({ raters: 3, items: 4, s: 45, ties: 0 }) // 1
 */
export function concordanceOf({
  raters,
  items,
  s,
  ties,
}: Pick<Concordance, "raters" | "items" | "s" | "ties">): number {
  return (12 * s) / (raters ** 2 * (items ** 3 - items) - raters * ties);
}
