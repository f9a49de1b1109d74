/**
 * One side of a score: the features of the real images, or of the generated ones.
 *
 * A file may hold rows, moments, or both. As gpic-eval does it, the moments of a file are used for the Frechet distance
 * where it has them (they may be of more images than it keeps rows of), and the rows for all that needs rows.
 */
import { type FeatureRows, type FeatureSet, momentsOf, readFeatures } from "../features/index.js";
import type { MeanAndCovariance } from "../metrics/index.js";
import { hashFile } from "../models/index.js";

/** Features with the name that messages and results call them. */
export interface ScoreSide extends FeatureSet {
  /** The file or the images that they are of. */
  readonly name: string;
  readonly width: number;
  /** SHA-256 of the file; undefined where the features were made a moment ago. */
  readonly sha256?: string | undefined;
  /** What the file does not say, a sentence each. */
  readonly notes: readonly string[];
}

/** Which features of a file are meant. */
export interface OpenSideOptions {
  /** The encoder, where the file has several. */
  readonly prefix?: FeatureSet["prefix"] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a file of features, rows in blocks.
 * @throws as `readFeatures` does: where it is no such file, lies on its side, or holds numbers that are none
 * @example (await openSide("test_stats.npz")).rows?.count // 50000
 */
export async function openSide(path: string, options: OpenSideOptions = {}): Promise<ScoreSide> {
  const set = await readFeatures(path, { prefix: options.prefix });
  options.signal?.throwIfAborted();
  const width = set.rows?.width ?? set.moments!.mean.length;
  const { sha256 } = await hashFile(path, { signal: options.signal });
  return { ...set, name: path, width, sha256 };
}

/** The images that a side's mean and covariance are of; undefined where nothing says. */
export function countOf({ moments, rows }: FeatureSet): number | undefined {
  return moments === undefined ? rows?.count : moments.count;
}

/**
 * What a Frechet distance is taken of: the file's own moments where it has them, else the rows, so that a covariance
 * that is singular costs no digit; the rows too where the moments are of them and they are fewer than columns.
 */
export function frechetSide(side: ScoreSide): MeanAndCovariance | FeatureRows {
  const { rows, moments, width } = side;
  if (rows === undefined) return momentsOf(side);
  const isFew = rows.count === countOf(side) && rows.count <= width;
  return moments === undefined || isFew ? rows : moments;
}
