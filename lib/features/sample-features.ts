/**
 * Descriptors of the sample by a real encoder (SSCD, int8 build), as data/sample/features holds them.
 *
 * `npm run sample:features` makes the files; provenance.json beside them says what by. Crops are kept as 16-bit
 * integers, covariances as upper triangles: half the bytes, and no digit that the encoder's int8 weights support.
 */
import { join } from "node:path";
import {
  type NpyData,
  type NpyFile,
  type NpzFile,
  openFileSource,
  openNpz,
  packageFile,
} from "../io/index.js";
import { readFeatures } from "./feature-file-read.js";
import type { FeatureMoments, FeatureRows, FeatureSet } from "./feature-set.js";

/** What the sample has descriptors of: photographs of the release, of the pool, crops out of the release. */
export type SamplePart = "release" | "pool" | "crops";

/** Descriptors with the names of their images. */
export interface SampleDescriptors extends FeatureSet {
  readonly prefix: "sscd";
  readonly rows: FeatureRows;
  /** Of each row; of a crop the key of the photograph that it was cut from, so that keys repeat. */
  readonly keys: readonly string[];
}

/** What 1 is among the 16-bit integers of crops.npz. */
export const CROP_SCALE = 32767;
/** What 1 is among the 8-bit integers of degraded.npz: its numbers lie within a quarter of 1. */
export const DEGRADED_SCALE = 512;

/**
 * The committed descriptors of a part of the sample, in the order of its images.
 * @param folder where the files lie; the package's own where it is left out
 * @throws Error where the files are not there, TypeError or RangeError where they are other files
 * @example (await sampleDescriptors("release")).rows // { data: Float32Array, count: 152, width: 512 }
 */
export async function sampleDescriptors(
  part: SamplePart,
  folder: string = sampleFolder(),
): Promise<SampleDescriptors> {
  if (part === "crops") return sampleCrops(folder);
  const path = join(folder, `${part}.npz`);
  const { rows, keys } = await readFeatures(path, { prefix: "sscd" });
  if (rows === undefined || keys === undefined)
    throw new TypeError(`Cannot read ${path}: rows and their keys are needed, got a file without`);
  return { prefix: "sscd", rows, keys };
}

/**
 * Moments of the sample's crops for each protocol that they were prepared by before they went to SSCD.
 * @param folder where the files lie; the package's own where it is left out
 * @returns by protocol id, in the order of the file; means and covariances had float32's digits
 * @throws Error where the files are not there, TypeError or RangeError where they are other files
 * @example (await sampleProtocolMoments()).get("gpic")?.mean.length // 512
 */
export async function sampleProtocolMoments(
  folder: string = sampleFolder(),
): Promise<Map<string, FeatureMoments>> {
  const count = await withNpz(join(folder, "crops.npz"), async (npz) => (await npz.open("photograph")).count);
  return withNpz(join(folder, "protocols.npz"), async (npz) => {
    const moments = new Map<string, FeatureMoments>();
    for (const name of npz.entries.keys()) {
      if (!name.endsWith("_mu")) continue;
      const id = name.slice(0, -"_mu".length);
      const mean = Float64Array.from(await numbers(npz, name, "f4", 1));
      const upper = await numbers(npz, `${id}_sigma`, "f4", 1);
      moments.set(id, { count, mean, covariance: symmetric(upper, mean.length, npz.name) });
    }
    if (moments.size === 0)
      throw new TypeError(`Cannot read ${npz.name}: moments of protocols are needed, got other arrays`);
    return moments;
  });
}

/**
 * Descriptors of the first of the sample's crops after each way of spoiling them: of one way row i is of the same crop as
 * row i of `sampleDescriptors("crops")`. Rounding to 8 bits moves a row of length 1 by some 0.013, which no distance
 * between sets shows (it adds 0.0002 of the variance).
 * @param folder where the files lie; the package's own where it is left out
 * @returns by the id of the degradation, in the order of the file
 * @throws Error where the file is not there, TypeError or RangeError where it is another file
 * @example (await sampleDegraded()).get("mirror")?.count // 200
 */
export async function sampleDegraded(folder: string = sampleFolder()): Promise<Map<string, FeatureRows>> {
  return withNpz(join(folder, "degraded.npz"), async (npz) => {
    const sets = new Map<string, FeatureRows>();
    for (const name of npz.entries.keys()) {
      const whole = await numbers(npz, name, "i1", 2);
      const [count = 0, width = 0] = (await npz.open(name)).shape;
      sets.set(name, { data: Float32Array.from(whole, (value) => value / DEGRADED_SCALE), count, width });
    }
    return sets;
  });
}

function sampleFolder(): string {
  return packageFile("data", "sample", "features");
}

async function sampleCrops(folder: string): Promise<SampleDescriptors> {
  const { keys: photographs } = await sampleDescriptors("release", folder);
  return withNpz(join(folder, "crops.npz"), async (npz) => {
    const whole = await numbers(npz, "sscd_embeddings_i16", "i2", 2);
    const from = await numbers(npz, "photograph", "i2", 1);
    if (from.length === 0 || whole.length % from.length !== 0)
      throw new RangeError(
        `Cannot read ${npz.name}: a photograph for each row is needed, got ${from.length} for ${whole.length} numbers`,
      );
    const data = Float32Array.from(whole, (value) => value / CROP_SCALE);
    const keys = Array.from(from, (index) => {
      const key = photographs[index];
      if (key !== undefined) return key;
      throw new RangeError(
        `Cannot read ${npz.name}: crops of the release's ${photographs.length} photographs are needed, got one of number ${index}`,
      );
    });
    return { prefix: "sscd", rows: { data, count: from.length, width: data.length / from.length }, keys };
  });
}

async function withNpz<T>(path: string, read: (npz: NpzFile) => Promise<T>): Promise<T> {
  const source = await openFileSource(path);
  try {
    const npz = await openNpz(source);
    try {
      return await read(npz);
    } finally {
      await npz.close();
    }
  } finally {
    await source.close();
  }
}

async function numbers(
  npz: NpzFile,
  name: string,
  dtype: "f4" | "i2" | "i1",
  axes: number,
): Promise<Float32Array | Int16Array | Int8Array> {
  const array: NpyFile = await npz.open(name);
  if (array.dtype !== dtype || array.shape.length !== axes)
    throw new TypeError(
      `Cannot read ${array.name}: ${dtype} on ${axes} axes is needed, got ${array.dtype} on ${array.shape.length}`,
    );
  const data: NpyData = await array.readAll();
  return data as Float32Array | Int16Array | Int8Array;
}

/** The whole of a symmetric matrix from its upper triangle, row by row. */
function symmetric(upper: ArrayLike<number>, width: number, name: string): Float64Array {
  const needed = (width * (width + 1)) / 2;
  if (upper.length !== needed)
    throw new RangeError(
      `Cannot read ${name}: an upper triangle of ${needed} numbers is needed, got ${upper.length}`,
    );
  const matrix = new Float64Array(width * width);
  let at = 0;
  for (let row = 0; row < width; row++)
    for (let column = row; column < width; column++) {
      const value = upper[at++]!;
      matrix[row * width + column] = value;
      matrix[column * width + row] = value;
    }
  return matrix;
}
