/** Where `gpic-lab dedup` has its descriptors from: a file, the committed ones of the sample, or the encoder. */
import type { NamedRows } from "../../../lib/dedup/index.js";
import {
  extractedRows,
  extractFeatures,
  readFeatures,
  sampleDescriptors,
} from "../../../lib/features/index.js";
import type { ImageSet } from "../../../lib/images/index.js";
import { openEncoder } from "../../../lib/models/index.js";
import type { StatusLine } from "../corpus/status-line.js";

/** Descriptors, and where they are from, in words. */
export interface Descriptors extends NamedRows {
  readonly from: string;
}

/**
 * Descriptors of images.
 * @param keys which are needed
 * @param options.file a file of features that is read instead of anything else
 */
export async function descriptorsOf(
  set: ImageSet,
  keys: readonly string[],
  options: {
    readonly file: string | undefined;
    readonly signal: AbortSignal;
    readonly line: StatusLine;
  },
): Promise<Descriptors> {
  const { file, signal, line } = options;
  if (file !== undefined) {
    const read = await readFeatures(file);
    if (read.rows === undefined || read.keys === undefined)
      throw new TypeError(
        `Cannot compare images by ${file}: rows with the keys of their images are needed, got ${read.rows === undefined ? "moments alone" : "rows without keys"}`,
      );
    return { rows: read.rows, keys: read.keys, from: file };
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
  line.show(() => "dedup: reading the weights of sscd-int8");
  const encoder = await openEncoder("sscd-int8", { signal });
  try {
    const result = await extractFeatures(set, {
      ...{ encoder, signal },
      onProgress: ({ images }) => line.show(() => `dedup: ${images} of ${keys.length} images described`),
    });
    return {
      ...(await extractedRows(result)),
      from: `sscd-int8 (${encoder.device.device}): whole numbers of 8 bits, so that similarities are rounded`,
    };
  } finally {
    await encoder.close();
  }
}
