/**
 * The product X'X of a tall matrix, in float64: what covariances are made of.
 *
 * Method: only tiles on and above the diagonal, 3 x 3 numbers at a time held in registers over all rows of a block
 * (9 products for 6 loads; 4 x 4 needs more registers than there are), columns packed so that a tile is read in order.
 * About 5 GFLOP/s of count x width^2 on one core, where plain loops give 1.
 */

/** Columns of a tile. */
const TILE = 3;
/** Rows of a block: a tile's columns are then 12 KiB, which stays in the first cache. */
const BLOCK_ROWS = 512;
/** Columns that stay in the second cache while others pass by them: 24 tiles, 288 KiB. */
const TILES_AT_ONCE = 24;

/**
 * X'X.
 * @param rows count x width, row-major
 * @returns width x width, row-major, symmetric to the bit
 * @throws RangeError where rows are not count x width
 * @example gram(Float64Array.of(1, 2, 3, 4), 2, 2) // Float64Array [10, 14, 14, 20]
 */
export function gram(rows: Float32Array | Float64Array, count: number, width: number): Float64Array {
  if (rows.length !== count * width)
    throw new RangeError(`Cannot multiply: ${count} x ${width} numbers are needed, got ${rows.length}`);
  const tiles = Math.ceil(width / TILE);
  const packed = new Float64Array(tiles * TILE * Math.min(count, BLOCK_ROWS));
  const products = new Float64Array(width * width);
  for (let from = 0; from < count; from += BLOCK_ROWS) {
    const height = Math.min(BLOCK_ROWS, count - from);
    pack(rows.subarray(from * width, (from + height) * width), height, width, packed);
    for (let first = 0; first < tiles; first += TILES_AT_ONCE) {
      const end = Math.min(tiles, first + TILES_AT_ONCE);
      for (let i = 0; i < end; i++)
        for (let j = Math.max(first, i); j < end; j++) addTile(packed, height, i, j, width, products);
    }
  }
  for (let i = 1; i < width; i++)
    for (let j = 0; j < i; j++) products[i * width + j] = products[j * width + i]!;
  return products;
}

/** Tile after tile, row after row; columns beyond the width are zero. */
function pack(rows: Float32Array | Float64Array, height: number, width: number, packed: Float64Array): void {
  for (let column = 0, at = 0; column < width; column += TILE)
    for (let row = 0; row < height; row++)
      for (let c = column; c < column + TILE; c++) packed[at++] = c < width ? rows[row * width + c]! : 0;
}

function addTile(
  packed: Float64Array,
  height: number,
  i: number,
  j: number,
  width: number,
  products: Float64Array,
): void {
  const a = i * TILE * height;
  const b = j * TILE * height;
  let p00 = 0;
  let p01 = 0;
  let p02 = 0;
  let p10 = 0;
  let p11 = 0;
  let p12 = 0;
  let p20 = 0;
  let p21 = 0;
  let p22 = 0;
  for (let k = 0; k < TILE * height; k += TILE) {
    const y0 = packed[b + k]!;
    const y1 = packed[b + k + 1]!;
    const y2 = packed[b + k + 2]!;
    const x0 = packed[a + k]!;
    const x1 = packed[a + k + 1]!;
    const x2 = packed[a + k + 2]!;
    p00 += x0 * y0;
    p01 += x0 * y1;
    p02 += x0 * y2;
    p10 += x1 * y0;
    p11 += x1 * y1;
    p12 += x1 * y2;
    p20 += x2 * y0;
    p21 += x2 * y1;
    p22 += x2 * y2;
  }
  addRow(products, width, i * TILE, j * TILE, p00, p01, p02);
  addRow(products, width, i * TILE + 1, j * TILE, p10, p11, p12);
  addRow(products, width, i * TILE + 2, j * TILE, p20, p21, p22);
}

function addRow(
  products: Float64Array,
  width: number,
  row: number,
  column: number,
  p0: number,
  p1: number,
  p2: number,
): void {
  if (row >= width) return;
  const at = row * width + column;
  products[at]! += p0;
  if (column + 1 < width) products[at + 1]! += p1;
  if (column + 2 < width) products[at + 2]! += p2;
}
