/**
 * Squared maximum mean discrepancy with KID's kernel, (x.y / d + 1)^3, as the reference takes it: the mean of 100
 * unbiased estimates, each of 1000 rows of each side (the paper's section 3).
 *
 * Binkowski et al., Demystifying MMD GANs, 2018; gpic-eval, clean-fid and torch-fidelity draw subsets in the same way,
 * the first without a seed. Subsets share rows, so the deviation of their mean says how much is luck of the drawing, and
 * nothing of what other images would have given: for that see `mmdAllPairs`, whose value this one varies around.
 */
import { normalQuantile, Random } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { drawRows } from "./draw.js";
import { kernelSide, kernelsBetween, kernelsWithin, productTypeFor } from "./mmd-kernel.js";
import type { Mmd, MmdOptions } from "./mmd-types.js";
import { checkRows, checkWidths, frameOf } from "./neighbours-rows.js";

const WORK = "take a maximum mean discrepancy";

/**
 * The mean of unbiased estimates over seeded subsets.
 * @param sets rows of one encoder and protocol
 * @throws RangeError where a side has fewer than two rows, widths differ, numbers are not finite, or an option is out of
 * range
 * @throws the signal's reason where it stops the work
 * @example (await mmd({ real, generated }, { seed: 1 })).mmd // 0.0213
 */
export async function mmd(
  sets: { readonly real: FeatureRows; readonly generated: FeatureRows },
  { subsets = 100, subsetRows = 1000, seed = 0, ...options }: MmdOptions = {},
): Promise<Mmd> {
  checkSets(sets, options.confidence);
  if (!Number.isSafeInteger(subsets) || subsets < 1)
    throw new RangeError(`Cannot ${WORK}: subsets is an integer of at least 1, got ${subsets}`);
  if (!Number.isSafeInteger(subsetRows) || subsetRows < 2)
    throw new RangeError(`Cannot ${WORK}: subsetRows is an integer of at least 2, got ${subsetRows}`);
  const { real, generated } = sets;
  const { confidence = 0.95, signal, onProgress } = options;
  const rows = Math.min(real.count, generated.count, subsetRows);
  const type = options.products ?? productTypeFor(2 * subsets * rows * rows * real.width);
  const all = (features: FeatureRows) => ({
    features,
    rows: drawRows(features.count, features.count, random),
  });
  const random = new Random(`mmd ${seed}`);
  const frame = frameOf([all(real), all(generated)]);
  const sides = { real: kernelSide(all(real), frame), generated: kernelSide(all(generated), frame) };
  const values = new Float64Array(subsets);
  for (let subset = 0; subset < subsets; subset++) {
    const draw = (which: "real" | "generated") => ({
      ...sides[which],
      set: { features: sets[which], rows: drawRows(sets[which].count, rows, random) },
    });
    const [x, y] = [draw("real"), draw("generated")];
    const within =
      (await kernelsWithin(x, { frame, type }, { signal })).total +
      (await kernelsWithin(y, { frame, type }, { signal })).total;
    const between = (await kernelsBetween(x, y, { frame, type }, { signal })).total;
    values[subset] = within / (rows * (rows - 1)) - (2 * between) / (rows * rows);
    onProgress?.({ done: subset + 1, total: subsets });
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / subsets;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = subsets > 1 ? Math.sqrt(squares / (subsets - 1) / subsets) : Number.NaN;
  const reach = normalQuantile((1 + confidence) / 2) * standardError;
  return {
    mmd: mean,
    standardError,
    interval: { low: mean - reach, high: mean + reach },
    confidence,
    products: type,
    values,
    subsetRows: rows,
    seed,
  };
}

/** @throws RangeError where no discrepancy can be taken of these sets */
export function checkSets(
  sets: { readonly real: FeatureRows; readonly generated: FeatureRows },
  confidence: number | undefined,
  fewest: number = 2,
): void {
  checkRows(WORK, "real", sets.real);
  checkRows(WORK, "generated", sets.generated);
  checkWidths(WORK, sets);
  for (const which of ["real", "generated"] as const)
    if (sets[which].count < fewest)
      throw new RangeError(
        `Cannot ${WORK}: at least ${fewest} ${which} rows are needed, got ${sets[which].count}`,
      );
  if (confidence !== undefined && !(confidence > 0 && confidence < 1))
    throw new RangeError(`Cannot ${WORK}: confidence lies between 0 and 1, got ${confidence}`);
}
