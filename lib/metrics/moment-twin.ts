/**
 * Rows with the very mean and covariance of others, and nothing else of theirs: whatever tells the two apart is what a
 * Frechet distance does not see.
 *
 * Method: an orthogonal matrix Q that leaves (1, ..., 1) where it is mixes the rows, Y = QX. Then 1'Y = 1'X and Y'Y = X'X,
 * so the mean and the covariance stay to rounding, while each new row is a sum of many old ones and by the central limit
 * theorem nearly normal. It is the idea of surrogate data (Theiler et al., Testing for nonlinearity in time series, 1992)
 * with sums and differences of shuffled pairs in place of random phases, and one reflection that puts the mean back.
 */
import { Random } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { checkRows } from "./neighbours-rows.js";

const WORK = "make rows of the same moments";

/** Rounds of turns for each doubling of the rows: one would reach every row, two also even the weights out. */
const ROUNDS_PER_DOUBLING = 2;

/**
 * Other rows of the same mean and the same covariance.
 * @param rows at least 3, finite
 * @param options `seed` of the turns, default 0
 * @returns as many rows, in float64; their Frechet distance to `rows` is zero but for rounding
 * @throws RangeError where there are fewer than 3 rows, or a number is not finite
 * @example (await frechetDistance({ real, generated: momentTwin(real) })).fd // 0.0000000000003
 */
export function momentTwin(
  rows: FeatureRows,
  { seed = 0 }: { readonly seed?: number | string } = {},
): FeatureRows & { readonly data: Float64Array } {
  checkRows(WORK, "given", rows);
  const { count, width } = rows;
  if (count < 3) throw new RangeError(`Cannot ${WORK}: at least 3 rows are needed, got ${count}`);
  const random = new Random(`moment twin ${seed}`);
  const data = Float64Array.from(rows.data.subarray(0, count * width));
  // what becomes of (1, ..., 1) tells the reflection
  const ones = new Float64Array(count).fill(1);
  const rounds = ROUNDS_PER_DOUBLING * Math.ceil(Math.log2(count));
  for (let round = 0; round < rounds; round++) {
    const order = random.shuffle(Array.from({ length: count }, (_, row) => row));
    for (let at = 0; at + 1 < count; at += 2) {
      turn(data, width, order[at]!, order[at + 1]!);
      turn(ones, 1, order[at]!, order[at + 1]!);
    }
  }
  putBack(data, width, ones);
  return { data, count, width };
}

/** Turns two rows into their sum and their difference, each over the root of 2. */
function turn(data: Float64Array, width: number, a: number, b: number): void {
  for (let c = 0, p = a * width, q = b * width; c < width; c++, p++, q++) {
    const [x, y] = [data[p]!, data[q]!];
    data[p] = (x + y) * Math.SQRT1_2;
    data[q] = (x - y) * Math.SQRT1_2;
  }
}

/** Reflects the rows so that `from`, of the length of (1, ..., 1), falls on it. */
function putBack(data: Float64Array, width: number, from: Float64Array): void {
  const normal = from.map((value) => value - 1);
  const squared = normal.reduce((sum, value) => sum + value * value, 0);
  if (squared === 0) return;
  const along = new Float64Array(width);
  for (let row = 0, at = 0; row < normal.length; row++)
    for (let c = 0; c < width; c++) along[c]! += normal[row]! * data[at++]!;
  for (let row = 0, at = 0; row < normal.length; row++)
    for (let c = 0; c < width; c++) data[at++]! -= ((2 * normal[row]!) / squared) * along[c]!;
}
