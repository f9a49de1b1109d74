/**
 * Whether generated images are training images: each one's nearest training image, a threshold that real images which
 * were not trained on set, and authenticity.
 *
 * An image counts as memorised where it is nearer to the training set than all but a few held-out real images are: the
 * threshold is the q-th smallest of their m distances with q = floor(a (m + 1)), so that an image of the held-out law is
 * flagged with a probability of a at the most, whatever that law (conformal prediction; Vovk et al. 2005). Authenticity
 * is Alaa et al.'s (How Faithful is your Synthetic Data?, 2022): an image is authentic where it is further from its
 * nearest training image than that is from its own nearest other one. Known limits: as fine as the encoder, so use a
 * descriptor of copies (SSCD) for copies; held-out images that are near-duplicates of training images widen what passes,
 * and q of them that are training images themselves make the threshold 0. An image at distance 0 is a copy whatever the
 * threshold, and is flagged always: held-out copies are then flagged too, and `heldOutCopies` says how many there are.
 */
import { mean } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { neighboursBetween } from "./neighbours.js";
import { allRows, type ChosenRows, checkRows, checkWidths, frameOf } from "./neighbours-rows.js";
import type { PairControl } from "./neighbours-tiles.js";

/** What is compared: rows of one encoder and protocol. */
export interface MemorisationSets {
  /** What the model was trained on. */
  readonly training: FeatureRows;
  /** Real images of the same kind that it was not trained on. */
  readonly heldOut: FeatureRows;
  readonly generated: FeatureRows;
}

/** How memorisation is looked for. */
export interface MemorisationOptions extends PairControl {
  /** Probability of flagging an image of the held-out law, at the most. Default 0.01, which takes 99 held-out images. */
  readonly falseAlarmRate?: number;
}

/** What was found. */
export interface Memorisation {
  /** The nearest training image of each generated one. */
  readonly nearest: {
    /** Numbers of rows of `training`. */
    readonly indices: Uint32Array;
    readonly distances: Float64Array;
  };
  /** Share of images like the held-out ones that are as near to the training set, at the most: from 1 / (m + 1) to 1. */
  readonly pValues: Float64Array;
  /** Generated images nearer than this to the training set are flagged, and those at distance 0 in any case. */
  readonly threshold: number;
  /** Held-out images at distance 0 of a training image: above 0 the false-alarm rate is not that of `falseAlarmRate`. */
  readonly heldOutCopies: number;
  readonly falseAlarmRate: number;
  /** Numbers of the generated rows that are flagged, the nearest first. */
  readonly flagged: Uint32Array;
  /** Share of generated images that are flagged; of a held-out law without copies `falseAlarmRate` at most is expected. */
  readonly flaggedShare: number;
  /** Share of authentic images among the generated, and among the held-out ones for comparison. */
  readonly authenticity: { readonly generated: number; readonly heldOut: number };
  /** 1 where a generated image is authentic. */
  readonly isAuthentic: Uint8Array;
  readonly counts: { readonly training: number; readonly heldOut: number; readonly generated: number };
}

const WORK = "look for memorisation";

/**
 * Looks for generated images that are training images.
 * @throws RangeError where there are fewer than two training images, too few held-out ones for the false-alarm rate,
 * widths differ, or numbers are not finite
 * @throws the signal's reason where it stops the work
 * @example (await memorisation({ training, heldOut, generated })).flagged // Uint32Array [17]: the planted copy
 */
export async function memorisation(
  sets: MemorisationSets,
  { falseAlarmRate = 0.01, signal, onProgress }: MemorisationOptions = {},
): Promise<Memorisation> {
  for (const which of ["training", "heldOut", "generated"] as const) checkRows(WORK, which, sets[which]);
  const { training, heldOut, generated } = sets;
  checkWidths(WORK, { training, heldOut, generated });
  if (training.count < 2)
    throw new RangeError(`Cannot ${WORK}: at least 2 training rows are needed, got ${training.count}`);
  const place = thresholdPlace(falseAlarmRate, heldOut.count);
  const [from, real, others] = [allRows(training), allRows(heldOut), allRows(generated)];
  const frame = frameOf([from, real, others]);
  let before = 0;
  // the fourth walk, of training images that are nearest to another, is as long as the first three at the most
  const total = training.count * 2 * (heldOut.count + generated.count);
  const control = (pairs: number): PairControl => {
    const start = before;
    before += pairs;
    return { signal, onProgress: ({ done }) => onProgress?.({ done: start + done, total }) };
  };
  const nearestOf = async (set: ChosenRows) => {
    const [found] = await neighboursBetween(
      { from: set, to: from },
      frame,
      [1],
      control(set.rows.length * training.count),
    );
    return found!;
  };
  const ofHeldOut = await nearestOf(real);
  const ofGenerated = await nearestOf(others);
  const met = {
    features: training,
    rows: Uint32Array.from(new Set([...ofHeldOut.indices, ...ofGenerated.indices])),
  };
  // a training image is its own nearest: the second is the nearest other, which may be a copy
  const [nearestOther] = await neighboursBetween({ from: met, to: from }, frame, [2], {
    signal,
    onProgress: ({ done, total: pairs }) =>
      onProgress?.({ done: before + ((total - before) * done) / pairs, total }),
  });
  const room = new Map(Array.from(met.rows, (row, at) => [row, nearestOther!.distances[at]!]));
  const authentic = ({ distances, indices }: typeof ofGenerated): Uint8Array =>
    Uint8Array.from(distances, (distance, at) => (distance > room.get(indices[at]!)! ? 1 : 0));
  const sorted = ofHeldOut.distances.slice().sort();
  const threshold = sorted[place - 1]!;
  const { indices, distances } = ofGenerated;
  const flagged = Uint32Array.from(distances.keys())
    .filter((row) => distances[row]! < threshold || distances[row] === 0)
    .sort((a, b) => distances[a]! - distances[b]! || a - b);
  const isAuthentic = authentic(ofGenerated);
  return {
    nearest: { indices, distances },
    pValues: distances.map((distance) => (1 + countUpTo(sorted, distance)) / (heldOut.count + 1)),
    threshold,
    heldOutCopies: countUpTo(sorted, 0),
    falseAlarmRate,
    flagged,
    flaggedShare: flagged.length / generated.count,
    authenticity: { generated: mean(isAuthentic), heldOut: mean(authentic(ofHeldOut)) },
    isAuthentic,
    counts: { training: training.count, heldOut: heldOut.count, generated: generated.count },
  };
}

function thresholdPlace(falseAlarmRate: number, heldOut: number): number {
  if (!(falseAlarmRate > 0 && falseAlarmRate < 1))
    throw new RangeError(
      `Cannot ${WORK}: a false-alarm rate between 0 and 1 is needed, got ${falseAlarmRate}`,
    );
  // a rate of 1 in m + 1 is reached by m images: what rounding takes off it is given back
  const place = Math.floor(falseAlarmRate * (heldOut + 1) * (1 + 1e-12));
  if (place < 1)
    throw new RangeError(
      `Cannot ${WORK} at a false-alarm rate of ${falseAlarmRate}: at least ${Math.ceil(1 / falseAlarmRate) - 1} held-out rows are needed, got ${heldOut}`,
    );
  return place;
}

/** How many of sorted numbers are at most as large. */
function countUpTo(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
