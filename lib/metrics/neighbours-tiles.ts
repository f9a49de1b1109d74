/**
 * All pairs of rows of two sets, tile by tile: memory is that of three tiles, whatever the number of rows.
 *
 * Products are of rows in a frame (neighbours-rows.ts); what rounding leaves in doubt (neighbours-bounds.ts) is for the
 * caller to decide. A tile takes some hundredths of a second, and between tiles the thread is free.
 */
import { multiplier, type ProductNumbers, type ProductType } from "./neighbours-product.js";
import { type ChosenRows, type Frame, type FramedRows, framedRows } from "./neighbours-rows.js";

/** How far a walk over pairs has come. */
export interface PairProgress {
  /** Pairs of rows that were compared. */
  readonly done: number;
  readonly total: number;
}

/** What every walk over pairs can be told. */
export interface PairControl {
  /** Stops the work between two tiles, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PairProgress) => void) | undefined;
}

/** Products of some rows of one set and some of another, or distances. */
export interface Tile {
  /** Place of the first row among the chosen. */
  readonly firstRow: number;
  readonly firstColumn: number;
  readonly rows: number;
  readonly columns: number;
  /**
   * rows x columns, in the frame's units: -2 times the product of the rows; of a distance, the squared distance less
   * `rowNorms`.
   */
  readonly products: ProductNumbers;
  readonly rowNorms: Float64Array;
}

/** What a tile is made of. */
export interface TileOptions {
  readonly frame: Frame;
  readonly type: ProductType;
  /** Whether the columns' squared lengths are added. */
  readonly isDistance: boolean;
}

/** Rows and columns of a tile: the columns are put into the frame once, the rows for each tile. */
const TILE_ROWS = 512;
const TILE_COLUMNS = 2048;
/** Multiplications of a tile at the most: under a tenth of a second at 40 billion operations a second. */
const TILE_MULTIPLICATIONS = 2 ** 31;

/** Walks over the squared distances of two sets, in the numbers of the frame. */
export function eachDistanceTile(
  pair: RowPair,
  frame: Frame,
  visit: (tile: Tile) => void,
  control: PairControl = {},
): Promise<void> {
  return eachTile(pair, { frame, type: frame.type, isDistance: true }, visit, control);
}

/**
 * Walks over the pairs of two sets; with `isSame`, over those of one set with itself: no tile lies below the diagonal,
 * and those that lie on it (their first row is their first column) have each pair above it and below.
 * @param visit is called with each tile, whose memory the next one takes
 */
export async function eachTile(
  pair: RowPair,
  { frame, type, isDistance }: TileOptions,
  visit: (tile: Tile) => void,
  { signal, onProgress }: PairControl = {},
): Promise<void> {
  signal?.throwIfAborted();
  const { left, right, isSame } = pair;
  const { width } = left.features;
  const multiply = await multiplier(type);
  const side = tileSides(pair);
  const Numbers = type === "float32" ? Float32Array : Float64Array;
  const memory = (rows: number): FramedRows => ({
    data: new Numbers(rows * width),
    norms: new Float64Array(rows),
  });
  const [rowMemory, columnMemory] = [memory(side.rows), memory(side.columns)];
  const biases = new Numbers(side.columns);
  const products = new Numbers(side.rows * side.columns);
  const total = pairsOf(pair);
  let done = 0;
  for (let start = 0; start < right.rows.length; start += side.columns) {
    const wide = Math.min(side.columns, right.rows.length - start);
    const across = framedRows(right, frame, start, wide, columnMemory);
    if (isDistance) biases.set(across.norms);
    const end = isSame ? start + wide : left.rows.length;
    for (let firstRow = 0; firstRow < end; firstRow += side.rows) {
      const rows = Math.min(side.rows, end - firstRow);
      const isDiagonal = isSame && firstRow >= start;
      const skipped = isDiagonal ? firstRow - start : 0;
      const columns = wide - skipped;
      const down = isDiagonal
        ? part(across, skipped, rows, width)
        : framedRows(left, frame, firstRow, rows, rowMemory);
      const beside = part(across, skipped, columns, width);
      await multiply({
        width,
        left: down.data,
        right: beside.data,
        columns: biases.subarray(skipped, wide),
        into: products,
      });
      signal?.throwIfAborted();
      visit({
        firstRow,
        firstColumn: start + skipped,
        rows,
        columns,
        products,
        rowNorms: down.norms,
      });
      done += isDiagonal ? rows * columns - (rows * (rows - 1)) / 2 : rows * columns;
      onProgress?.({ done, total });
    }
  }
}

/** Two sets whose pairs are walked over; `isSame` where they are one. */
export interface RowPair {
  readonly left: ChosenRows;
  readonly right: ChosenRows;
  readonly isSame: boolean;
}

/** Pairs that a walk compares: of one set, each row with itself and those after it. */
export function pairsOf({ left, right, isSame }: RowPair): number {
  const count = left.rows.length;
  return isSame ? (count * (count + 1)) / 2 : count * right.rows.length;
}

/** A whole number of tiles' rows makes the columns, so that tiles meet the diagonal with their first row. */
function tileSides({ left, right }: RowPair): { readonly rows: number; readonly columns: number } {
  const most = TILE_MULTIPLICATIONS / left.features.width;
  const shrink = Math.min(1, Math.sqrt(most / (TILE_ROWS * TILE_COLUMNS)));
  const rows = Math.max(64, Math.floor(TILE_ROWS * shrink));
  const columns = rows * Math.ceil(Math.min((rows * TILE_COLUMNS) / TILE_ROWS, right.rows.length) / rows);
  return { rows, columns };
}

function part({ data, norms }: FramedRows, first: number, count: number, width: number): FramedRows {
  return {
    data: data.subarray(first * width, (first + count) * width),
    norms: norms.subarray(first, first + count),
  };
}
