/**
 * What b of the bias law is, from the images themselves.
 *
 * The mean's part: the scatter of a mean, Tr S / n. The covariance's part: the second-order term of the distance for a
 * covariance that is off by E is 1/2 sum over i, j of E_ij^2 / (r_i + r_j), in the coordinates u of
 * influence-transport.ts, in which either side has the covariance R = diag(r). (Write the root of M + K as R + X + Y; then
 * X_ij = K_ij / (r_i + r_j) and Tr Y = -1/2 sum of (X^2)_ii / r_i.) E_ij is the error of a mean of u_i u_j, so that
 *   b = Tr S + 1/2 sum over i, j of Var(u_i u_j) / (r_i + r_j), and Var(u_i u_j) = E u_i^2 u_j^2 - r_i^2 [i = j],
 * for each side its own. For normal laws Var(u_i u_j) = r_i r_j (1 + [i = j]), which needs no rows: two alike then have
 * b = Tr S + 1/4 Tr S + 1/2 sum of r_i r_j / (r_i + r_j). Features of photographs are not normal: some images lie far
 * out in many directions, and the fourth moments of the rows are what counts.
 *
 * This is the leading term. The next is smaller by about d/(8 n) (from the moments of Marchenko and Pastur's law, all
 * variances alike), and below one row a column the law itself ends. bias-law-splits.ts measures without this series.
 */
import type { FeatureRows } from "../features/index.js";
import { multiply } from "../models/index.js";
import type { MeanAndCovariance } from "./frechet-check.js";
import { type RowWalkOptions, squaredLength, turnedRows } from "./influence-rows.js";
import { type Transport, transportBetween } from "./influence-transport.js";
import { momentsOfSide } from "./moments-of-rows.js";

/** b of one side: what 1/n of that side adds to the distance. */
export interface SideBias {
  readonly b: number;
  /** Of it by the mean: Tr S. */
  readonly b_mu: number;
  /** Of it by the covariance. */
  readonly b_sigma: number;
  /** From how far the images' own terms scatter, with the coordinates held; null from moments alone. */
  readonly standardError: number | null;
  /** Where Var(u_i u_j) is from: the rows, or the formula of normal laws, for a side of which only moments are there. */
  readonly fourthMoments: "measured" | "normal";
}

/** b of both sides: the expected distance is that of the laws plus real.b / N plus generated.b / n. */
export interface FrechetBias {
  readonly real: SideBias;
  readonly generated: SideBias;
  /** Dimensions that both sides have. */
  readonly rank: number;
}

/**
 * b of both sides of a distance.
 * @param sets rows (2 or more) or moments
 * @throws RangeError where widths differ or numbers are not finite; the signal's reason
 * @example
 * const { real, generated } = await biasOf({ real: realRows, generated: generatedRows });
 * fd - real.b / realRows.count - generated.b / generatedRows.count; // what the laws are apart
 */
export async function biasOf(
  sets: {
    readonly real: FeatureRows | MeanAndCovariance;
    readonly generated: FeatureRows | MeanAndCovariance;
  },
  options: RowWalkOptions = {},
): Promise<FrechetBias> {
  const { signal } = options;
  const real = await momentsOfSide(sets.real, signal);
  const generated = await momentsOfSide(sets.generated, signal);
  const transport = await transportBetween({ real, generated }, { signal });
  const of = (
    side: FeatureRows | MeanAndCovariance,
    { mean }: MeanAndCovariance,
    which: "real" | "generated",
  ) =>
    "data" in side
      ? measured(side, mean, which, transport, options)
      : Promise.resolve(normal(which, transport));
  return {
    real: await of(sets.real, real, "real"),
    generated: await of(sets.generated, generated, "generated"),
    rank: transport.rank,
  };
}

/**
 * b of two samples of one law: their distance is expected to be b (1/n + 1/N).
 * @param law rows, or moments, for which a normal law is taken
 * @throws RangeError where numbers are not finite; the signal's reason
 * @example (await biasOfLaw({ mean: Float64Array.of(0), covariance: Float64Array.of(4) })).b // 4 + 4/4 + 4/4 = 6
 */
export async function biasOfLaw(
  law: FeatureRows | MeanAndCovariance,
  options: RowWalkOptions = {},
): Promise<SideBias> {
  const moments = await momentsOfSide(law, options.signal);
  const transport = await transportBetween({ real: moments, generated: moments }, options);
  return "data" in law
    ? measured(law, moments.mean, "generated", transport, options)
    : normal("generated", transport);
}

async function measured(
  rows: FeatureRows,
  mean: Float64Array,
  which: "real" | "generated",
  transport: Transport,
  options: RowWalkOptions,
): Promise<SideBias> {
  const { width, rank, roots, traces, fromReal, fromGenerated } = transport;
  const sums = new Float64Array(rank * rank);
  for (let i = 0, at = 0; i < rank; i++)
    for (let j = 0; j < rank; j++, at++) sums[at] = 1 / (roots[i]! + roots[j]!);
  const matrix = { rows: rank, columns: rank, data: sums };
  const by = which === "real" ? fromReal : fromGenerated;
  let quartic = 0;
  let total = 0;
  let squares = 0;
  for await (const { count, centred, turned } of turnedRows(rows, mean, by, options)) {
    const squared = { ...turned, data: turned.data.map((u) => u * u) };
    const weighed = rank === 0 ? squared : await multiply(squared, matrix);
    for (let row = 0; row < count; row++) {
      let own = 0;
      for (let at = row * rank; at < (row + 1) * rank; at++) own += squared.data[at]! * weighed.data[at]!;
      const term = squaredLength(centred, row, width) + own / 2;
      quartic += own / 2;
      total += term;
      squares += term * term;
    }
  }
  const { count } = rows;
  const b_mu = traces[which];
  const b_sigma = quartic / count - roots.reduce((sum, root) => sum + root, 0) / 4;
  const variance = (squares - total ** 2 / count) / (count - 1);
  return {
    b: b_mu + b_sigma,
    b_mu,
    b_sigma,
    standardError: Math.sqrt(Math.max(0, variance) / count),
    fourthMoments: "measured",
  };
}

function normal(which: "real" | "generated", { roots, traces }: Transport): SideBias {
  let b_sigma = roots.reduce((sum, root) => sum + root, 0) / 4;
  for (const r of roots) for (const other of roots) b_sigma += (0.5 * r * other) / (r + other);
  const b_mu = traces[which];
  return { b: b_mu + b_sigma, b_mu, b_sigma, standardError: null, fourthMoments: "normal" };
}
