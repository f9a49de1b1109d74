/**
 * Whether one sample's counts agree with stated shares, such as those of the paper's section 2.4: goodness of fit.
 *
 * Stated shares are rounded. Two questions are therefore answered: do the counts agree with the shares as printed, and
 * do they agree with any shares that are printed so? For the second the shares within the rounding that come nearest
 * are taken: those that minimise Pearson's statistic are the observed ones, stretched by one factor and clipped.
 */
import { chiSquareSurvival, type Random } from "../core/index.js";
import { type BalanceOptions, type BalanceVerdict, balanceVerdict, checkBalanceOptions } from "./balance.js";
import { keepCommon, LEAST_EXPECTED } from "./balance-counts.js";
import { detectableShare, usualPowers } from "./balance-power.js";
import { type BalanceTest, chiSquareTest, drawnTest } from "./balance-tests.js";

/** One category beside its stated share, for a chart. */
export interface ShareCell {
  readonly category: string;
  readonly observed: number;
  readonly expected: number;
  readonly share: number;
  readonly statedShare: number;
  /** Observed less expected over its standard deviation: normal for fair draws. */
  readonly residual: number;
  /** The smallest differences from the stated share that are seen with a probability of 0.8 and 0.9. */
  readonly seenWith80: number | null;
  readonly seenWith90: number | null;
}

/** Whether counts agree with stated shares. */
export interface ShareAgreement extends BalanceTest {
  readonly images: number;
  readonly level: number;
  readonly verdict: BalanceVerdict;
  /** Categories that were tested together, as fewer than five of each were expected. */
  readonly pooled: readonly string[];
  readonly cells: readonly ShareCell[];
  /** The best that shares within the rounding can do; present where `rounding` was given. */
  readonly withinRounding?: {
    readonly statistic: number;
    /** At most this; the counts contradict the printed shares, however rounded, where it is small. */
    readonly p: number;
    readonly shares: { readonly [category: string]: number };
  };
}

/** How counts are set against shares. */
export interface ShareOptions extends BalanceOptions {
  /** Half a unit of the last printed digit, as a share: 0.005 for whole per cents. */
  readonly rounding?: number;
}

/**
 * Tests counts against stated shares.
 * @param counts by category; a stated category that is missing counts 0
 * @param shares by category, each above 0, adding up to 1
 * @throws RangeError where a counted category has no share, shares do not add up to 1, or nothing was counted
 * @example againstShares({ heads: 60, tails: 40 }, { heads: 0.5, tails: 0.5 }).p // 0.0455
 */
export function againstShares(
  counts: { readonly [category: string]: number },
  shares: { readonly [category: string]: number },
  options: ShareOptions = {},
): ShareAgreement {
  const { level = 0.05, replicates = 9999, seed = "against shares", rounding } = options;
  checkBalanceOptions(level, replicates);
  const stated = Object.entries(shares).sort(([, a], [, b]) => b - a);
  const observed = stated.map(([category]) => (Object.hasOwn(counts, category) ? counts[category] : 0) ?? 0);
  const images = observed.reduce((sum, count) => sum + count, 0);
  checkShares(counts, stated, observed, images);
  const expected = stated.map(([, share]) => share * images);
  const { kept, others } = keepCommon(expected, (count) => count >= LEAST_EXPECTED);
  const isLarge = kept + (others > 0 ? 1 : 0) >= 2;
  const join = (values: readonly number[]): number[] =>
    isLarge && others > 0
      ? [...values.slice(0, kept), values.slice(kept).reduce((sum, value) => sum + value, 0)]
      : [...values];
  const joined = join(expected);
  const df = joined.length - 1;
  const statistic = pearson(join(observed), joined);
  const test = isLarge
    ? chiSquareTest(statistic, df)
    : drawnTest("simulation", statistic, df, (random) => pearson(deal(random, images, stated), joined), {
        replicates,
        seed: String(seed),
      });
  const seen = (share: number, power: number | undefined): number | null =>
    power === undefined ? null : detectableShare({ share, size: images, df, level, power });
  return {
    ...test,
    images,
    level,
    verdict: balanceVerdict(test.p, test.pTooEven, level),
    pooled: isLarge && others > 0 ? stated.slice(kept).map(([category]) => category) : [],
    cells: stated.map(([category, share], i) => ({
      category,
      observed: observed[i] ?? 0,
      expected: share * images,
      share: (observed[i] ?? 0) / images,
      statedShare: share,
      residual: ((observed[i] ?? 0) - share * images) / Math.sqrt(images * share * (1 - share)),
      seenWith80: seen(share, usualPowers[0]),
      seenWith90: seen(share, usualPowers[1]),
    })),
    ...(rounding === undefined ? {} : { withinRounding: nearest(stated, observed, images, rounding) }),
  };
}

