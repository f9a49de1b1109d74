/**
 * Cohen's kappa: how far two raters agree beyond what their own habits would give by chance.
 *
 * Method: Cohen, "A Coefficient of Agreement for Nominal Scales" (1960); the interval by the large-sample variance of
 * Fleiss, Cohen and Everitt, "Large Sample Standard Errors of Kappa and Weighted Kappa" (1969). Known limits: the
 * interval is too narrow for few items or a rare verdict, and kappa falls with the verdict's rarity alone, so the
 * table is handed back beside it.
 */
import { type Interval, normalQuantile } from "./intervals.js";

/** Agreement of two raters with its interval. */
export interface Kappa extends Interval {
  /** 1 agrees always, 0 as often as chance, negative less; NaN where both gave one verdict only. */
  readonly kappa: number;
  readonly standardError: number;
  /** Share of items with the same verdict. */
  readonly observed: number;
  /** Share that would have it if the raters had nothing to do with each other. */
  readonly expected: number;
  readonly items: number;
  readonly confidence: number;
}

/**
 * Cohen's kappa of a square table of counts.
 * @param table `table[i][j]`: items that the first rater put in class i and the second in class j
 * @param confidence between 0 and 1
 * @throws RangeError where the table is not square, a count is not a whole number from 0, or all are 0
 * @example cohenKappa([[20, 5], [10, 15]]).kappa // 0.4
 */
export function cohenKappa(table: readonly (readonly number[])[], confidence: number = 0.95): Kappa {
  const classes = table.length;
  if (classes < 2 || table.some((row) => row.length !== classes))
    throw new RangeError(
      `Cannot compute kappa: a square table of at least 2 x 2 is needed, got rows of ${table.map((row) => row.length).join(", ") || "nothing"}`,
    );
  const wrong = table.flat().find((count) => !Number.isSafeInteger(count) || count < 0);
  if (wrong !== undefined)
    throw new RangeError(`Cannot compute kappa: counts from 0 are needed, got ${wrong}`);
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`Cannot compute kappa: confidence lies between 0 and 1, got ${confidence}`);
  const items = table.flat().reduce((sum, count) => sum + count, 0);
  if (items === 0) throw new RangeError("Cannot compute kappa: at least one item is needed, got none");
  const share = (i: number, j: number) => table[i]![j]! / items;
  const all = Array.from({ length: classes }, (_, i) => i);
  const sumOver = (term: (i: number) => number) => all.reduce((sum, i) => sum + term(i), 0);
  const first = all.map((i) => sumOver((j) => share(i, j)));
  const second = all.map((j) => sumOver((i) => share(i, j)));
  const observed = sumOver((i) => share(i, i));
  const expected = sumOver((i) => first[i]! * second[i]!);
  const kappa = expected === 1 ? Number.NaN : (observed - expected) / (1 - expected);
  const onDiagonal = sumOver(
    (i) => share(i, i) * (1 - expected - (first[i]! + second[i]!) * (1 - observed)) ** 2,
  );
  const beside = sumOver((i) => sumOver((j) => (i === j ? 0 : share(i, j) * (second[i]! + first[j]!) ** 2)));
  const constant = (observed * expected - 2 * expected + observed) ** 2;
  const spread = onDiagonal + (1 - observed) ** 2 * beside - constant;
  // rounding leaves a spread of -1e-17 where the raters agree always
  const standardError = Math.sqrt(Math.max(0, spread) / items) / (1 - expected) ** 2;
  const reach = normalQuantile((1 + confidence) / 2) * standardError;
  return {
    ...{ kappa, standardError, observed, expected, items, confidence },
    low: Math.max(-1, kappa - reach),
    high: Math.min(1, kappa + reach),
  };
}
