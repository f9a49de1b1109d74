/**
 * One side of a score: the features of the real images, or of the generated ones.
 *
 * A file may hold rows, moments, or both. As gpic-eval does it, the moments of a file are used for the Frechet distance
 * where it has them (they may be of more images than it keeps rows of), and the rows for all that needs rows.
 */
import { type FeatureRows, type FeatureSet, momentsOf, readFeatures } from "../features/index.js";
import { hashFile } from "../io/index.js";
import type { MeanAndCovariance } from "../metrics/index.js";

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
 * Whether a side's mean and covariance are those of its rows, so that what rows say holds for the distance too.
 *
 * A file's moments are held against the rows' means: those of other images are off by a standard deviation over the root
 * of their number in each column, where rounding to float32 is off by a thousandth of it.
 * @example isWhole(side) // false where a file keeps 60 rows beside moments of 3,000 images
 */
export function isWhole(side: ScoreSide): boolean {
  const { rows, moments, width } = side;
  if (rows === undefined) return false;
  if (moments === undefined) return true;
  if (moments.count !== undefined && moments.count !== rows.count) return false;
  const { data, count } = rows;
  const means = new Float64Array(width);
  for (let row = 0, at = 0; row < count; row++)
    for (let column = 0; column < width; column++, at++) means[column]! += data[at]! / count;
  let [apart, spread] = [0, 0];
  for (let column = 0; column < width; column++) {
    apart += (means[column]! - moments.mean[column]!) ** 2;
    spread += moments.covariance[column * width + column]!;
  }
  return apart <= (SAME_MEANS * spread) / count;
}

/** Of the squared distance that means of other images have. */
const SAME_MEANS = 1e-3;

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
