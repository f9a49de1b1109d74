/**
 * Squared maximum mean discrepancy of all pairs, unbiased, with an interval over new samples.
 *
 * mmd = S(x, x) / m(m - 1) + S(y, y) / n(n - 1) - 2 S(x, y) / mn, S without the pairs of a row with itself. The standard
 * error is the jackknife's: leaving a row out takes its sum of kernels off, so all m + n estimates follow from the row
 * sums that the walk gives anyway. It is never too small in the mean (Efron and Stein, The jackknife estimate of
 * variance, 1981); where both laws are one, the estimate's law is not normal and the error about 1.4 times too large, so
 * the interval is then wider than its confidence says. It is narrower where few rows of few columns are far off the
 * normal law: of 100 rows of one column it holds in 84 of 100 cases, of 16 columns in 95.
 */
import { normalQuantile, variance } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { checkSets } from "./mmd.js";
import { kernelSide, kernelsBetween, kernelsWithin, productTypeFor } from "./mmd-kernel.js";
import type { MmdAllPairs, MmdControl } from "./mmd-types.js";
import { allRows, frameOf } from "./neighbours-rows.js";
import { type PairControl, pairsOf } from "./neighbours-tiles.js";

/**
 * The unbiased estimate of all pairs of rows.
 * @param sets rows of one encoder and protocol, at least three of each
 * @throws RangeError where a side has fewer than three rows, widths differ, numbers are not finite, or confidence is no
 * share
 * @throws the signal's reason where it stops the work
 * @example (await mmdAllPairs({ real, generated })).interval // { low: 0.0198, high: 0.0231 }
 */
export async function mmdAllPairs(
  sets: { readonly real: FeatureRows; readonly generated: FeatureRows },
  options: MmdControl = {},
): Promise<MmdAllPairs> {
  checkSets(sets, options.confidence, 3);
  const { confidence = 0.95, signal, onProgress } = options;
  const [real, generated] = [allRows(sets.real), allRows(sets.generated)];
  const frame = frameOf([real, generated]);
  const walks = [
    { left: real, right: real, isSame: true },
    { left: generated, right: generated, isSame: true },
    { left: real, right: generated, isSame: false },
  ].map(pairsOf);
  const total = walks.reduce((sum, pairs) => sum + pairs, 0);
  const type = options.products ?? productTypeFor(total * sets.real.width);
  const control = (before: number): PairControl => ({
    signal,
    onProgress: ({ done }) => onProgress?.({ done: before + done, total }),
  });
  const [x, y] = [kernelSide(real, frame), kernelSide(generated, frame)];
  const ofX = await kernelsWithin(x, { frame, type }, control(0));
  const ofY = await kernelsWithin(y, { frame, type }, control(walks[0]!));
  const between = await kernelsBetween(x, y, { frame, type }, control(walks[0]! + walks[1]!));
  const [m, n] = [sets.real.count, sets.generated.count];
  const [withinX, withinY] = [ofX.total / (m * (m - 1)), ofY.total / (n * (n - 1))];
  const mmd = withinX + withinY - (2 * between.total) / (m * n);
  const withoutX = ofX.rows.map(
    (sum, i) =>
      (ofX.total - 2 * sum) / ((m - 1) * (m - 2)) +
      withinY -
      (2 * (between.total - between.rows[i]!)) / ((m - 1) * n),
  );
  const withoutY = ofY.rows.map(
    (sum, j) =>
      withinX +
      (ofY.total - 2 * sum) / ((n - 1) * (n - 2)) -
      (2 * (between.total - between.columns[j]!)) / (m * (n - 1)),
  );
  const standardError = Math.sqrt(jackknifeVariance(withoutX) + jackknifeVariance(withoutY));
  const reach = normalQuantile((1 + confidence) / 2) * standardError;
  return {
    mmd,
    standardError,
    interval: { low: mmd - reach, high: mmd + reach },
    confidence,
    products: type,
    counts: { real: m, generated: n },
  };
}

function jackknifeVariance(without: Float64Array): number {
  const count = without.length;
  return ((count - 1) ** 2 / count) * variance(without);
}
