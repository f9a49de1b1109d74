/**
 * Descriptors of images for the search of copies: of a file, the committed ones of the sample, or the encoder's.
 *
 * The paper's SSCD checkpoint is not named (silence 3). Where nobody gives descriptors, sscd-int8 runs, whose rounding to
 * whole numbers moves similarities a little.
 */
import { basename } from "node:path";
import { extractedRows, extractFeatures, readFeatures, sampleDescriptors } from "../features/index.js";
import type { ImageSet } from "../images/index.js";
import { openEncoder } from "../models/index.js";
import type { NamedRows } from "./remove-copies.js";

/** Descriptors, and where they are from, in words. */
export interface Descriptors extends NamedRows {
  readonly from: string;
}

/** What describing takes beside the images. */
export interface DescribeOptions {
  /** A file of features with keys, which is read instead of anything else. */
  readonly file?: string | undefined;
  /** Where finished parts of what the encoder is at are kept. */
  readonly folder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Is called with how many images are described; 0 while the weights are read. */
  readonly onImages?: ((done: number) => void) | undefined;
}

/**
 * Descriptors of images.
 * @param keys those that are needed
 * @throws TypeError where the file holds no rows with keys; RangeError, by `rowsOfKeys`, is for whoever looks a key up
 * @example (await describeImages(set, keys)).from // "sscd-int8, as committed for the sample's pool"
 */
export async function describeImages(
  set: ImageSet,
  keys: readonly string[],
  { file, folder, signal, onImages }: DescribeOptions = {},
): Promise<Descriptors> {
  if (file !== undefined) {
    const read = await readFeatures(file);
    if (read.rows === undefined || read.keys === undefined)
      throw new TypeError(
        `Cannot compare images by ${file}: rows with the keys of their images are needed, got ${read.rows === undefined ? "moments alone" : "rows without keys"}`,
      );
    return { rows: read.rows, keys: read.keys, from: basename(file) };
  }
  if (keys.length === 0)
    return {
      rows: { data: new Float32Array(), count: 0, width: 0 },
      keys: [],
      from: "none: no image was read",
    };
  for (const part of ["release", "pool"] as const) {
    const committed = await sampleDescriptors(part);
    const known = new Set(committed.keys);
    if (keys.every((key) => known.has(key)))
      return { ...committed, from: `sscd-int8, as committed for the sample's ${part}` };
  }
  onImages?.(0);
  const encoder = await openEncoder("sscd-int8", { signal });
  try {
    const result = await extractFeatures(set, {
      ...{ encoder, folder, signal },
      onProgress: ({ images }) => onImages?.(images),
    });
    return {
      ...(await extractedRows(result)),
      from: `sscd-int8 (${encoder.device.device}): whole numbers of 8 bits, so that similarities are rounded`,
    };
  } finally {
    await encoder.close();
  }
}
