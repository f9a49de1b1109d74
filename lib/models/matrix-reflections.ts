/**
 * The product of a panel's reflections as one matrix: H0 H1 ... = I - V'T V for reflections H = I - v'v, rows v of V.
 *
 * T is upper triangular with a diagonal of ones. Source: Schreiber and Van Loan, "A storage-efficient WY
 * representation for products of Householder transformations" (1989).
 */
import { type DenseMatrix, multiply, subtractProduct } from "./matrix-product.js";

/** What stands between the rows and their reflections: T. */
async function mixingOf(panel: DenseMatrix): Promise<DenseMatrix> {
  const size = panel.rows;
  const along = (await multiply(panel, { transpose: panel })).data;
  const data = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    for (let i = 0; i < k; i++) {
      let sum = 0;
      for (let j = i; j < k; j++) sum += data[i * size + j]! * along[j * size + k]!;
      data[i * size + k] = -sum;
    }
    data[k * size + k] = 1;
  }
  return { rows: size, columns: size, data };
}

/**
 * Rows times the reflections of a panel, in place.
 * @param rows each as long as a reflection
 * @param panel a row for each reflection
 * @param order which of them comes next to the rows
 */
export async function reflectRows(
  rows: DenseMatrix,
  panel: DenseMatrix,
  order: "first to last" | "last to first",
): Promise<void> {
  const mixing = await mixingOf(panel);
  const along = await multiply(rows, { transpose: panel });
  await subtractProduct(
    rows,
    await multiply(along, order === "first to last" ? mixing : { transpose: mixing }),
    panel,
  );
}
