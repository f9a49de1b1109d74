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

/** Those of no rows. */
export function noProducts(width: number): CenteredProducts {
  return { count: 0, mean: new Float64Array(width), products: new Float64Array(width * width) };
}

/**
 * Those of some rows.
 * @param rows count x width, row-major, finite; count at least 1
 */
export function productsOf(rows: Float64Array, count: number, width: number): CenteredProducts {
  // about the first row, so that a large mean costs the sum no digits
  const mean = new Float64Array(width);
  for (let row = 1; row < count; row++)
    for (let c = 0; c < width; c++) mean[c]! += rows[row * width + c]! - rows[c]!;
  for (let c = 0; c < width; c++) mean[c] = rows[c]! + mean[c]! / count;
  const centered = new Float64Array(count * width);
  for (let row = 0, at = 0; row < count; row++)
    for (let c = 0; c < width; c++, at++) centered[at] = rows[at]! - mean[c]!;
  return { count, mean, products: gram(centered, count, width) };
}

/** Adds a part to another, in place. */
export function mergeProducts(into: CenteredProducts, part: CenteredProducts): void {
  if (part.count === 0) return;
  const width = into.mean.length;
  const count = into.count + part.count;
  const weight = (into.count * part.count) / count;
  const apart = part.mean.map((value, c) => value - into.mean[c]!);
  for (let i = 0; i < width; i++) {
    const scaled = weight * apart[i]!;
    for (let j = i, at = i * width + i; j < width; j++, at++)
      into.products[at]! += part.products[at]! + scaled * apart[j]!;
  }
  for (let c = 0; c < width; c++) into.mean[c]! += apart[c]! * (part.count / count);
  into.count = count;
}
