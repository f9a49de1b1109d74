/**
 * Precision, recall, density and coverage: whose images lie among whose, without a Gaussian (the paper's section 3).
 *
 * Kynkaanniemi et al. 2019 (precision, recall), Naeem et al. 2020 (density, coverage), with the conventions of gpic-eval
 * and the `prdc` package: a row's ball reaches to its k-th nearest neighbour, itself not counted; inside is strictly
 * nearer; at most 10,000 rows of each side; distances of float32 rows are rounded to float32 before they are compared,
 * which makes ties. Draws are seeded here, and distances are those of float64 before they are rounded (neighbours.ts).
 */
import { mean, Random } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { drawRows } from "./draw.js";
import { neighboursWithin } from "./neighbours.js";
import { type ChosenRows, checkRows, checkWidths, frameOf } from "./neighbours-rows.js";
import { type PairControl, pairsOf } from "./neighbours-tiles.js";
import { hitsOf } from "./prdc-hits.js";
import type { Prdc, PrdcHits, PrdcOptions, PrdcValues } from "./prdc-types.js";

/** Rows of each side that the reference looks at. */
export const PRDC_ROWS = 10_000;
/** Neighbours that make a ball in the reference. */
export const PRDC_K = 5;

const WORK = "take precision, recall, density and coverage";

/**
 * PRDC of generated images against real ones.
 * @param sets rows of one encoder and protocol
 * @throws RangeError where there are no more rows than k, widths differ, numbers are not finite, or a k is no integer
 * of at least 1
 * @throws the signal's reason where it stops the work
 * @example (await prdc({ real, generated })).k[0] // { k: 5, precision: 0.9075, recall: 0.91, density: 1.0055, coverage: 0.97 }
 */
export async function prdc(
  sets: { readonly real: FeatureRows; readonly generated: FeatureRows },
  { k = [PRDC_K], maxRows = PRDC_ROWS, seed = 0, signal, onProgress }: PrdcOptions = {},
): Promise<Prdc> {
  checkRows(WORK, "real", sets.real);
  checkRows(WORK, "generated", sets.generated);
  checkWidths(WORK, sets);
  const draw = (which: "real" | "generated"): ChosenRows => ({
    features: sets[which],
    rows: drawRows(sets[which].count, maxRows, new Random(`prdc ${which} ${seed}`)),
  });
  return {
    ...(await prdcOfRows({ real: draw("real"), generated: draw("generated") }, k, { signal, onProgress })),
    seed,
  };
}

/** PRDC of rows that were checked and drawn. */
export async function prdcOfRows(
  { real, generated }: { readonly real: ChosenRows; readonly generated: ChosenRows },
  k: readonly number[],
  { signal, onProgress }: PairControl,
): Promise<Omit<Prdc, "seed">> {
  checkNeighbours(k, { real, generated });
  const walks = [
    { left: real, right: real, isSame: true },
    { left: generated, right: generated, isSame: true },
    { left: real, right: generated, isSame: false },
  ].map(pairsOf);
  const total = walks.reduce((sum, pairs) => sum + pairs, 0);
  let before = 0;
  const control = (pairs: number): PairControl => {
    const from = before;
    before += pairs;
    return { signal, onProgress: ({ done }) => onProgress?.({ done: from + done, total }) };
  };
  // each set around its own middle: one that lies far off, or on few points, keeps its digits
  const ofReal = await neighboursWithin(real, frameOf([real]), k, control(walks[0]!));
  const ofGenerated = await neighboursWithin(generated, frameOf([generated]), k, control(walks[1]!));
  const { hits, decidedExactly } = await hitsOf(
    {
      real: { set: real, ranks: ofReal },
      generated: { set: generated, ranks: ofGenerated },
    },
    frameOf([real, generated]),
    control(walks[2]!),
  );
  return {
    k: hits.map(valuesOf),
    hits,
    rows: { real: real.rows, generated: generated.rows },
    decidedExactly,
  };
}

function valuesOf({ k, real, generated }: PrdcHits): PrdcValues {
  const { balls } = generated;
  return {
    k,
    precision: balls.reduce((count, inside) => count + (inside > 0 ? 1 : 0), 0) / balls.length,
    recall: mean(real.isRecalled),
    density: mean(balls) / k,
    coverage: mean(real.isCovered),
  };
}

function checkNeighbours(
  k: readonly number[],
  sets: { readonly real: ChosenRows; readonly generated: ChosenRows },
): void {
  const wrong = k.find((one) => !Number.isSafeInteger(one) || one < 1);
  if (k.length === 0 || wrong !== undefined)
    throw new RangeError(`Cannot ${WORK}: k is an integer of at least 1, got ${wrong ?? "none"}`);
  const needed = Math.max(...k) + 1;
  for (const which of ["real", "generated"] as const)
    if (sets[which].rows.length < needed)
      throw new RangeError(
        `Cannot ${WORK}: at least ${needed} ${which} rows are needed for k = ${needed - 1}, got ${sets[which].rows.length}`,
      );
}
