/**
 * How far precision, recall, density and coverage would swing with other images of the same two laws.
 *
 * Method: random half-samples (Politis, Romano and Wolf, Subsampling, 1999; McCarthy 1969 for halves): draws of b of n
 * rows without replacement, many times. The deviation of the values over draws, times sqrt(b / m / (1 - b / n)), is that
 * of a value of m rows over new samples; for halves of everything the factor is 1. Drawing with replacement, as the
 * bootstrap does, would put copies at distance 0 into every ball. The deviation is known by as many draws as there are,
 * so Student's t makes the interval; and it is never narrower than Wilson's of as many images that hit or miss each for
 * itself, as a share that every draw has at 0 or 1 does not swing and is not sure for that. Known limits: the factor is
 * that of means, and halves have smaller coverage of the same law, so that only their spread is used, around the value
 * of all rows.
 */
import { type Interval, Random, studentQuantile, variance, wilsonInterval } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { drawRows } from "./draw.js";
import { PRDC_K, PRDC_ROWS, prdc, prdcOfRows } from "./prdc.js";
import type { Prdc, PrdcOptions, PrdcValues } from "./prdc-types.js";

/** What intervals are asked for. */
export interface PrdcIntervalOptions extends PrdcOptions {
  /** Draws, at least 5. Default 20, which know a deviation to a sixth of itself. */
  readonly repeats?: number;
  /** Between 0 and 1, default 0.95. */
  readonly confidence?: number;
}

/** Values of one k, each with an interval. */
export type PrdcWithIntervals = { readonly k: number } & {
  readonly [Each in Name]: {
    readonly value: number;
    /** Over new samples of as many images, as the draws show it: 0 where all have one value. */
    readonly standardError: number;
    /** Student's around the value, or Wilson's where that reaches further; cut where no value can be. */
    readonly interval: Interval;
  };
};

/** PRDC with intervals, and how they came about. */
export interface PrdcIntervals {
  readonly k: readonly PrdcWithIntervals[];
  /** Of all drawn rows, as `prdc` gives it. */
  readonly whole: Prdc;
  /** Rows of each side in a repetition. */
  readonly repeatRows: { readonly real: number; readonly generated: number };
  readonly repeats: number;
  readonly confidence: number;
}

type Name = Exclude<keyof PrdcValues, "k">;

/**
 * PRDC with intervals by seeded repetitions on half of the rows.
 * @throws RangeError as `prdc` does, where half of the rows are too few for k, or an option is out of range
 * @example (await prdcIntervals({ real, generated }, { seed: 1 })).k[0].coverage.interval // { low: 0.93, high: 1 }
 */
export async function prdcIntervals(
  sets: { readonly real: FeatureRows; readonly generated: FeatureRows },
  options: PrdcIntervalOptions = {},
): Promise<PrdcIntervals> {
  const { k = [PRDC_K], maxRows = PRDC_ROWS, seed = 0, repeats = 20, confidence = 0.95 } = options;
  if (!Number.isSafeInteger(repeats) || repeats < 5)
    throw new RangeError(`Cannot repeat PRDC: repeats is an integer of at least 5, got ${repeats}`);
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`Cannot repeat PRDC: confidence lies between 0 and 1, got ${confidence}`);
  const { signal, onProgress } = options;
  const step = (number: number) => ({
    signal,
    onProgress: ({ done, total }: { readonly done: number; readonly total: number }) =>
      onProgress?.({ done: number + done / total, total: repeats + 1 }),
  });
  const whole = await prdc(sets, { k, maxRows, seed, ...step(0) });
  const used = { real: whole.rows.real.length, generated: whole.rows.generated.length };
  const repeatRows = {
    real: Math.min(used.real, Math.floor(sets.real.count / 2)),
    generated: Math.min(used.generated, Math.floor(sets.generated.count / 2)),
  };
  const drawn: (readonly PrdcValues[])[] = [];
  for (let number = 1; number <= repeats; number++) {
    const draw = (which: "real" | "generated") => ({
      features: sets[which],
      rows: drawRows(
        sets[which].count,
        repeatRows[which],
        new Random(`prdc ${which} ${seed} again ${number}`),
      ),
    });
    const rows = { real: draw("real"), generated: draw("generated") };
    drawn.push((await prdcOfRows(rows, k, step(number))).k);
  }
  const factor = Math.max(
    ...(["real", "generated"] as const).map((which) =>
      Math.sqrt(repeatRows[which] / used[which] / (1 - repeatRows[which] / sets[which].count)),
    ),
  );
  const reach = studentQuantile((1 + confidence) / 2, repeats - 1);
  const of = (at: number, name: Name) => {
    const value = whole.k[at]![name];
    const standardError = factor * Math.sqrt(variance(drawn.map((values) => values[at]![name])));
    const most = name === "density" ? Number.POSITIVE_INFINITY : 1;
    const floor = floorOf(whole.k[at]!, name, used, confidence);
    return {
      value,
      standardError,
      interval: {
        low: Math.min(floor.low, Math.max(0, value - reach * standardError)),
        high: Math.max(floor.high, Math.min(most, value + reach * standardError)),
      },
    };
  };
  return {
    k: whole.k.map((values, at) => ({
      k: values.k,
      precision: of(at, "precision"),
      recall: of(at, "recall"),
      density: of(at, "density"),
      coverage: of(at, "coverage"),
    })),
    whole,
    repeatRows,
    repeats,
    confidence,
  };
}

/** Wilson's interval of the share; of density that of precision, with as much density for each image inside. */
function floorOf(
  values: PrdcValues,
  name: Name,
  rows: { readonly real: number; readonly generated: number },
  confidence: number,
): Interval {
  const isOfGenerated = name === "precision" || name === "density";
  const share = isOfGenerated ? values.precision : values[name];
  const total = isOfGenerated ? rows.generated : rows.real;
  const { low, high } = wilsonInterval(Math.round(share * total), total, confidence);
  if (name !== "density") return { low, high };
  // where no image is inside: 1, as of one law
  const ofInside = share > 0 ? values.density / share : 1;
  return { low: low * ofInside, high: high * ofInside };
}
