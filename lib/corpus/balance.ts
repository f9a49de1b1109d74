/**
 * Whether every shard is a fair draw of the whole: are the values of a property spread as independent draws would be?
 *
 * The paper's section 2.5 and Figure 8 claim it and show shares without a test. Here: Pearson's test of homogeneity
 * over all shards, each shard against all others with p-values corrected for the number of shards (Holm), what would
 * have been seen (power), and the opposite question as well: shards that differ less than chance lets them were not
 * drawn independently but stratified.
 */
import { holm } from "../core/index.js";
import {
  type CategoryCount,
  type CountTable,
  countTable,
  LEAST_EXPECTED,
  type PooledTable,
  poolRare,
} from "./balance-counts.js";
import { type DetectableDifference, detectableDifferences } from "./balance-power.js";
import { type BalanceTest, chiSquareTest, pearsonStatistic, permutationTest } from "./balance-tests.js";

/** What a test of balance says at its level. */
export type BalanceVerdict = "as independent draws" | "uneven" | "too even";

/** How a test of balance is made. */
export interface BalanceOptions {
  /** Probability of calling fair draws uneven, and of calling them too even; 0.05 where it is left out. */
  readonly level?: number;
  /** Draws where counts are too small for the chi-square law; 9,999 where it is left out. */
  readonly replicates?: number;
  /** Of those draws. */
  readonly seed?: number | string;
}

/** One shard against all others; p-values with "corrected" in their name are comparable with the level. */
export interface ShardAgainstRest extends BalanceTest {
  readonly shard: string;
  readonly images: number;
  readonly pCorrected: number;
  readonly pTooEvenCorrected: number;
  readonly verdict: BalanceVerdict;
}

/** One cell of the table, for a chart. */
export interface BalanceCell {
  readonly shard: string;
  readonly category: string;
  readonly observed: number;
  readonly expected: number;
  /** Of the shard's images, and of all images. */
  readonly share: number;
  readonly overallShare: number;
  /** Observed less expected over its standard deviation (Haberman's adjusted residual): normal for fair draws. */
  readonly residual: number;
}

/** Whether a property is spread over the shards as independent draws are. */
export interface ShardBalance {
  readonly images: number;
  readonly shards: number;
  /** Shards without a counted image; they are left out. */
  readonly emptyShards: readonly string[];
  /** What was tested, the most frequent first; the last may be `others`. */
  readonly categories: readonly string[];
  /** What stands together under `others`, as it was expected less than five times a shard. */
  readonly pooled: readonly string[];
  readonly others?: string;
  readonly level: number;
  /** All shards at once. */
  readonly test: BalanceTest;
  readonly verdict: BalanceVerdict;
  readonly byShard: readonly ShardAgainstRest[];
  readonly cells: readonly BalanceCell[];
  readonly power: readonly DetectableDifference[];
}

/**
 * Tests whether shards are draws from one law.
 * @param counts one row for each shard and value of the property, as a query grouped by both gives them
 * @throws RangeError where there are fewer than two shards or two categories with an image
 * @example
 * const rows = await corpus.query("SELECT shard, caption_type AS category, count(*) AS count FROM images GROUP BY ALL");
 * shardBalance(rows).verdict // "as independent draws"
 */
