/** What rows must be before they are added to moments. */

/**
 * @param before rows that were added before
 * @throws RangeError where rows are not count x width, or a number is not finite
 */
export function checkRows(
  rows: Float32Array | Float64Array,
  count: number,
  width: number,
  before: number,
): void {
  if (rows.length !== count * width)
    throw new RangeError(`Cannot add rows: ${count} x ${width} numbers are needed, got ${rows.length}`);
  let wrong = 0;
  while (wrong < rows.length && Number.isFinite(rows[wrong])) wrong++;
  if (wrong < rows.length)
    throw new RangeError(
      `Cannot add row ${before + Math.floor(wrong / width)}: finite numbers are needed, got ${rows[wrong]} in column ${wrong % width}`,
    );
}
