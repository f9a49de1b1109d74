/**
 * Counts of one property by shard, as a table, with categories that are too rare for a chi-square test put together.
 *
 * The chi-square law is an approximation: the variance of the statistic exceeds that of the law by the sum of one over
 * every expected count. The usual rule asks for an expected count of 5; here the harmonic mean over the shards must
 * reach 5, which is the same where shards are equally large, and lets one short shard among thousands pass.
 */

/** One count: how many images of a shard have a value of the property, as a query grouped by both gives it. */
export interface CategoryCount {
  readonly shard: string;
  readonly category: string;
  readonly count: number | bigint;
}

/** Counts, shards x categories. */
export interface CountTable {
  /** In the order of the rows they came from; those without an image are left out. */
  readonly shards: readonly string[];
  readonly emptyShards: readonly string[];
  /** The most frequent first. */
  readonly categories: readonly string[];
  /** Row-major, shards x categories. */
  readonly counts: Float64Array;
  /** Images by shard, and by category. */
  readonly shardImages: readonly number[];
  readonly categoryImages: readonly number[];
  readonly images: number;
}

/** A table whose rare categories stand together. */
export interface PooledTable extends CountTable {
  /** What stands together under the name `others`; empty where nothing had to. */
  readonly pooled: readonly string[];
  readonly others?: string;
}

/** Least expected count, in the harmonic mean over the shards. */
export const LEAST_EXPECTED = 5;

/**
 * Makes a table of rows; a cell that no row names is 0, rows of one cell are added.
 * @throws TypeError or RangeError where a name is no text or a count is not a whole number of at least 0
 * @example countTable([{ shard: "a", category: "tag", count: 3n }]).images // 3
 */
export function countTable(rows: Iterable<CategoryCount>): CountTable {
  const shardCells = new Map<string, Map<string, number>>();
  const totals = new Map<string, number>();
  for (const { shard, category, count } of rows) {
    if (typeof shard !== "string" || typeof category !== "string")
      throw new TypeError(
        `Cannot count by shard: shard and category are text, got ${String(shard).slice(0, 80)} and ${String(category).slice(0, 80)}`,
      );
    const number = Number(count);
    if (!Number.isSafeInteger(number) || number < 0)
      throw new RangeError(`Cannot count by shard: counts are whole numbers of at least 0, got ${count}`);
    const cells = shardCells.get(shard) ?? new Map<string, number>();
    shardCells.set(shard, cells.set(category, (cells.get(category) ?? 0) + number));
    totals.set(category, (totals.get(category) ?? 0) + number);
  }
  const categories = [...totals].filter(([, n]) => n > 0).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const sum = (cells: Map<string, number>): number => [...cells.values()].reduce((a, b) => a + b, 0);
  const full = [...shardCells].filter(([, cells]) => sum(cells) > 0);
  return {
    shards: full.map(([shard]) => shard),
    emptyShards: [...shardCells].filter(([, cells]) => sum(cells) === 0).map(([shard]) => shard),
    categories: categories.map(([category]) => category),
    counts: Float64Array.from(
      full.flatMap(([, cells]) => categories.map(([category]) => cells.get(category) ?? 0)),
    ),
    shardImages: full.map(([, cells]) => sum(cells)),
    categoryImages: categories.map(([, count]) => count),
    images: categories.reduce((total, [, count]) => total + count, 0),
  };
}

/**
 * Whether an expected count suffices in the harmonic mean over shards of these sizes.
 * @param share of the rarest category
 * @param sizes images by shard
 */
function suffices(share: number, sizes: readonly number[]): boolean {
  const harmonicMean = sizes.length / sizes.reduce((sum, size) => sum + 1 / size, 0);
  return share * harmonicMean >= LEAST_EXPECTED;
}

/**
 * Puts the rarest categories together until each that is left is expected often enough.
 * @returns the table with two columns or more; undefined where that cannot be
 */
export function poolRare(table: CountTable): PooledTable | undefined {
  const { categories, categoryImages, images, shardImages, shards, counts } = table;
  const { kept, others } = keepCommon(categoryImages, (count) => suffices(count / images, shardImages));
  if (kept + (others > 0 ? 1 : 0) < 2) return undefined;
  if (others === 0) return { ...table, pooled: [] };
  let name = "others";
  while (categories.includes(name)) name = `(${name})`;
  const width = categories.length;
  return {
    ...table,
    categories: [...categories.slice(0, kept), name],
    categoryImages: [...categoryImages.slice(0, kept), others],
    counts: Float64Array.from(
      shards.flatMap((_, row) => {
        const cells = counts.subarray(row * width, (row + 1) * width);
        return [...cells.subarray(0, kept), cells.subarray(kept).reduce((sum, count) => sum + count, 0)];
      }),
    ),
    pooled: categories.slice(kept),
    others: name,
  };
}

/**
 * How many of the categories, the most frequent first, can stand alone, and the sum of the others.
 * @param amounts falling
 * @param isEnough whether an amount can stand alone
 */
export function keepCommon(
  amounts: readonly number[],
  isEnough: (amount: number) => boolean,
): { readonly kept: number; readonly others: number } {
  let kept = amounts.length;
  let others = 0;
  while (kept > 0 && (!isEnough(amounts[kept - 1] ?? 0) || (others > 0 && !isEnough(others)))) {
    kept--;
    others += amounts[kept] ?? 0;
  }
  return { kept, others: others > 0 && !isEnough(others) ? 0 : others };
}
