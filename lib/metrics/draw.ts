/** Which rows of a set are looked at, where a metric looks at some of them only. */
import type { Random } from "../core/index.js";

/**
 * Rows drawn without replacement, in rising order; all of them where no more are wanted than there are.
 * @param count rows that there are
 * @param most rows that are wanted at the most
 * @throws RangeError where a number is not an integer of at least 1 (`most` may be Infinity)
 * @example drawRows(3, 10_000, new Random(0)) // Uint32Array [0, 1, 2]
 */
export function drawRows(count: number, most: number, random: Random): Uint32Array {
  for (const [name, value] of [["count", count] as const, ["most", most] as const])
    if (!(value >= 1) || (value !== Number.POSITIVE_INFINITY && !Number.isSafeInteger(value)))
      throw new RangeError(`Cannot draw rows: ${name} is an integer of at least 1, got ${value}`);
  const rows = Uint32Array.from({ length: count }, (_, row) => row);
  if (count <= most) return rows;
  // the first steps of Fisher and Yates: each set of rows is as likely as any other
  for (let i = 0; i < most; i++) {
    const j = i + random.integer(count - i);
    const drawn = rows[j]!;
    rows[j] = rows[i]!;
    rows[i] = drawn;
  }
  return rows.slice(0, most).sort();
}
