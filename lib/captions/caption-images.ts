/**
 * Captions a set of images: the type drawn by key, the whole picture scaled and never cropped, as many questions at once
 * as the endpoint takes, results in the set's order.
 */
import { inOrder } from "../core/index.js";
import type { CaptionType } from "../corpus/index.js";
import { decode, ImageError, type ImageItem, type ImageSet, imageItems } from "../images/index.js";
import { type VlmClient, vlmPicture } from "../vlm/index.js";
import { drawCaptionType } from "./caption-type.js";
import { type WrittenCaption, writeCaption } from "./write-caption.js";

/** How captions are written. */
export interface CaptioningOptions {
  readonly client: VlmClient;
  /** Of the draw of types; 0 if not given. */
  readonly seed?: number | string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Captions every image of a set. What is on disk among the client's answers is not asked again, so that a run that was
 * stopped goes on.
 * @throws Error where a container cannot be read at all; the signal's reason where it was stopped. An image that cannot
 *   be read is a record
 * @example for await (const { key, captionType, caption } of captionImages(images, { client })) console.log(key, caption);
 */
export function captionImages(
  images: ImageSet,
  { client, seed = 0, signal }: CaptioningOptions,
): AsyncGenerator<WrittenCaption, void, undefined> {
  return inOrder(
    (stopped) => imageItems(images, stopped),
    async (item, stopped) =>
      "read" in item
        ? await captionImage(item, { client, seed, signal: stopped })
        : unreadable(item.key, drawCaptionType(item.key, seed), item.message),
    { atOnce: client.endpoint.concurrency, signal },
  );
}

/**
 * Captions one image.
 * @throws the system's error where its bytes cannot be read for another reason than the picture itself
 */
export async function captionImage(
  { key, read }: ImageItem,
  { client, seed = 0, signal }: CaptioningOptions,
): Promise<WrittenCaption> {
  const type = drawCaptionType(key, seed);
  try {
    const content = await read();
    const pixels = "pixels" in content ? content.pixels : await decode(content.bytes, key);
    const picture = await vlmPicture(pixels, client.endpoint.longestSidePixels);
    return await writeCaption(client, type, picture, { key, signal });
  } catch (error) {
    if (error instanceof ImageError) return unreadable(key, type, error.message);
    throw error;
  }
}

function unreadable(key: string, captionType: CaptionType, message: string): WrittenCaption {
  return {
    ...{ key, captionType, outcome: "unreadable", caption: "", tries: 0, faults: [], notes: [] },
    ...{ asked: undefined, message, answerIds: [], model: "" },
  };
}
