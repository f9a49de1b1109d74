/**
 * The bootstrap: how much a statistic would swing if other items of the same kind had been at hand.
 *
 * Method: Efron, "Bootstrap Methods: Another Look at the Jackknife" (1979): draw as many items as there are, with
 * replacement, many times; the interval reaches from one percentile of the results to another (linear between order
 * statistics). Known limits: it is no wider than the items at hand, too narrow for few of them, and takes them for
 * independent.
 */
import type { Interval } from "./intervals.js";
import { Random } from "./random.js";

/** A statistic, its percentile interval, and how both came about. */
export interface Bootstrap extends Interval {
  /** The statistic of the items as they are. */
  readonly estimate: number;
  /** The mean over the draws; where it differs from the estimate, drawing twice what was there once is why. */
  readonly mean: number;
  /** The standard deviation over the draws. */
  readonly standardError: number;
  readonly confidence: number;
  readonly items: number;
  readonly repeats: number;
  /** Draws in which the statistic was not a finite number; they are left out of the interval. */
  readonly undefinedDraws: number;
  readonly seed: number | string;
}

/** What a bootstrap is asked for. */
export interface BootstrapOptions {
  /** Equal seeds give equal draws, so that two statistics with one seed can be compared draw by draw. */
  readonly seed: number | string;
  /** Default 2,000. */
  readonly repeats?: number;
  /** Between 0 and 1, default 0.95. */
  readonly confidence?: number;
}

/**
 * A statistic with its percentile interval over draws of the items with replacement.
 * @param items what another sample would have others of: at least two
 * @param statistic a number of a list of items, which may hold an item several times
 * @throws RangeError where there are fewer than two items, an option is out of range, or the statistic of the items
 * themselves is not finite
 * @example bootstrap([3, 5, 4, 8], (drawn) => drawn.reduce((a, b) => a + b) / drawn.length, { seed: 1 }).estimate // 5
 */
export function bootstrap<Item>(
  items: readonly Item[],
  statistic: (drawn: readonly Item[]) => number,
  { seed, repeats = 2000, confidence = 0.95 }: BootstrapOptions,
): Bootstrap {
  if (items.length < 2)
    throw new RangeError(`Cannot draw again: at least two items are needed, got ${items.length}`);
  if (!Number.isSafeInteger(repeats) || repeats < 2)
    throw new RangeError(`Cannot draw again: repeats is an integer of at least 2, got ${repeats}`);
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`Cannot draw again: confidence lies between 0 and 1, got ${confidence}`);
  const estimate = statistic(items);
  if (!Number.isFinite(estimate))
    throw new RangeError(
      `Cannot draw again: a statistic that is finite on the items is needed, got ${estimate}`,
    );
  const random = new Random(seed);
  const all: number[] = [];
  for (let i = 0; i < repeats; i++)
    all.push(statistic(items.map(() => items[random.integer(items.length)] as Item)));
  const results = all.filter(Number.isFinite).sort((a, b) => a - b);
  const mean = results.reduce((sum, result) => sum + result, 0) / results.length;
  const squares = results.reduce((sum, result) => sum + (result - mean) ** 2, 0);
  return {
    estimate,
    low: quantile(results, (1 - confidence) / 2),
    high: quantile(results, (1 + confidence) / 2),
    mean,
    standardError: Math.sqrt(squares / (results.length - 1)),
    confidence,
    items: items.length,
    repeats,
    undefinedDraws: repeats - results.length,
    seed,
  };
}

/** The value below which a share of sorted numbers lies, linear between neighbours; NaN of none. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
