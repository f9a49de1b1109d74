/**
 * How far precision, recall, density and coverage swing between samples of one and the same law, by simulation (check C15).
 *
 * Both sides are drawn anew from a normal law, again and again. In the mean density is 1 whatever the law
 * (coverage-law.ts); how far it swings depends on how many directions the law really has: with many, a few points lie
 * in the balls of very many others ("hubs", Radovanovic et al. 2010) and the rest in none, so that a few draws decide
 * the value. Precision falls for the same reason, which makes it a measure of how far the density of the same features
 * swings. The deviation falls with the root of the number of points (with as many on either side).
 */
import { Random } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { PRDC_K, prdc } from "../metrics/index.js";

/** A value over simulated samples. */
export interface SimulatedValue {
  readonly mean: number;
  /** Over samples, divisor runs - 1. */
  readonly standardDeviation: number;
}

/** What samples of one law have. */
export interface EqualLaws {
  readonly precision: SimulatedValue;
  readonly recall: SimulatedValue;
  readonly density: SimulatedValue;
  readonly coverage: SimulatedValue;
  /** Points of each side. */
  readonly count: number;
  readonly runs: number;
  readonly k: number;
  readonly seed: number | string;
}

/** What is simulated. */
export interface EqualLawsOptions {
  /** Standard deviation along each dimension of the normal law; as many as dimensions. */
  readonly deviations: readonly number[];
  /** Points of each side, more than k. */
  readonly count: number;
  /** At least 2; 20 know a deviation to a sixth of itself. */
  readonly runs: number;
  readonly seed: number | string;
  /** Default 5. */
  readonly k?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { runsDone: number; runsTotal: number }) => void) | undefined;
}

/**
 * Simulates samples of equal laws.
 * @throws RangeError where there is no dimension, a deviation is not above 0, or runs or count are too few; the
 * signal's reason
 * @example
 * const eight = new Array<number>(8).fill(1);
 * (await equalLaws({ deviations: eight, count: 1_000, runs: 20, seed: 1 })).density.standardDeviation; // about 0.024
 */
export async function equalLaws({
  deviations,
  count,
  runs,
  seed,
  k = PRDC_K,
  signal,
  onProgress,
}: EqualLawsOptions): Promise<EqualLaws> {
  if (deviations.length === 0 || !deviations.every((one) => one > 0 && Number.isFinite(one)))
    throw new RangeError(
      `Cannot simulate equal laws: a deviation above 0 for each of 1 dimension or more is needed, got ${deviations.slice(0, 3).join(", ") || "none"}`,
    );
  if (!(Number.isSafeInteger(runs) && runs >= 2))
    throw new RangeError(`Cannot simulate equal laws: 2 runs or more are needed, got ${runs}`);
  if (!(Number.isSafeInteger(count) && count > k))
    throw new RangeError(`Cannot simulate equal laws: more than ${k} points are needed, got ${count}`);
  const random = new Random(seed);
  const found: { precision: number; recall: number; density: number; coverage: number }[] = [];
  for (let run = 0; run < runs; run++) {
    const real = drawn(deviations, count, random);
    const generated = drawn(deviations, count, random);
    const { k: values } = await prdc({ real, generated }, { k: [k], maxRows: count, signal });
    found.push(...values);
    onProgress?.({ runsDone: run + 1, runsTotal: runs });
  }
  const over = (name: "precision" | "recall" | "density" | "coverage"): SimulatedValue => {
    const mean = found.reduce((sum, run) => sum + run[name], 0) / runs;
    const squares = found.reduce((sum, run) => sum + (run[name] - mean) ** 2, 0);
    return { mean, standardDeviation: Math.sqrt(squares / (runs - 1)) };
  };
  return {
    precision: over("precision"),
    recall: over("recall"),
    density: over("density"),
    coverage: over("coverage"),
    ...{ count, runs, k, seed },
  };
}

function drawn(deviations: readonly number[], count: number, random: Random): FeatureRows {
  const width = deviations.length;
  const data = new Float32Array(count * width);
  for (let at = 0; at < data.length; at++) data[at] = random.normal() * deviations[at % width]!;
  return { data, count, width };
}
