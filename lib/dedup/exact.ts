/**
 * Hashes by which exact copies are found: of the file's bytes, as the paper's last check, and of the decoded pixels, which
 * a change of metadata or from one lossless format to another leaves alone.
 */
import { createHash } from "node:crypto";
import { inOrder } from "../core/index.js";
import {
  decode,
  ImageError,
  type ImageItem,
  type ImageSet,
  imageItems,
  type Pixels,
} from "../images/index.js";
import type { DedupImage } from "./rule-order.js";

/** An image as deduplication sees it. */
export interface HashedImage extends DedupImage {
  readonly sizeBytes: number;
  /** Its number in the set, images that cannot be read counted. */
  readonly place: number;
  /** Of the file; of an image that never was encoded, of its numbers. */
  readonly bytesSha256: string;
  /** Of width, height and 8-bit RGB. */
  readonly pixelsSha256: string;
}

/** An image that cannot be read or decoded, or told from another by its key: it is neither kept nor removed. */
export interface UnreadImage {
  readonly key: string;
  readonly message: string;
}

/** What hashing takes beside the images. */
export interface HashOptions {
  readonly signal?: AbortSignal | undefined;
  /** Is called after each image with how many were read. */
  readonly onProgress?: ((images: number) => void) | undefined;
}

/** The images of a set with their hashes. */
export interface HashedImages {
  readonly images: readonly HashedImage[];
  readonly unread: readonly UnreadImage[];
}

/** One picture is decoded, in threads of its own, while another is hashed. */
const DECODED_AT_ONCE = 2;

/**
 * Reads, decodes and hashes every image of a set.
 * @throws Error where a part of the set, or a file for another reason than the picture in it, cannot be read: it may be
 *   there the next time
 * @example (await hashImages(await openImages("sample"))).images.length // 152
 */
export async function hashImages(
  set: Pick<ImageSet, "parts">,
  { signal, onProgress }: HashOptions = {},
): Promise<HashedImages> {
  const images: HashedImage[] = [];
  const unread: UnreadImage[] = [];
  const hashed = inOrder(
    (stopped) => imageItems(set, stopped),
    async (item) => ("read" in item ? await hashImage(item) : item),
    { atOnce: DECODED_AT_ONCE, signal },
  );
  const keys = new Set<string>();
  let place = 0;
  for await (const one of hashed) {
    if (!("bytesSha256" in one)) unread.push(one);
    else if (keys.has(one.key))
      unread.push({ key: one.key, message: "a key of its own is needed, got one of another image" });
    else {
      keys.add(one.key);
      images.push({ ...one, place });
    }
    place++;
    onProgress?.(place);
  }
  return { images, unread };
}

async function hashImage(item: ImageItem): Promise<Omit<HashedImage, "place"> | UnreadImage> {
  const { key } = item;
  try {
    const read = await item.read();
    const pixels = "pixels" in read ? read.pixels : await decode(read.bytes, key);
    const bytes = "pixels" in read ? read.pixels.data : read.bytes;
    return {
      ...{ key, widthPixels: pixels.width, heightPixels: pixels.height, sizeBytes: bytes.length },
      bytesSha256: createHash("sha256").update(bytes).digest("hex"),
      pixelsSha256: pixelHash(pixels),
    };
  } catch (error) {
    if (error instanceof ImageError) return { key, message: error.message };
    throw error;
  }
}

/**
 * SHA-256 of a picture's size and pixels: 2 x 3 and 3 x 2 pixels of one colour differ.
 * @example pixelHash({ width: 1, height: 1, data: Uint8Array.of(255, 0, 0) }) // "9b5d..."
 */
export function pixelHash({ width, height, data }: Pixels): string {
  return createHash("sha256").update(`${width}x${height}:`).update(data).digest("hex");
}
