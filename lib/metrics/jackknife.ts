/**
 * The interval of a Frechet distance, by leaving blocks of images out.
 *
 * Method: Busing, Meijer, van der Leeden, "Delete-m jackknife for unequal m" (1999); for equal blocks it is Quenouille's
 * and Tukey's. Moments are mergeable, so a block is left out without its images. Two intervals come out, because a
 * distance of samples is too large by b/n + B/N (bias-law.ts): `interval` is of the distance that samples of these sizes
 * have on average, `correctedInterval` of the distance of the laws themselves, from which the jackknife has taken the
 * bias. Known limits: where both laws are the same the first-order terms vanish, and the variance comes out about twice
 * as large as it is (the interval is too wide, never too narrow, on average); with blocks so large that fewer images
 * than columns are left the bias is not one over n, and the corrected value is not to be used. The bootstrap is no way
 * out: drawing with replacement repeats images and adds the bias once more (jackknife-bootstrap.ts).
 */
import { type Interval, studentQuantile } from "../core/index.js";
import type { Moments } from "../features/index.js";
import { type FrechetDistance, frechetFrom } from "./frechet.js";
import type { MeanAndCovariance } from "./frechet-check.js";
import { mergedBlocks, withoutBlock } from "./jackknife-blocks.js";

/** A number of samples, and how sure it is. */
export interface JackknifeEstimate {
  /** Of all images as they are. */
  readonly value: number;
  readonly standardError: number;
  /** Of what samples of these sizes give on average. */
  readonly interval: Interval;
  /** Without the terms of size one over the numbers of images of the sides that have blocks. */
  readonly corrected: number;
  /** Of the same number of the laws themselves, as far as `corrected` is free of bias. */
  readonly correctedInterval: Interval;
  /** Of the variance; Student's t with as many makes the interval. */
  readonly degreesOfFreedom: number;
}

/** A Frechet distance with intervals. */
export interface JackknifeFrechet {
  readonly fd: JackknifeEstimate;
  readonly fd_mu: JackknifeEstimate;
  readonly fd_sigma: JackknifeEstimate;
  readonly confidence: number;
  /** Blocks of either side; 0 where a side is taken as it is and adds nothing to the interval. */
  readonly blocks: { readonly real: number; readonly generated: number };
}

/** What a jackknife takes beside its blocks. */
export interface JackknifeOptions {
  /** Between 0 and 1, default 0.95. */
  readonly confidence?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { blocksDone: number; blocksTotal: number }) => void) | undefined;
}

/**
 * A distance with intervals.
 * @param sets generated: moments of 4 blocks or more (20 are plenty), each a random part of the images. real: such
 * blocks, or moments of a reference that is taken as fixed
 * @throws RangeError where a side has fewer than 4 blocks, an empty one, or the widths differ; the signal's reason
 * @example
 * const blocks = { blocks: 20, seed: 1 };
 * const { fd } = await jackknifeFrechet({
 *   real: await drawBlocks(real, blocks),
 *   generated: await drawBlocks(generated, blocks),
 * });
 * fd.interval; // { low, high }
 */
export async function jackknifeFrechet(
  sets: {
    readonly real: readonly Moments[] | MeanAndCovariance;
    readonly generated: readonly Moments[];
  },
  { confidence = 0.95, signal, onProgress }: JackknifeOptions = {},
): Promise<JackknifeFrechet> {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(
      `Cannot make an interval: a confidence between 0 and 1 is needed, got ${confidence}`,
    );
  const generatedBlocks = checked("generated", sets.generated);
  const realBlocks = isBlocks(sets.real) ? checked("real", sets.real) : [];
  const real = isBlocks(sets.real) ? mergedBlocks(sets.real) : sets.real;
  const generated = mergedBlocks(generatedBlocks);
  const blocksTotal = generatedBlocks.length + realBlocks.length;
  let blocksDone = 0;
  const leaveOut = async (blocks: readonly Moments[], side: MeanAndCovariance, other: MeanAndCovariance) => {
    const distances: FrechetDistance[] = [];
    if (blocks.length === 0) return distances;
    const distance = await frechetFrom(other, { signal });
    for (const block of blocks) {
      signal?.throwIfAborted();
      distances.push(await distance(withoutBlock({ ...side, count: countOf(blocks) }, block)));
      onProgress?.({ blocksDone: ++blocksDone, blocksTotal });
    }
    return distances;
  };
  const whole = await (await frechetFrom(real, { signal }))(generated);
  const parts: readonly Part[] = [
    { counts: countsOf(generatedBlocks), distances: await leaveOut(generatedBlocks, generated, real) },
    { counts: countsOf(realBlocks), distances: await leaveOut(realBlocks, real, generated) },
  ];
  const estimate = (term: Term) => estimateOf(term, whole[term], parts, confidence);
  return {
    fd: estimate("fd"),
    fd_mu: estimate("fd_mu"),
    fd_sigma: estimate("fd_sigma"),
    confidence,
    blocks: { real: realBlocks.length, generated: generatedBlocks.length },
  };
}

type Term = "fd" | "fd_mu" | "fd_sigma";

/** A side's blocks: how many images each has, and the distance without it. */
interface Part {
  readonly counts: readonly number[];
  readonly distances: readonly FrechetDistance[];
}

function estimateOf(
  term: Term,
  value: number,
  parts: readonly Part[],
  confidence: number,
): JackknifeEstimate {
  let bias = 0;
  let variance = 0;
  let inverseDegrees = 0;
  for (const { counts, distances } of parts) {
    const blocks = counts.length;
    if (blocks === 0) continue;
    const count = counts.reduce((sum, some) => sum + some, 0);
    const shares = counts.map((some) => some / count);
    const left = distances.map((distance) => distance[term]);
    const corrected = blocks * value - left.reduce((sum, without, i) => sum + (1 - shares[i]!) * without, 0);
    const own = left.reduce((sum, without, i) => {
      const pseudo = (value - (1 - shares[i]!) * without) / shares[i]!;
      return sum + (pseudo - corrected) ** 2 / (1 / shares[i]! - 1) / blocks;
    }, 0);
    bias += value - corrected;
    variance += own;
    inverseDegrees += own ** 2 / (blocks - 1);
  }
  const degreesOfFreedom = inverseDegrees > 0 ? variance ** 2 / inverseDegrees : Number.POSITIVE_INFINITY;
  const standardError = Math.sqrt(variance);
  const half = studentQuantile((1 + confidence) / 2, degreesOfFreedom) * standardError;
  const corrected = value - bias;
  return {
    value,
    standardError,
    interval: { low: value - half, high: value + half },
    corrected,
    correctedInterval: { low: corrected - half, high: corrected + half },
    degreesOfFreedom,
  };
}

function isBlocks(side: readonly Moments[] | MeanAndCovariance): side is readonly Moments[] {
  return Array.isArray(side);
}

function countsOf(blocks: readonly Moments[]): number[] {
  return blocks.map((block) => block.count);
}

function countOf(blocks: readonly Moments[]): number {
  return countsOf(blocks).reduce((sum, some) => sum + some, 0);
}

function checked(which: string, blocks: readonly Moments[]): readonly Moments[] {
  // the t expansion needs 3 degrees of freedom
  if (blocks.length < 4)
    throw new RangeError(
      `Cannot leave blocks out: at least 4 blocks of ${which} images are needed, got ${blocks.length}`,
    );
  const empty = countsOf(blocks).indexOf(0);
  if (empty >= 0)
    throw new RangeError(
      `Cannot leave blocks out: images in each block are needed, got none in ${which} block ${empty}`,
    );
  return blocks;
}
