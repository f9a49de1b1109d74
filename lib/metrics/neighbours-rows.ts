/**
 * Rows that are compared by distance: where they lie, a frame in which products have digits to spare, and the squared
 * distance itself, which nothing but float64 computes.
 */
import type { FeatureRows } from "../features/index.js";
import { isLostToFloat32 } from "./neighbours-bounds.js";
import type { ProductType } from "./neighbours-product.js";

/** Some rows of features, by number; their numbers stay where they are. */
export interface ChosenRows {
  readonly features: FeatureRows;
  /** Numbers of rows of `features`. */
  readonly rows: Uint32Array;
}

/** Every row of features. */
export function allRows(features: FeatureRows): ChosenRows {
  return { features, rows: Uint32Array.from({ length: features.count }, (_, row) => row) };
}

/** Numbers beyond this have squares that float64 does not hold. */
const LARGEST_NUMBER = 1e150;
/** Rows that a middle is taken of. */
const MIDDLE_ROWS = 101;

/**
 * All rows of features, after a look at each number.
 * @param work what cannot be done with features that are none: "compare rows"
 * @throws RangeError where the shape is not that of the data, there are no rows, or a number is not finite
 */
export function checkRows(work: string, which: string, { data, count, width }: FeatureRows): void {
  if (!(count >= 1 && width >= 1) || data.length !== count * width)
    throw new RangeError(
      `Cannot ${work}: rows x columns numbers are needed, got ${count} x ${width} with ${data.length} numbers of ${which} features`,
    );
  for (let i = 0; i < data.length; i++)
    if (!(Math.abs(data[i]!) <= LARGEST_NUMBER))
      throw new RangeError(
        `Cannot ${work}: finite numbers are needed, got ${data[i]} in row ${Math.floor(i / width)} of the ${which} features`,
      );
}

/** @throws RangeError where two sets have not the same width */
export function checkWidths(work: string, sets: { readonly [which: string]: FeatureRows }): void {
  const widths = Object.entries(sets).map(([which, { width }]) => `${width} (${which})`);
  if (new Set(Object.values(sets).map(({ width }) => width)).size > 1)
    throw new RangeError(`Cannot ${work}: features of one width are needed, got ${widths.join(", ")}`);
}

/** What is taken off every row, and what the rest is multiplied with: distances stay in proportion. */
export interface Frame {
  readonly centre: Float64Array;
  /** A power of two, so that it rounds nothing; the largest number is between 1/2 and 1 after it. */
  readonly scale: number;
  /** What products of rows are made in: float64 where float32 would lose most rows beside an outlier. */
  readonly type: ProductType;
}

/**
 * The frame around the middle of the first of some sets: a median, which no outlier moves.
 * Which centre it is changes digits that are lost to rounding, and no result.
 */
export function frameOf(sets: readonly [ChosenRows, ...ChosenRows[]]): Frame {
  const centre = middleOf(sets[0]);
  const width = centre.length;
  let largest = 0;
  for (const { features, rows } of sets)
    for (const row of rows)
      for (let c = 0, at = row * width; c < width; c++, at++) {
        const size = Math.abs(features.data[at]! - centre[c]!);
        if (size > largest) largest = size;
      }
  const scale = largest === 0 ? 1 : 2 ** -(Math.floor(Math.log2(largest)) + 1);
  const isLost =
    largest > 0 && sets.some((set) => isLostToFloat32(typicalSquare(set, { centre, scale }), width));
  return { centre, scale, type: isLost ? "float64" : "float32" };
}

/** The median of the squared lengths of some rows in a frame, of those that are not the centre itself. */
function typicalSquare(set: ChosenRows, { centre, scale }: Omit<Frame, "type">): number {
  const { features, rows } = set;
  const count = Math.min(MIDDLE_ROWS, rows.length);
  const squares = Float64Array.from({ length: count }, (_, i) => {
    const from = rows[Math.floor((i * rows.length) / count)]! * features.width;
    return centre.reduce((sum, middle, c) => sum + ((features.data[from + c]! - middle) * scale) ** 2, 0);
  })
    .filter((square) => square > 0)
    .sort();
  return squares[squares.length >> 1] ?? 1;
}

/** The median of each column, over rows at even distances. */
function middleOf({ features: { data, width }, rows }: ChosenRows): Float64Array {
  const count = Math.min(MIDDLE_ROWS, rows.length);
  const some = Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]! * width);
  return Float64Array.from(
    { length: width },
    (_, c) => Float64Array.from(some, (at) => data[at + c]!).sort()[count >> 1]!,
  );
}

/** The squares of the lengths of rows in a frame, as tiles have them. */
export function normsOf(set: ChosenRows, frame: Frame): Float64Array {
  const data = new (frame.type === "float32" ? Float32Array : Float64Array)(set.features.width);
  const norm = new Float64Array(1);
  return Float64Array.from(
    set.rows,
    (_, row) => framedRows(set, frame, row, 1, { data, norms: norm }).norms[0]!,
  );
}

/** A tile's rows in a frame, and the squares of their lengths. */
export interface FramedRows {
  readonly data: Float32Array | Float64Array;
  readonly norms: Float64Array;
}

/**
 * Writes rows into a tile's memory.
 * @param first place of the first of them among the chosen
 * @returns views of that memory
 */
export function framedRows(
  { features: { data, width }, rows }: ChosenRows,
  { centre, scale }: Frame,
  first: number,
  count: number,
  memory: FramedRows,
): FramedRows {
  const framed = memory.data.subarray(0, count * width);
  const norms = memory.norms.subarray(0, count);
  for (let i = 0, to = 0; i < count; i++) {
    let norm = 0;
    for (let c = 0, at = rows[first + i]! * width; c < width; c++, at++, to++) {
      framed[to] = (data[at]! - centre[c]!) * scale;
      const value = framed[to]!;
      norm += value * value;
    }
    norms[i] = norm;
  }
  return { data: framed, norms };
}

/**
 * The distance of two rows as it is compared: rounded to float32 where both are float32, as the reference's distances
 * are, so that what is a tie there is one here; it is a square root of the float64 sum all the same.
 */
export function comparedDistance(a: ChosenRows, i: number, b: ChosenRows, j: number): number {
  const squared = squaredDistance(a, i, b, j);
  const isSingle = a.features.data instanceof Float32Array && b.features.data instanceof Float32Array;
  return isSingle ? Math.fround(Math.sqrt(Math.fround(squared))) : Math.sqrt(squared);
}

/**
 * The squared distance of two rows, summed in float64 always in the same order: copies of rows have equal distances to
 * the bit, and a row has none to its copy.
 */
function squaredDistance(a: ChosenRows, i: number, b: ChosenRows, j: number): number {
  const { data: x, width } = a.features;
  const y = b.features.data;
  let p = a.rows[i]! * width;
  let q = b.rows[j]! * width;
  const end = p + width;
  let even = 0;
  let odd = 0;
  for (; p + 1 < end; p += 2, q += 2) {
    const first = x[p]! - y[q]!;
    const second = x[p + 1]! - y[q + 1]!;
    even += first * first;
    odd += second * second;
  }
  if (p < end) even += (x[p]! - y[q]!) ** 2;
  return even + odd;
}
