/**
 * The nearest of some thousand rows to each of a few queries, by cosine, exactly: every row is compared.
 *
 * The paper's section 2.3 compares SSCD descriptors by cosine similarity; its search over 110 million is approximate,
 * this one is for looking.
 */
import type { FeatureRows } from "./feature-set.js";

/** A row and how alike it is. */
export interface Neighbour {
  /** Its number among the rows. */
  readonly row: number;
  /** Cosine of the angle to the query, -1 to 1. */
  readonly similarity: number;
}

/** Whose neighbours are looked for, and among whom. */
export interface NearestOptions {
  readonly queries: FeatureRows;
  readonly rows: FeatureRows;
  /** Neighbours of each query; all that there are where it is more. */
  readonly k: number;
  /** Says which rows are passed over for a query, such as its own. */
  readonly except?: ((query: number, row: number) => boolean) | undefined;
}

/**
 * The most alike rows of each query, the nearest first; of equally near ones that of the smaller number.
 * @returns a list for each query, in their order
 * @throws RangeError where widths differ, k is no whole number above 0, or a row has no direction (length 0)
 * @example
 * const rows = { data: Float32Array.of(1, 0, 0, 2), count: 2, width: 2 };
 * nearest({ queries: rows, rows, k: 1, except: (query, row) => query === row }); // [[{ row: 1, similarity: 0 }], ...]
 */
export function nearest({ queries, rows, k, except }: NearestOptions): Neighbour[][] {
  if (queries.width !== rows.width)
    throw new RangeError(
      `Cannot find neighbours: queries of the rows' ${rows.width} features are needed, got ${queries.width}`,
    );
  if (!Number.isSafeInteger(k) || k < 1)
    throw new RangeError(`Cannot find neighbours: a whole k above 0 is needed, got ${k}`);
  const queryLengths = lengths(queries, "query");
  const rowLengths = lengths(rows, "row");
  return Array.from(queryLengths, (queryLength, query) => {
    const found: Neighbour[] = [];
    for (let row = 0; row < rows.count; row++) {
      if (except?.(query, row)) continue;
      const product = dot(queries, query, rows, row);
      found.push({ row, similarity: product / (queryLength * rowLengths[row]!) });
    }
    return found.sort((a, b) => b.similarity - a.similarity || a.row - b.row).slice(0, k);
  });
}

/**
 * The cosine of two rows' angle.
 * @returns -1 to 1, up to rounding
 * @throws RangeError where widths differ, or a row is not there or has length 0
 * @example cosine({ data: Float32Array.of(3, 4), count: 1, width: 2 }, 0, { data: Float32Array.of(4, 3), count: 1, width: 2 }, 0) // 0.96
 */
export function cosine(a: FeatureRows, rowOfA: number, b: FeatureRows, rowOfB: number): number {
  if (a.width !== b.width)
    throw new RangeError(`Cannot compare rows: ${a.width} features are needed, got ${b.width}`);
  for (const [{ count }, row] of [
    [a, rowOfA],
    [b, rowOfB],
  ] as const)
    if (!Number.isSafeInteger(row) || row < 0 || row >= count)
      throw new RangeError(`Cannot compare rows: a row of ${count} is needed, got ${row}`);
  const squares = dot(a, rowOfA, a, rowOfA) * dot(b, rowOfB, b, rowOfB);
  if (!(squares > 0)) throw new RangeError("Cannot compare rows: rows of a length above 0 are needed, got 0");
  return dot(a, rowOfA, b, rowOfB) / Math.sqrt(squares);
}

function lengths(rows: FeatureRows, what: string): Float64Array {
  return Float64Array.from({ length: rows.count }, (_, row) => {
    const length = Math.sqrt(dot(rows, row, rows, row));
    if (length > 0) return length;
    throw new RangeError(
      `Cannot find neighbours: rows of a length above 0 are needed, got ${what} ${row} of length ${length}`,
    );
  });
}

function dot(a: FeatureRows, rowOfA: number, b: FeatureRows, rowOfB: number): number {
  const { data: x, width } = a;
  const { data: y } = b;
  let sum = 0;
  for (let i = rowOfA * width, j = rowOfB * width, end = i + width; i < end; ) sum += x[i++]! * y[j++]!;
  return sum;
}
