/** An array of pixels as a set of images: N x height x width x 3 of uint8, in .npy or as `arr_0` of .npz. */
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { crc32 } from "node:zlib";
import { type ByteSource, type NpyFile, openFileSource, openNpy, openNpz } from "../io/index.js";
import { MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE } from "./decode.js";
import { blocks, countText, fingerprintOf } from "./image-blocks.js";
import type { ImageSet } from "./image-set.js";

/** The array that numpy.savez names where it is given no name, and that gpic-eval reads. */
const ARRAY_NAME = "arr_0";
/** Where a .npy is looked at to tell it from another of its shape: all of a small one, 16 MB of a large one. */
const MARKS = 256;
const MARK_BYTES = 65_536;

/**
 * Opens an array of images; pixels are read row by row as they are asked for.
 * @throws Error, with what is needed and what was found, where it is no such array
 */
export async function openArraySet(path: string, format: "npy" | "npz"): Promise<ImageSet> {
  const source = await openFileSource(path);
  try {
    if (format === "npy")
      return arraySet(path, await openNpy(source), await markOf(source), () => source.close());
    const archive = await openNpz(source);
    if (!archive.entries.has(ARRAY_NAME))
      throw new TypeError(
        `Cannot read images of ${path}: an array ${ARRAY_NAME} is needed, got ${named([...archive.entries.keys()])}; ` +
          `numpy.savez(path, images) names it so`,
      );
    const array = await archive.open(ARRAY_NAME);
    return arraySet(path, array, [archive.entries.get(ARRAY_NAME)!.crc32], async () => {
      await archive.close();
      await source.close();
    });
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** What tells two arrays of one shape apart without reading gigabytes: when it was written, and pieces of its bytes. */
async function markOf({ name, length, read }: ByteSource): Promise<number[]> {
  const { mtimeMs } = await stat(name);
  let sum = 0;
  const step = Math.max(MARK_BYTES, Math.floor(length / MARKS));
  for (let at = 0; at < length; at += step)
    sum = crc32(await read(at, Math.min(MARK_BYTES, length - at)), sum);
  return [length, Math.round(mtimeMs), sum];
}

function arraySet(
  path: string,
  array: NpyFile,
  mark: readonly number[],
  close: () => Promise<void>,
): ImageSet {
  const [count, height, width] = checkShape(path, array);
  // a deflated array is read forward; two parts that are read at once must not cut into each other's reads
  let last: Promise<unknown> = Promise.resolve();
  const readRow = (row: number): Promise<Uint8Array> => {
    const read = last.then(() => array.readRowBytes(row, 1));
    last = read.catch(() => {});
    return read;
  };
  return {
    name: path,
    fingerprint: fingerprintOf("array", [[...array.shape, ...mark]]),
    describe: () => `array ${basename(path)}: ${countText(count)} of ${width} x ${height}`,
    count,
    parts: blocks(count, async function* (start, end, { signal }) {
      for (let row = start; row < end; row++) {
        signal?.throwIfAborted();
        const data = await readRow(row);
        yield { key: String(row), read: async () => ({ pixels: { width, height, data } }) };
      }
    }),
    close,
  };
}

function checkShape(path: string, array: NpyFile): readonly [number, number, number] {
  const { dtype, shape } = array;
  const fail = (got: string): never => {
    throw new TypeError(
      `Cannot read images of ${path}: uint8 of shape (N, height, width, 3) is needed, got ${got}`,
    );
  };
  const found = `${dtype} of shape (${shape.join(", ")})`;
  if (dtype !== "u1") {
    const isFloat = dtype.startsWith("f");
    fail(`${found}${isFloat ? "; values from 0 to 1 become it by (x * 255).round().astype('uint8')" : ""}`);
  }
  if (shape.length === 4 && shape[1] === 3 && shape[3] !== 3)
    fail(`${found}; channels come last: images.transpose(0, 2, 3, 1)`);
  if (shape.length !== 4 || shape[3] !== 3) fail(found);
  const [count, height, width] = shape as [number, number, number, number];
  if (count === 0 || height === 0 || width === 0) fail(`${found}, which holds no pixel`);
  if (height * width > MAX_IMAGE_PIXELS) fail(`${found}; an image has at most ${MAX_IMAGE_PIXELS} pixels`);
  if (Math.max(height, width) > MAX_IMAGE_SIDE) fail(`${found}; a side has at most ${MAX_IMAGE_SIDE} pixels`);
  if (array.isFortran) fail(`${found} in Fortran order; numpy.ascontiguousarray turns it around`);
  return [count, height, width];
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => JSON.stringify(name));
  return names.length > shown.length
    ? `${shown.join(", ")} and ${names.length - shown.length} more`
    : shown.join(", ");
}
