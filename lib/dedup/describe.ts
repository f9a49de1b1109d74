/**
 * Descriptors of images for the search of copies: of a file, the committed ones of the sample, or the encoder's.
 *
 * The paper's SSCD checkpoint is not named (silence 3). Where nobody gives descriptors, sscd-int8 runs, whose rounding to
 * whole numbers moves similarities a little. All rows of a call are of one origin: one picture that is not the sample's,
 * and the encoder sees them all.
 */
import { basename } from "node:path";
import { extractedRows, extractFeatures, readFeatures } from "../features/index.js";
import type { ImageSet } from "../images/index.js";
import { openEncoder } from "../models/index.js";
import type { NamedRows } from "./remove-copies.js";
import { committedDescriptors } from "./sample-committed.js";

/** Descriptors, and where they are from, in words. */
export interface Descriptors extends NamedRows {
  readonly from: string;
}

/** What describing takes beside the images. */
export interface DescribeOptions {
  /** A file of features with keys, which is read instead of anything else. */
  readonly file?: string | undefined;
  /**
   * SHA-256 of each picture's bytes, by its key (`bytesSha256` of `hashImages`): the committed rows are taken for these very
   * bytes alone. Where it is left out and the keys are the sample's, the pictures are read to know.
   */
  readonly bytesSha256?: ReadonlyMap<string, string> | undefined;
  /** Where finished parts of what the encoder is at are kept; is neither made nor looked into where it does not run. */
  readonly folder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Is called with how many images are described; 0 while the weights are read. */
  readonly onImages?: ((done: number) => void) | undefined;
}

/**
 * Descriptors of images.
 * @param keys those that are needed
 * @throws TypeError where the file holds no rows with keys; RangeError where hashes are given and one is missing. Whether
 *   each key has a row, `rowsOfKeys` tells.
 * @example (await describeImages(set, keys)).from // "sscd-int8, as committed for the sample's pool"
 */
export async function describeImages(
  set: ImageSet,
  keys: readonly string[],
  { file, bytesSha256, folder, signal, onImages }: DescribeOptions = {},
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
  const committed = await committedDescriptors(set, keys, { bytesSha256, signal });
  if (committed?.others === 0)
    return { ...committed.descriptors, from: `sscd-int8, as committed for the sample's ${committed.part}` };
  onImages?.(0);
  const encoder = await openEncoder("sscd-int8", { signal });
  try {
    const result = await extractFeatures(set, {
      ...{ encoder, folder, signal },
      onProgress: ({ images }) => onImages?.(images),
    });
    const why =
      committed === undefined
        ? ""
        : `, of all ${keys.length} images: ${committed.others} ${committed.others === 1 ? "is" : "are"} not as in the sample's ${committed.part}`;
    return { ...(await extractedRows(result)), from: `sscd-int8 on ${encoder.device.device}${why}` };
  } finally {
    await encoder.close();
  }
}
