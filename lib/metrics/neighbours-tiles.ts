/**
 * All pairs of rows of two sets, tile by tile: memory is that of three tiles, whatever the number of rows.
 *
 * Products are float32, of rows in a frame (neighbours-rows.ts); what they leave in doubt (neighbours-bounds.ts) is for
 * the caller to decide. A tile takes some hundredths of a second, and between tiles the thread is free.
 */
import { multiplier } from "./neighbours-product.js";
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

/** Squared distances of some rows of one set to some of another. */
export interface DistanceTile {
  /** Place of the first row among the chosen. */
  readonly firstRow: number;
  readonly firstColumn: number;
  readonly rows: number;
  readonly columns: number;
  /** rows x columns: the squared distance less `rowNorms`, in the frame's units. */
  readonly lessNorm: Float32Array;
  readonly rowNorms: Float64Array;
  readonly columnNorms: Float64Array;
}

/** Rows of a tile: large enough for the product to run at full speed, small enough for the cache. */
const TILE_ROWS = 1024;
/** Multiplications of a tile at the most: under a tenth of a second at 40 billion operations a second. */
const TILE_MULTIPLICATIONS = 2 ** 31;

/** Rows on a side of a tile. */
export function tileRows(width: number): number {
  const side = Math.floor(Math.sqrt(TILE_MULTIPLICATIONS / width));
  return Math.max(64, Math.min(TILE_ROWS, side));
}

/**
 * Walks over the pairs of two sets; with `isSame`, over those on and above the diagonal of one set with itself.
 * @param visit is called with each tile, whose memory the next one takes
 */
export async function eachDistanceTile(
  pair: { readonly left: ChosenRows; readonly right: ChosenRows; readonly isSame: boolean },
  frame: Frame,
  visit: (tile: DistanceTile) => void,
  { signal, onProgress }: PairControl = {},
): Promise<void> {
  signal?.throwIfAborted();
  const { left, right, isSame } = pair;
  const { width } = left.features;
  const multiply = await multiplier("float32");
  const side = Math.min(tileRows(width), Math.max(left.rows.length, right.rows.length));
  const [rowMemory, columnMemory] = [tileMemory(side, width), tileMemory(side, width)];
  const biases = new Float32Array(side);
  const products = new Float32Array(side * side);
  const total = pairsOf(pair);
  let done = 0;
  for (let firstColumn = 0; firstColumn < right.rows.length; firstColumn += side) {
    const columns = Math.min(side, right.rows.length - firstColumn);
    const across = framedRows(right, frame, firstColumn, columns, columnMemory);
    biases.set(across.norms);
    const end = isSame ? firstColumn + 1 : left.rows.length;
    for (let firstRow = 0; firstRow < end; firstRow += side) {
      const rows = Math.min(side, left.rows.length - firstRow);
      const isDiagonal = isSame && firstRow === firstColumn;
      const down = isDiagonal ? across : framedRows(left, frame, firstRow, rows, rowMemory);
      await multiply({
        width,
        left: down.data,
        right: across.data,
        columns: biases.subarray(0, columns),
        into: products,
      });
      signal?.throwIfAborted();
      visit({
        firstRow,
        firstColumn,
        rows,
        columns,
        lessNorm: products,
        rowNorms: down.norms,
        columnNorms: across.norms,
      });
      done += isDiagonal ? (rows * (rows + 1)) / 2 : rows * columns;
      onProgress?.({ done, total });
    }
  }
}

/** Pairs that a walk compares. */
export function pairsOf({
  left,
  right,
  isSame,
}: {
  readonly left: ChosenRows;
  readonly right: ChosenRows;
  readonly isSame: boolean;
}): number {
  const count = left.rows.length;
  return isSame ? (count * (count + 1)) / 2 : count * right.rows.length;
}

function tileMemory(side: number, width: number): FramedRows {
  return { data: new Float32Array(side * width), norms: new Float64Array(side) };
}
