/**
 * The centred products of a block of wide rows, through the engine: some ten times as fast as loops of our own.
 *
 * Rows are turned into columns as they are centred, so that the products of some columns with themselves and all that
 * follow are those of two pieces of memory as they stand. Only these panels, on and right of the diagonal, are
 * multiplied: of eight of them 9/16 of the square. Known difference from `productsOf`: the engine adds several
 * products at once, or without rounding in between, as the processor has it; means are the same to the bit, products
 * within count x 1.1e-16 of the sum of their terms' sizes.
 */
import { type DenseMatrix, multiplyInto } from "../models/index.js";
import { type CenteredPart, meanOf, type ProductsPanel } from "./moments-merge.js";

/**
 * Numbers of a row from which the engine is asked: three times as fast there, while narrower rows are done before it is
 * loaded (0.15 s, 60,000 rows of 96 in loops). By the width alone, so that results do not depend on the day.
 */
export const ENGINE_FROM_WIDTH = 96;
/** Columns of a panel. */
const PANEL = 128;
/** Rows that are turned at once: eight float64 are a line of the cache. */
const ROWS_AT_ONCE = 8;

/** Takes products; its memory, some 0.6 width^2 numbers and a block of rows, is made once. */
export interface EngineProducts {
  /**
   * Those of some rows, which belong to the taker: valid until the next are asked for.
   * @param rows count x width, row-major, finite; count from 1 to the block's
   */
  of(rows: Float64Array, count: number): Promise<CenteredPart>;
}

/** @param blockRows the most rows that come at once */
export function engineProducts(width: number, blockRows: number): EngineProducts {
  const columns = new Float64Array(width * blockRows);
  const panels: ProductsPanel[] = [];
  for (let from = 0; from < width; from += PANEL) {
    const size = { rows: Math.min(PANEL, width - from), columns: width - from };
    panels.push({ from, ...size, data: new Float64Array(size.rows * size.columns) });
  }
  return {
    async of(rows, count) {
      const mean = meanOf(rows, count, width);
      toCenteredColumns(rows, count, mean, columns);
      const some = (from: number, number: number): DenseMatrix => ({
        rows: number,
        columns: count,
        data: columns.subarray(from * count, (from + number) * count),
      });
      for (const panel of panels)
        await multiplyInto(panel, some(panel.from, panel.rows), {
          transpose: some(panel.from, panel.columns),
        });
      return { count, mean, panels };
    },
  };
}

/** columns: width x count */
function toCenteredColumns(
  rows: Float64Array,
  count: number,
  mean: Float64Array,
  columns: Float64Array,
): void {
  const width = mean.length;
  for (let first = 0; first < count; first += ROWS_AT_ONCE) {
    const end = Math.min(count, first + ROWS_AT_ONCE);
    for (let c = 0; c < width; c++) {
      const middle = mean[c]!;
      for (let row = first; row < end; row++) columns[c * count + row] = rows[row * width + c]! - middle;
    }
  }
}
