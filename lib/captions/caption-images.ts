/**
 * Captions a set of images: the type drawn by key, the whole picture scaled and never cropped, as many questions at once
 * as the endpoint takes, results in the set's order.
 */
import type { CaptionType } from "../corpus/index.js";
import { decode, ImageError, type ImageItem, type ImageSet } from "../images/index.js";
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
export async function* captionImages(
  images: ImageSet,
  options: CaptioningOptions,
): AsyncGenerator<WrittenCaption, void, undefined> {
  const { client, seed = 0 } = options;
  const left = new AbortController();
  const signal = options.signal === undefined ? left.signal : AbortSignal.any([options.signal, left.signal]);
  const running: Promise<WrittenCaption>[] = [];
  const enqueue = (caption: Promise<WrittenCaption>) => {
    // awaited in its turn: until then a failure must not count as unhandled
    caption.catch(() => {});
    running.push(caption);
  };
  try {
    for (const part of images.parts) {
      const lost: WrittenCaption[] = [];
      const onProblem = ({ key, message }: { readonly key: string; readonly message: string }) =>
        void lost.push(unreadable(key, drawCaptionType(key, seed), message));
      for await (const item of part.items({ signal, onProblem })) {
        signal.throwIfAborted();
        for (const caption of lost.splice(0)) enqueue(Promise.resolve(caption));
        enqueue(captionImage(item, { client, seed, signal }));
        while (running.length >= client.endpoint.concurrency) yield await running.shift()!;
      }
      for (const caption of lost) enqueue(Promise.resolve(caption));
    }
    while (running.length > 0) yield await running.shift()!;
  } finally {
    // whoever leaves early leaves no question behind, and no answer that comes when its file is closed
    left.abort(new Error("Cannot go on: the captions are no longer asked for"));
    await Promise.allSettled(running);
  }
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
