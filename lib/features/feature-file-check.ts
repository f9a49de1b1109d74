/** What must hold of features before a number is computed from them; each failure names what it found. */
import { shownName } from "../io/index.js";
import type { FeatureMoments } from "./feature-set.js";

/** Widths of the encoders that features are usually of, to tell rows that lie on their side. */
const USUAL_WIDTHS: ReadonlySet<number> = new Set([384, 512, 768, 1024, 1280, 1536, 2048]);

/**
 * How far a covariance's two halves may differ, as a share of its largest variance: float32 sums of a toolkit's differ
 * by some 1e-6.
 */
const MAX_ASYMMETRY = 1e-4;

/** Sizes that a file's arrays say. */
export interface FeatureSizes {
  readonly rows?: readonly number[] | undefined;
  readonly mean?: readonly number[] | undefined;
  readonly covariance?: readonly number[] | undefined;
  readonly keys?: readonly number[] | undefined;
  readonly shards?: readonly number[] | undefined;
}

/**
 * Holds the sizes of arrays against one another.
 * @param path what messages call the file
 * @returns the width, and what is to be said of the sizes
 * @throws RangeError where they do not agree, rows lie on their side, or nothing is there
 */
export function checkSizes(
  sizes: FeatureSizes,
  path: string,
): { readonly width: number; readonly notes: string[] } {
  const { rows, mean, covariance, keys, shards } = sizes;
  const wrong = (needed: string, got: readonly number[]): RangeError =>
    new RangeError(
      `Cannot read features of ${path}: ${needed} needed, got ${got.join(" x ") || "a single number"}`,
    );
  if (mean !== undefined && mean.length !== 1) throw wrong("a mean of width numbers is", mean);
  if (covariance !== undefined && (covariance.length !== 2 || covariance[0] !== covariance[1]))
    throw wrong("a covariance of width x width numbers is", covariance);
  if (mean !== undefined && mean[0] !== covariance?.[0])
    throw wrong(`a covariance of ${mean[0]} x ${mean[0]} numbers, as the mean's width is,`, covariance ?? []);
  if (rows !== undefined && rows.length === 4 && rows[3] === 3)
    throw wrong("rows of features and no images (of which `gpic-lab features` makes features) are", rows);
  if (rows !== undefined && rows.length !== 2) throw wrong("rows of count x width numbers are", rows);
  for (const list of [keys, shards])
    if (list !== undefined && list.length !== 1)
      throw wrong("a key and a shard (tar_idx) for each row are", list);
  const width = mean?.[0] ?? rows?.[1] ?? 0;
  if (rows !== undefined) checkRows(rows, width, [keys, shards], wrong);
  if (width === 0 || rows?.[0] === 0) throw wrong("at least one row and one column are", rows ?? mean ?? []);
  const isSuspect =
    rows !== undefined &&
    mean === undefined &&
    keys === undefined &&
    USUAL_WIDTHS.has(rows[0]!) &&
    !USUAL_WIDTHS.has(width);
  const notes = isSuspect
    ? [
        `${rows[0]} rows of ${width} numbers: should it be ${width} rows of ${rows[0]}, and the array be transposed?`,
      ]
    : [];
  return { width, notes };
}

function checkRows(
  rows: readonly number[],
  width: number,
  lists: readonly (readonly number[] | undefined)[],
  wrong: (needed: string, got: readonly number[]) => RangeError,
): void {
  const [count, rowWidth] = rows;
  const listed = lists.find((list) => list !== undefined)?.[0];
  const onItsSide = "rows of count x width numbers are (these lie on their side: transpose them)";
  if (rowWidth !== width)
    throw wrong(count === width ? onItsSide : `rows of ${width} numbers, as the mean has, are`, rows);
  for (const list of lists)
    if (list !== undefined && list[0] !== count)
      throw wrong(
        listed === rowWidth ? onItsSide : `a key and a shard (tar_idx) for each of ${count} rows are`,
        listed === rowWidth ? rows : list,
      );
}

/**
 * Looks for numbers that are none.
 * @param rows whole rows of a block
 * @param first number of the block's first row
 * @param action what the message says cannot be done: "read features of a.npz"
 * @param keyOf names a row, where names are known
 * @throws RangeError that names the first row with such a number
 */
export async function checkFinite(
  rows: Float32Array | Float64Array,
  width: number,
  first: number,
  action: string,
  keyOf?: (row: number) => Promise<string | undefined>,
): Promise<void> {
  let wrong = 0;
  while (wrong < rows.length && Number.isFinite(rows[wrong])) wrong++;
  if (wrong === rows.length) return;
  const row = first + Math.floor(wrong / width);
  const key = await keyOf?.(row);
  const named = key === undefined ? "" : ` (key ${shownName(key)})`;
  throw new RangeError(
    `Cannot ${action}: finite numbers are needed, got ${rows[wrong]} in row ${row}${named}, column ${wrong % width}`,
  );
}

/**
 * Holds a mean and covariance against what such must be; the covariance is made symmetric to the bit.
 * @throws RangeError where a number is not finite, a variance is negative, or the halves differ by more than rounding
 */
export async function checkMoments({ mean, covariance }: FeatureMoments, path: string): Promise<void> {
  const width = mean.length;
  await checkFinite(mean, width, 0, `read the mean in ${path}`);
  await checkFinite(covariance, width, 0, `read the covariance in ${path}`);
  let largest = 0;
  for (let i = 0; i < width; i++) {
    const variance = covariance[i * width + i]!;
    if (variance < 0)
      throw new RangeError(
        `Cannot read features of ${path}: variances of at least 0 are needed, got ${variance} for column ${i}`,
      );
    largest = Math.max(largest, variance);
  }
  for (let i = 0; i < width; i++)
    for (let j = 0; j < i; j++) {
      const [below, above] = [covariance[i * width + j]!, covariance[j * width + i]!];
      if (Math.abs(below - above) > MAX_ASYMMETRY * largest)
        throw new RangeError(
          `Cannot read features of ${path}: a symmetric covariance is needed, got ${above} and ${below} for columns ${j} and ${i}`,
        );
      covariance[i * width + j] = covariance[j * width + i] = (below + above) / 2;
    }
}
