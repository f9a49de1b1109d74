/**
 * Squared maximum mean discrepancy with KID's kernel, (x.y / d + 1)^3, as the reference takes it: the mean of 100
 * unbiased estimates, each of 1000 rows of each side (the paper's section 3).
 *
 * Binkowski et al., Demystifying MMD GANs, 2018; gpic-eval, clean-fid and torch-fidelity draw subsets in the same way,
 * the first without a seed. Subsets share rows, so the deviation of their mean says how much is luck of the drawing, and
 * nothing of what other images would have given: for that see `mmdAllPairs`, whose value this one varies around.
 */
import { mean, Random, studentQuantile, variance } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { drawRows } from "./draw.js";
import { type KernelSide, kernelSide, kernelsBetween, kernelsWithin, productTypeFor } from "./mmd-kernel.js";
import type { Mmd, MmdOptions } from "./mmd-types.js";
import { allRows, checkRows, checkWidths, frameOf } from "./neighbours-rows.js";

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
  const random = new Random(`mmd ${seed}`);
  const frame = frameOf([allRows(real), allRows(generated)]);
  const sides = { real: kernelSide(allRows(real), frame), generated: kernelSide(allRows(generated), frame) };
  const products = { frame, type };
  const isWhole = (which: "real" | "generated") => sets[which].count === rows;
  const wholes: { real?: number; generated?: number } = {};
  const within = async (which: "real" | "generated", drawn: KernelSide): Promise<number> => {
    if (wholes[which] !== undefined) return wholes[which];
    const { total } = await kernelsWithin(drawn, products, { signal });
    if (isWhole(which)) wholes[which] = total;
    return total;
  };
  const values = new Float64Array(subsets);
  for (let subset = 0; subset < subsets; subset++) {
    const draw = (which: "real" | "generated") => ({
      ...sides[which],
      set: { features: sets[which], rows: drawRows(sets[which].count, rows, random) },
    });
    const [x, y] = [draw("real"), draw("generated")];
    const ofEach = (await within("real", x)) + (await within("generated", y));
    const { total: between } = await kernelsBetween(x, y, products, { signal });
    values.fill(ofEach / (rows * (rows - 1)) - (2 * between) / (rows * rows), subset);
    // every other subset would be these rows again
    const isLast = isWhole("real") && isWhole("generated");
    onProgress?.({ done: isLast ? subsets : subset + 1, total: subsets });
    if (isLast) break;
  }
  const standardError = Math.sqrt(variance(values) / subsets);
  const middle = mean(values);
  const reach = subsets > 1 ? studentQuantile((1 + confidence) / 2, subsets - 1) * standardError : Number.NaN;
  return {
    mmd: middle,
    standardError,
    interval: { low: middle - reach, high: middle + reach },
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