function checkShares(
  counts: { readonly [category: string]: number },
  stated: readonly (readonly [string, number])[],
  observed: readonly number[],
  images: number,
): void {
  const refuse = (needed: string, got: string): RangeError =>
    new RangeError(`Cannot set counts against shares: ${needed}, got ${got}`);
  const unknown = Object.keys(counts).find((category) => !stated.some(([known]) => known === category));
  if (unknown !== undefined) throw refuse("every counted category has a share", unknown.slice(0, 80));
  if (stated.length < 2) throw refuse("two categories are needed", String(stated.length));
  const sum = stated.reduce((total, [, share]) => total + share, 0);
  if (stated.some(([, share]) => !(share > 0)) || Math.abs(sum - 1) > 1e-9)
    throw refuse("shares are above 0 and add up to 1", String(sum));
  if (observed.some((count) => !Number.isSafeInteger(count) || count < 0) || images === 0)
    throw refuse("counts are whole numbers, one above 0", observed.join(", "));
}

function pearson(observed: ArrayLike<number>, expected: readonly number[]): number {
  return expected.reduce((sum, count, i) => sum + ((observed[i] ?? 0) - count) ** 2 / count, 0);
}

/** As many images as there are, each of a category drawn by its share; only ever few, where five are not expected. */
function deal(random: Random, images: number, stated: readonly (readonly [string, number])[]): number[] {
  const drawn = stated.map(() => 0);
  for (let i = 0; i < images; i++) {
    let u = random.next();
    let category = 0;
    while (category < stated.length - 1 && u >= (stated[category]?.[1] ?? 1)) {
      u -= stated[category]?.[1] ?? 1;
      category++;
    }
    drawn[category]!++;
  }
  return drawn;
}

/** The shares within the rounding that come nearest to the counts. */
function nearest(
  stated: readonly (readonly [string, number])[],
  observed: readonly number[],
  images: number,
  rounding: number,
): NonNullable<ShareAgreement["withinRounding"]> {
  if (!(rounding >= 0 && rounding < 0.5))
    throw new RangeError(
      `Cannot set counts against shares: rounding is a share below a half, got ${rounding}`,
    );
  // a trace of what was not counted, so that it can take up what the counted ones may not
  const traces = observed.map((count) => Math.max(count, 1e-6) / images);
  const clipped = (factor: number): number[] =>
    stated.map(([, share], i) =>
      Math.min(share + rounding, Math.max(share - rounding, Number.MIN_VALUE, factor * (traces[i] ?? 0))),
    );
  const total = (factor: number): number => clipped(factor).reduce((sum, share) => sum + share, 0);
  let [low, high] = [0, 2];
  // from some factor on every share is at its upper end, and they add up to 1 at least but for rounding
  for (let i = 0; i < 100 && total(high) < 1; i++) high *= 2;
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (total(middle) < 1) low = middle;
    else high = middle;
  }
  const best = clipped(high);
  const statistic = pearson(
    observed,
    best.map((share) => share * images),
  );
  return {
    statistic,
    p: chiSquareSurvival(statistic, stated.length - 1),
    shares: Object.fromEntries(stated.map(([category], i) => [category, best[i] ?? 0])),
  };
}
