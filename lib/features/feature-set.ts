/**
 * Features of a set of images: every row, or only their mean and covariance, and where they come from.
 *
 * A file of the toolkits may hold rows, moments, or both; where both are there, moments need not be those of the rows
 * (the benchmark's reference may take its moments from more images than it keeps rows of), so neither replaces the
 * other in silence.
 */
import { Moments } from "./moments.js";
import type { Provenance } from "./provenance.js";

/** How the toolkits name the arrays of an encoder: dino_mu, inception_mu, sscd_mu. */
export type FeaturePrefix = "dino" | "inception" | "sscd";

/** Features, a row for each image. */
export interface FeatureRows {
  /** count x width, row-major, finite; float64 where the file has float64 */
  readonly data: Float32Array | Float64Array;
  readonly count: number;
  readonly width: number;
}

/** Mean and covariance of features. */
export interface FeatureMoments {
  /** Images that they are of; undefined where the file does not say. */
  readonly count: number | undefined;
  /** width numbers */
  readonly mean: Float64Array;
  /** width x width, row-major, symmetric; divided by count - 1 */
  readonly covariance: Float64Array;
}

/** Features of a set of images; rows or moments are there. */
export interface FeatureSet {
  /** Absent where the file's toolkit does not name the encoder. */
  readonly prefix?: FeaturePrefix | undefined;
  readonly rows?: FeatureRows | undefined;
  readonly moments?: FeatureMoments | undefined;
  /** Names of the images, in the order of the rows. */
  readonly keys?: readonly string[] | undefined;
  /** The shard of each image, in the order of the rows (tar_idx). */
  readonly shards?: readonly string[] | readonly number[] | undefined;
  readonly provenance?: Provenance | undefined;
}

/**
 * The moments of a set: those that it has, else those of its rows, in the caller's thread: some 1e9 multiplications a
 * second (`momentsOfBlocks` is the way for many wide rows).
 * @throws RangeError where there are none and fewer than two rows
 * @example momentsOf({ rows: { data: Float32Array.of(1, 3), count: 2, width: 1 } }).mean // Float64Array [2]
 */
export function momentsOf({ rows, moments }: Pick<FeatureSet, "rows" | "moments">): FeatureMoments {
  if (moments !== undefined) return moments;
  if (rows === undefined)
    throw new RangeError("Cannot compute moments: rows are needed, got a set without any");
  const made = Moments.of(rows.width);
  made.add(rows.data, rows.count);
  return featureMoments(made);
}

/**
 * Moments that were streamed, as a set holds them.
 * @throws RangeError where there are fewer than two rows
 */
export function featureMoments(moments: Moments): FeatureMoments {
  return { count: moments.count, mean: moments.mean, covariance: moments.covariance() };
}
