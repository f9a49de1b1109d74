/** A matrix the other way round, where a product cannot take it as it is. */
import type { DenseMatrix } from "./matrix-product.js";

/**
 * Rows as columns, in memory of its own.
 * @example transposed({ rows: 1, columns: 2, data: Float64Array.of(3, 4) }).rows // 2
 */
export function transposed({ rows, columns, data }: DenseMatrix): DenseMatrix {
  const turned = new Float64Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = data[row * columns + column]!;
  return { rows: columns, columns: rows, data: turned };
}