export function shardBalance(counts: Iterable<CategoryCount>, options: BalanceOptions = {}): ShardBalance {
  const { level = 0.05, replicates = 9999, seed = "shard balance" } = options;
  checkBalanceOptions(level, replicates);
  const table = countTable(counts);
  if (table.shards.length < 2 || table.categories.length < 2)
    throw new RangeError(
      `Cannot compare shards: two shards and two categories are needed, got ${table.shards.length} and ${table.categories.length}`,
    );
  const pooled = poolRare(table);
  const tested: PooledTable = pooled ?? { ...table, pooled: [] };
  const width = tested.categories.length;
  const draws = (name: string) => ({ replicates, seed: `${seed}/${name}` });
  const test =
    pooled === undefined
      ? permutationTest(tested.counts, width, draws("all"))
      : chiSquareTest(pearsonStatistic(tested.counts, width), (tested.shards.length - 1) * (width - 1));
  return {
    images: tested.images,
    shards: tested.shards.length,
    emptyShards: tested.emptyShards,
    categories: tested.categories,
    pooled: tested.pooled,
    ...(tested.others === undefined ? {} : { others: tested.others }),
    level,
    test,
    verdict: balanceVerdict(test.p, test.pTooEven, level),
    byShard: againstRest(tested, level, draws),
    cells: cellsOf(tested),
    power: detectableDifferences(
      tested.categories,
      tested.categoryImages.map((count) => count / tested.images),
      tested.shardImages,
      level,
    ),
  };
}

/** What p-values say at a level; both are already corrected where there are several. */
export function balanceVerdict(p: number, pTooEven: number, level: number): BalanceVerdict {
  return p <= level ? "uneven" : pTooEven <= level ? "too even" : "as independent draws";
}

/** Throws a RangeError where a level is no share or replicates are too few to tell anything at it. */
export function checkBalanceOptions(level: number, replicates: number): void {
  if (!(level > 0 && level < 0.5))
    throw new RangeError(`Cannot test counts: the level lies between 0 and 0.5, got ${level}`);
  if (!Number.isSafeInteger(replicates) || replicates < 1 / level)
    throw new RangeError(
      `Cannot test counts: replicates are a whole number of at least 1 / level, got ${replicates}`,
    );
}

function againstRest(
  table: CountTable,
  level: number,
  draws: (name: string) => { readonly replicates: number; readonly seed: string },
): ShardAgainstRest[] {
  const { counts, categoryImages, images, shards, shardImages } = table;
  const width = categoryImages.length;
  const tests = shards.map((shard, row) => {
    const own = counts.subarray(row * width, (row + 1) * width);
    const both = Float64Array.from([...own, ...own.map((count, i) => (categoryImages[i] ?? 0) - count)]);
    const size = shardImages[row] ?? 0;
    return isLarge(categoryImages, size / images) && isLarge(categoryImages, 1 - size / images)
      ? chiSquareTest(pearsonStatistic(both, width), width - 1)
      : permutationTest(both, width, draws(shard));
  });
  const corrected = holm(tests.map(({ p }) => p));
  const tooEven = holm(tests.map(({ pTooEven }) => pTooEven));
  return tests.map((test, i) => {
    const [pCorrected = 1, pTooEvenCorrected = 1] = [corrected[i], tooEven[i]];
    return {
      shard: shards[i] ?? "",
      images: shardImages[i] ?? 0,
      ...test,
      pCorrected,
      pTooEvenCorrected,
      verdict: balanceVerdict(pCorrected, pTooEvenCorrected, level),
    };
  });
}

/** Whether a part of the images expects each category often enough, in the harmonic mean. */
function isLarge(categoryImages: readonly number[], part: number): boolean {
  const inverse = categoryImages.reduce((sum, count) => sum + 1 / (count * part), 0);
  return categoryImages.length / inverse >= LEAST_EXPECTED;
}

function cellsOf({ shards, categories, counts, shardImages, categoryImages, images }: CountTable) {
  return shards.flatMap((shard, row): BalanceCell[] =>
    categories.map((category, column) => {
      const observed = counts[row * categories.length + column] ?? 0;
      const size = shardImages[row] ?? 0;
      const overallShare = (categoryImages[column] ?? 0) / images;
      const expected = size * overallShare;
      const deviation = Math.sqrt(expected * (1 - overallShare) * (1 - size / images));
      const residual = deviation === 0 ? 0 : (observed - expected) / deviation;
      return { shard, category, observed, expected, share: observed / size, overallShare, residual };
    }),
  );
}
