/**
 * Whether the rows of a table of counts are draws from one law: Pearson's statistic, with its p-value from the
 * chi-square law, or by permutation where counts are too small for it.
 *
 * A permutation deals the images out to the shards again, at random and seeded, keeping the size of every shard and of
 * every category; each cell is a hypergeometric draw, made by inversion from the mode outwards.
 */
import { chiSquareCdf, chiSquareSurvival, logGamma, Random } from "../core/index.js";

/** What came of a test. */
export interface BalanceTest {
  /** Where the p-values are from: the chi-square law, or seeded draws. */
  readonly method: "chi-square" | "permutation" | "simulation";
  /** Pearson's: the sum of (observed - expected)^2 / expected. */
  readonly statistic: number;
  readonly df: number;
  /** How often draws from one law differ as much or more. */
  readonly p: number;
  /** How often they differ as little or less: small where counts are too even for independent draws. */
  readonly pTooEven: number;
  /** Of p, where it comes from draws; no p is then below 1 / (replicates + 1). */
  readonly standardError?: number;
  readonly replicates?: number;
  readonly seed?: string;
}

/** Differences of statistics that are rounding, relative to them. */
const ROUNDING = 1e-9;

/**
 * Pearson's statistic of a table against its own margins.
 * @param counts rows x columns, row-major; no row and no column is empty
 */
export function pearsonStatistic(counts: ArrayLike<number>, columns: number): number {
  const { rows, columnTotals, total } = margins(counts, columns);
  let sum = 0;
  for (let r = 0; r < rows.length; r++)
    for (let c = 0; c < columns; c++) {
      const expected = ((rows[r] ?? 0) * (columnTotals[c] ?? 0)) / total;
      if (expected > 0) sum += ((counts[r * columns + c] ?? 0) - expected) ** 2 / expected;
    }
  return sum;
}

/** The test by the chi-square law with a given statistic. */
export function chiSquareTest(statistic: number, df: number): BalanceTest {
  return {
    method: "chi-square",
    statistic,
    df,
    p: chiSquareSurvival(statistic, df),
    pTooEven: chiSquareCdf(statistic, df),
  };
}

/** The test by seeded draws of a statistic. */
export function drawnTest(
  method: "permutation" | "simulation",
  statistic: number,
  df: number,
  draw: (random: Random) => number,
  { replicates, seed }: { readonly replicates: number; readonly seed: string },
): BalanceTest {
  const random = new Random(seed);
  let asMuch = 0;
  let asLittle = 0;
  for (let i = 0; i < replicates; i++) {
    const drawn = draw(random);
    if (drawn >= statistic * (1 - ROUNDING)) asMuch++;
    if (drawn <= statistic * (1 + ROUNDING)) asLittle++;
  }
  const p = (asMuch + 1) / (replicates + 1);
  const pTooEven = (asLittle + 1) / (replicates + 1);
  const standardError = Math.sqrt((p * (1 - p)) / replicates);
  return { method, statistic, df, p, pTooEven, standardError, replicates, seed };
}

/** The test of a table by permutation. */
export function permutationTest(
  counts: ArrayLike<number>,
  columns: number,
  options: { readonly replicates: number; readonly seed: string },
): BalanceTest {
  const { rows, columnTotals, total } = margins(counts, columns);
  const logFactorial = logFactorials(total);
  const drawn = new Float64Array(counts.length);
  const df = (rows.length - 1) * (columnTotals.filter((n) => n > 0).length - 1);
  const draw = (random: Random): number => {
    const left = [...columnTotals];
    rows.forEach((size, r) => {
      dealRow(drawn.subarray(r * columns, (r + 1) * columns), size, left, random, logFactorial);
    });
    return pearsonStatistic(drawn, columns);
  };
  return drawnTest("permutation", pearsonStatistic(counts, columns), df, draw, options);
}

/** Draws `size` images out of what is left of each category, and takes them away. */
function dealRow(
  row: Float64Array,
  size: number,
  left: number[],
  random: Random,
  logFactorial: (n: number) => number,
): void {
  let toDraw = size;
  let behind = left.reduce((sum, n) => sum + n, 0);
  for (let c = 0; c < row.length; c++) {
    const own = left[c] ?? 0;
    behind -= own;
    const count = hypergeometric(random, own, behind, toDraw, logFactorial);
    row[c] = count;
    left[c] = own - count;
    toDraw -= count;
  }
}

/** How many of `draws` out of `own` and `other` images are own. */
function hypergeometric(
  random: Random,
  own: number,
  other: number,
  draws: number,
  logFactorial: (n: number) => number,
): number {
  const least = Math.max(0, draws - other);
  const most = Math.min(own, draws);
  if (least === most) return least;
  const mode = Math.min(most, Math.max(least, Math.floor(((draws + 1) * (own + 1)) / (own + other + 2))));
  const choose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  const atMode = Math.exp(choose(own, mode) + choose(other, draws - mode) - choose(own + other, draws));
  let u = random.next() - atMode;
  let [up, down, k, l] = [atMode, atMode, mode, mode];
  while (u >= 0 && (k < most || l > least)) {
    if (k < most) {
      up *= ((own - k) * (draws - k)) / ((k + 1) * (other - draws + k + 1));
      k++;
      u -= up;
      if (u < 0) return k;
    }
    if (l > least) {
      down *= (l * (other - draws + l)) / ((own - l + 1) * (draws - l + 1));
      l--;
      u -= down;
      if (u < 0) return l;
    }
  }
  return mode;
}

/** Beyond this many, logarithms of factorials are computed when they are needed. */
const FACTORIALS_KEPT = 2 ** 16;

function logFactorials(largest: number): (n: number) => number {
  const kept = new Float64Array(Math.min(largest, FACTORIALS_KEPT) + 1);
  for (let n = 1; n < kept.length; n++) kept[n] = (kept[n - 1] ?? 0) + Math.log(n);
  return (n) => kept[n] ?? logGamma(n + 1);
}

function margins(counts: ArrayLike<number>, columns: number) {
  const rows = new Array<number>(counts.length / columns).fill(0);
  const columnTotals = new Array<number>(columns).fill(0);
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] ?? 0;
    rows[Math.floor(i / columns)]! += count;
    columnTotals[i % columns]! += count;
    total += count;
  }
  return { rows, columnTotals, total };
}
