/**
 * Sums of the polynomial kernel (x.y / d + 1)^3 over pairs of rows, a sum for each row.
 *
 * With a centre c and x = c + x', the kernel's base is x'.y' / d + (1 + c.x / d) + c.y' / d. The last two are float64
 * numbers of one row each; only the first is a product of two rows, and small where c is near the rows. So float32
 * products lose far less than float32 kernels do. Sums are float64.
 */
import type { ProductType } from "./neighbours-product.js";
import type { ChosenRows, Frame } from "./neighbours-rows.js";
import { eachTile, type PairControl } from "./neighbours-tiles.js";

/** Some rows, and the product with the centre of every row of their features. */
export interface KernelSide {
  readonly set: ChosenRows;
  /** centre.x for each row x of `set.features`. */
  readonly alongCentre: Float64Array;
}

/** Sums of kernels: for each row of one side over all of the other. */
export interface KernelSums {
  readonly rows: Float64Array;
  /** The same from the other side; of one set with itself, as `rows`. */
  readonly columns: Float64Array;
  readonly total: number;
}

/** What the products are made with. */
export interface KernelOptions {
  readonly frame: Frame;
  readonly type: ProductType;
}

/** Products of float64 up to so many multiplications: some seconds; beyond, float32 where nothing else is asked for. */
const DOUBLE_MULTIPLICATIONS = 2 ** 33;

/** The type of products that a work of so many multiplications is done in. */
export function productTypeFor(multiplications: number): ProductType {
  return multiplications <= DOUBLE_MULTIPLICATIONS ? "float64" : "float32";
}

/** A side of kernels. */
export function kernelSide(set: ChosenRows, { centre }: Frame): KernelSide {
  const { data, width, count } = set.features;
  const alongCentre = new Float64Array(count);
  for (const row of set.rows) {
    let sum = 0;
    for (let c = 0, at = row * width; c < width; c++, at++) sum += data[at]! * centre[c]!;
    alongCentre[row] = sum;
  }
  return { set, alongCentre };
}

/** Sums over the pairs of two sets. */
export function kernelsBetween(
  left: KernelSide,
  right: KernelSide,
  options: KernelOptions,
  control: PairControl = {},
): Promise<KernelSums> {
  return kernelSums({ left, right, isSame: false }, options, control);
}

/** Sums over the pairs of two different rows of one set. */
export function kernelsWithin(
  side: KernelSide,
  options: KernelOptions,
  control: PairControl = {},
): Promise<KernelSums> {
  return kernelSums({ left: side, right: side, isSame: true }, options, control);
}

async function kernelSums(
  {
    left,
    right,
    isSame,
  }: { readonly left: KernelSide; readonly right: KernelSide; readonly isSame: boolean },
  { frame, type }: KernelOptions,
  control: PairControl,
): Promise<KernelSums> {
  const { width } = left.set.features;
  const squaredCentre = frame.centre.reduce((sum, value) => sum + value * value, 0);
  const ofRow = Float64Array.from(left.set.rows, (row) => 1 + left.alongCentre[row]! / width);
  const ofColumn = Float64Array.from(
    right.set.rows,
    (row) => (right.alongCentre[row]! - squaredCentre) / width,
  );
  const perProduct = -1 / (2 * width * frame.scale * frame.scale);
  const rowSums = new Float64Array(ofRow.length);
  const columnSums = isSame ? rowSums : new Float64Array(ofColumn.length);
  await eachTile(
    { left: left.set, right: right.set, isSame },
    { frame, type, isDistance: false },
    ({ firstRow, firstColumn, rows, columns, products }) => {
      const bases = ofColumn.subarray(firstColumn, firstColumn + columns);
      const sums = columnSums.subarray(firstColumn, firstColumn + columns);
      for (let a = 0; a < rows; a++) {
        const base = ofRow[firstRow + a]!;
        const from = isSame && firstRow === firstColumn ? a + 1 : 0;
        let rowSum = 0;
        for (let b = from, at = a * columns + from; b < columns; b++, at++) {
          const value = base + bases[b]! + products[at]! * perProduct;
          const kernel = value * value * value;
          rowSum += kernel;
          sums[b]! += kernel;
        }
        rowSums[firstRow + a]! += rowSum;
      }
    },
    control,
  );
  return {
    rows: rowSums,
    columns: columnSums,
    total: rowSums.reduce((sum, value) => sum + value, 0),
  };
}
