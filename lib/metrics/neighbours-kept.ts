/** The nearest rows that a walk over tiles has met, of every row: sorted lists of a fixed length. */
import type { Tile } from "./neighbours-tiles.js";

/** Lists of the nearest: `keep` values and numbers of rows for each row, the nearest first. */
export interface KeptNeighbours {
  readonly keep: number;
  /** Squared distances as computed, in the frame's units; Infinity where fewer rows were met. */
  readonly values: Float64Array;
  readonly indices: Uint32Array;
  /** Squared lengths of the rows in the frame. */
  readonly norms: Float64Array;
}

/** Lists for so many rows. */
export function emptyLists(count: number, keep: number): KeptNeighbours {
  return {
    keep,
    values: new Float64Array(count * keep).fill(Number.POSITIVE_INFINITY),
    indices: new Uint32Array(count * keep),
    norms: new Float64Array(count),
  };
}

/** Takes in the tile of one set's rows (down) and another's (across): the lists are those of the rows. */
export function keepDown(kept: KeptNeighbours, tile: Tile): void {
  const { keep, values } = kept;
  const { columns, products, firstColumn } = tile;
  for (let a = 0, at = 0; a < tile.rows; a++) {
    const row = tile.firstRow + a;
    const norm = tile.rowNorms[a]!;
    const last = (row + 1) * keep - 1;
    kept.norms[row] = norm;
    let worst = values[last]!;
    for (let b = 0; b < columns; b++) {
      const value = products[at++]! + norm;
      if (value < worst) {
        insert(kept, last, value, firstColumn + b);
        worst = values[last]!;
      }
    }
  }
}

/** Takes in a tile of one set with itself: each pair of two rows serves both, once. */
export function keepBoth(kept: KeptNeighbours, tile: Tile): void {
  const { keep, values } = kept;
  const { rows, columns, products, firstRow, firstColumn } = tile;
  const worstAcross = Float64Array.from(
    { length: columns },
    (_, b) => values[(firstColumn + b + 1) * keep - 1]!,
  );
  for (let a = 0; a < rows; a++) {
    const row = firstRow + a;
    const norm = tile.rowNorms[a]!;
    const last = (row + 1) * keep - 1;
    kept.norms[row] = norm;
    let worst = values[last]!;
    // on the diagonal: the columns after the row's own
    const from = firstRow === firstColumn ? a + 1 : 0;
    for (let b = from, at = a * columns + from; b < columns; b++, at++) {
      const value = products[at]! + norm;
      if (value < worst) {
        insert(kept, last, value, firstColumn + b);
        worst = values[last]!;
      }
      if (value < worstAcross[b]!) {
        const lastAcross = (firstColumn + b + 1) * keep - 1;
        insert(kept, lastAcross, value, row);
        worstAcross[b] = values[lastAcross]!;
      }
    }
  }
}

/** Puts a value that is below the last of a list where it belongs. */
function insert({ keep, values, indices }: KeptNeighbours, last: number, value: number, index: number): void {
  let at = last;
  for (const first = last - keep + 1; at > first && values[at - 1]! > value; at--) {
    values[at] = values[at - 1]!;
    indices[at] = indices[at - 1]!;
  }
  values[at] = value;
  indices[at] = index;
}
