/**
 * Rows as integers of 7 bits, with the length of what rounding took from each: a filter that loses no pair.
 *
 * A row x of length 1 becomes s q + r with whole numbers q from -63 to 63, one scale s for all rows, and a rest r whose
 * length e is computed, not assumed. By Cauchy and Schwarz
 *
 *     x.y = s^2 (p.q) + r.y + s p.t   <=   s^2 (p.q) + e + f + e f
 *
 * for a second row y = s q + t, f = |t|. Products of whole numbers have no rounding at all, so a pair whose bound is
 * below the threshold is out for certain; the few others are decided in float64.
 *
 * Why 7 bits: processors without AVX-512 VNNI add two products of bytes in 16 bits, and the engine lets them saturate;
 * 2 x 127 x 63 = 16,002 fits. Integer products take a quarter of the time of float32 and a quarter of the memory.
 */

/** The largest whole number of a row. */
export const LARGEST = 63;
/** What is added to make bytes without sign, which the engine wants of one side. */
export const ZERO_POINT = 64;
/** Of float64: lengths, rests and bounds are computed in it. */
const SLACK = 1e-9;
/** Clips that are tried, in root mean squares of a number of a row. */
const CLIPS = [2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 10, 13, 17, 22] as const;
const ROWS_TRIED = 512;

/** Rows of a block, and what a bound needs of them. */
export interface BlockRows {
  readonly data: Float32Array | Float64Array;
  readonly count: number;
  readonly width: number;
  /** Square of the length of each row. */
  readonly squares: Float64Array;
}

/**
 * A block with its rows' lengths.
 * @param first number of its first row, for messages
 * @throws RangeError where a row has no direction: a length of 0, or a number that is not finite
 */
export function blockRows(
  data: Float32Array | Float64Array,
  width: number,
  first: number,
  name: string,
): BlockRows {
  const count = data.length / width;
  const squares = new Float64Array(count);
  for (let row = 0, at = 0; row < count; row++) {
    let square = 0;
    for (const end = at + width; at < end; at++) square += data[at]! * data[at]!;
    if (!(square > 0 && square < Number.POSITIVE_INFINITY))
      throw new RangeError(
        `Cannot compare rows of ${name}: rows of a finite length above 0 are needed, got row ${first + row} of squared length ${square}`,
      );
    squares[row] = square;
  }
  return { data, count, width, squares };
}

/** The scale with the least rest, over some rows: a choice of speed alone, as the bound holds with any. */
export function bestScale({ data, count, width, squares }: BlockRows): number {
  const rows = Math.min(count, ROWS_TRIED);
  let [best, least] = [1, Number.POSITIVE_INFINITY];
  for (const clip of CLIPS) {
    const scale = Math.min(1, clip / Math.sqrt(width)) / LARGEST;
    let rest = 0;
    for (let row = 0; row < rows; row++)
      rest += restOf(data, row * width, width, 1 / Math.sqrt(squares[row]!), scale);
    if (rest < least) [best, least] = [scale, rest];
  }
  return best;
}

function restOf(
  data: Float32Array | Float64Array,
  from: number,
  width: number,
  inverse: number,
  scale: number,
): number {
  let square = 0;
  for (let at = from; at < from + width; at++) {
    const value = data[at]! * inverse;
    square += (value - scale * whole(value / scale)) ** 2;
  }
  return Math.sqrt(square) + SLACK;
}

/** The nearest whole number within the range; `| 0` cuts towards zero, so that halves go either way. */
function whole(value: number): number {
  if (value >= LARGEST) return LARGEST;
  if (value <= -LARGEST) return -LARGEST;
  return ((value + ZERO_POINT + 0.5) | 0) - ZERO_POINT;
}

/** Whole rows, one after the other, as bytes without sign. */
export interface LeftRows {
  readonly bytes: Uint8Array;
  readonly rests: Float64Array;
}

/** A block's rows as the left side of products. */
export function leftRows({ data, count, width, squares }: BlockRows, scale: number): LeftRows {
  const bytes = new Uint8Array(count * width);
  const rests = new Float64Array(count);
  for (let row = 0, at = 0; row < count; row++) {
    const factor = 1 / (Math.sqrt(squares[row]!) * scale);
    let square = 0;
    for (const end = at + width; at < end; at++) {
      const value = data[at]! * factor;
      const rounded = whole(value);
      square += (value - rounded) * (value - rounded);
      bytes[at] = rounded + ZERO_POINT;
    }
    rests[row] = scale * Math.sqrt(square) + SLACK;
  }
  return { bytes, rests };
}

/** Columns of a tile, and of a group whose largest product is looked at first. */
export const TILE_COLUMNS = 1024;
export const GROUP_COLUMNS = 64;

/** Whole rows as columns of tiles: each width x TILE_COLUMNS, the last one narrower, padded to whole groups. */
export interface RightTile {
  /** Place of its first row in the block. */
  readonly first: number;
  readonly columns: number;
  readonly bytes: Int8Array;
  /** The largest rest in each group. */
  readonly groupRests: Float64Array;
}

/** A block's rows as the right side of products. */
export function rightTiles({ data, count, width, squares }: BlockRows, scale: number): RightTile[] {
  const tiles: RightTile[] = [];
  for (let first = 0; first < count; first += TILE_COLUMNS) {
    const used = Math.min(TILE_COLUMNS, count - first);
    const columns = GROUP_COLUMNS * Math.ceil(used / GROUP_COLUMNS);
    const bytes = new Int8Array(width * columns);
    const groupRests = new Float64Array(columns / GROUP_COLUMNS);
    for (let column = 0; column < used; column++) {
      const row = first + column;
      const factor = 1 / (Math.sqrt(squares[row]!) * scale);
      let square = 0;
      for (let c = 0, at = row * width, to = column; c < width; c++, at++, to += columns) {
        const value = data[at]! * factor;
        const rounded = whole(value);
        square += (value - rounded) * (value - rounded);
        bytes[to] = rounded;
      }
      const group = Math.floor(column / GROUP_COLUMNS);
      groupRests[group] = Math.max(groupRests[group]!, scale * Math.sqrt(square) + SLACK);
    }
    tiles.push({ first, columns, bytes, groupRests });
  }
  return tiles;
}

/**
 * The least product of whole rows whose pair can reach a threshold.
 * @param rest of the one row, `otherRest` of the other
 */
export function leastProduct(threshold: number, rest: number, otherRest: number, scale: number): number {
  return (threshold - rest - otherRest - rest * otherRest - SLACK) / (scale * scale);
}
