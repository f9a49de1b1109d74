/**
 * Counts, means and centred products of rows, and how those of two parts become those of both.
 *
 * Source: Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979).
 * Sums of x x' would lose everything where the mean is large against the spread: both terms of E[xx'] - mean mean'
 * grow with the mean's square, and their difference does not. Here each part is centred at its own mean, m, before it
 * is multiplied: M = sum (x - m)(x - m)'. For parts a and b with d = mb - ma, the mean of both is ma + d nb/n, which
 * lies d nb/n from ma and d na/n from mb; the products about it are therefore
 *   Ma + na (nb/n)^2 d d' + Mb + nb (na/n)^2 d d' = Ma + Mb + (na nb/n) d d'.
 * Every term is a square or a sum of squares on the diagonal, nothing cancels, and so the order of merging moves the
 * result by rounding only.
 */
import { gram } from "../core/index.js";

/** What is known of some rows. */
export interface CenteredProducts {
  count: number;
  /** width numbers */
  readonly mean: Float64Array;
  /** width x width, of which the upper triangle counts: sum of (x - mean)(x - mean)' */
  readonly products: Float64Array;
}

/** Rows of the products from a column on: what stands left of it is on the other side of the diagonal. */
export interface ProductsPanel {
  /** The first row, and the first column */
  readonly from: number;
  readonly rows: number;
  readonly columns: number;
  /** rows x columns, of which those on and right of the diagonal count */
  readonly data: Float64Array;
}

/** What is known of rows that are to be merged with others: products in panels. */
export interface CenteredPart {
  readonly count: number;
  readonly mean: Float64Array;
  readonly panels: readonly ProductsPanel[];
}

/** Those of no rows. */
export function noProducts(width: number): CenteredProducts {
  return { count: 0, mean: new Float64Array(width), products: new Float64Array(width * width) };
}

/**
 * The mean of some rows.
 * @param rows count x width, row-major; count at least 1
 */
export function meanOf(rows: Float64Array, count: number, width: number): Float64Array {
  // about the first row, so that a large mean costs the sum no digits
  const mean = new Float64Array(width);
  for (let row = 1; row < count; row++)
    for (let c = 0; c < width; c++) mean[c]! += rows[row * width + c]! - rows[c]!;
  for (let c = 0; c < width; c++) mean[c] = rows[c]! + mean[c]! / count;
  return mean;
}

/**
 * Those of some rows.
 * @param rows count x width, row-major, finite; count at least 1
 */
export function productsOf(rows: Float64Array, count: number, width: number): CenteredPart {
  const mean = meanOf(rows, count, width);
  const centered = new Float64Array(count * width);
  for (let row = 0, at = 0; row < count; row++)
    for (let c = 0; c < width; c++, at++) centered[at] = rows[at]! - mean[c]!;
  return { count, mean, panels: [wholePanel(gram(centered, count, width), width)] };
}

/** A square as a part's one panel. */
export function wholePanel(products: Float64Array, width: number): ProductsPanel {
  return { from: 0, rows: width, columns: width, data: products };
}

/** Adds a part to another, in place. */
export function mergeProducts(into: CenteredProducts, part: CenteredPart): void {
  if (part.count === 0) return;
  const count = into.count + part.count;
  const weight = (into.count * part.count) / count;
  const apart = part.mean.map((value, c) => value - into.mean[c]!);
  for (const panel of part.panels) addPanel(into.products, panel, apart, weight);
  for (let c = 0; c < apart.length; c++) into.mean[c]! += apart[c]! * (part.count / count);
  into.count = count;
}

/** products += panel + weight apart apart' */
function addPanel(
  products: Float64Array,
  { from, rows, columns, data }: ProductsPanel,
  apart: Float64Array,
  weight: number,
): void {
  const width = apart.length;
  for (let row = 0; row < rows; row++) {
    const scaled = weight * apart[from + row]!;
    const at = (from + row) * width + from;
    for (let c = row; c < columns; c++)
      products[at + c]! += data[row * columns + c]! + scaled * apart[from + c]!;
  }
}
