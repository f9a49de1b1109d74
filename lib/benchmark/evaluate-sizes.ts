/**
 * The sizes of the images of a set, read out of their headers while the set is read for something else.
 *
 * A network sees every image at its own size, so features do not tell that samples were not 256 x 256; the benchmark's
 * are. Parts that this process does not read, because they were finished before or elsewhere, are looked at afterwards.
 */
import { encodedImage, ImageError, type ImageItem, type ImagePart, type ImageSet } from "../images/index.js";
import type { SampleSize } from "./disclosure-images.js";

/** A set whose sizes are watched. */
export interface WatchedImages {
  /** The same images; reading them tells their sizes. */
  readonly images: ImageSet;
  /**
   * All sizes, the most frequent first; reads what was not read through `images`.
   * @throws the signal's reason where it was stopped
   */
  sizes(signal?: AbortSignal): Promise<SampleSize[]>;
}

/**
 * Watches the sizes of a set.
 * @example const { images, sizes } = watchSizes(await openImages("samples"));
 */
export function watchSizes(images: ImageSet): WatchedImages {
  const seen = new Map<ImagePart, Map<string, number>>();
  const parts = images.parts.map((part) => watchedPart(part, (counts) => seen.set(part, counts)));
  return {
    images: { ...images, describe: () => images.describe(), close: () => images.close(), parts },
    async sizes(signal) {
      for (const [at, part] of images.parts.entries()) {
        if (seen.has(part)) continue;
        for await (const item of parts[at]!.items({ signal })) await item.read().catch(() => {});
      }
      return totals([...seen.values()]);
    },
  };
}

/** A part that counts sizes as its images are read, some of them after the last one was named. */
function watchedPart(part: ImagePart, done: (counts: Map<string, number>) => void): ImagePart {
  return {
    ...part,
    async *items(options) {
      const counts = new Map<string, number>();
      for await (const item of part.items(options)) yield watchedItem(item, counts);
      done(counts);
    },
  };
}

function watchedItem(item: ImageItem, counts: Map<string, number>): ImageItem {
  return {
    key: item.key,
    async read() {
      const content = await item.read();
      const size = "pixels" in content ? content.pixels : headerOf(content.bytes, item.key);
      if (size !== undefined) {
        const name = `${size.width} ${size.height}`;
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      return content;
    },
  };
}

/** Undefined for what is no image: the extraction tells of it. */
function headerOf(
  bytes: Uint8Array,
  name: string,
): { readonly width: number; readonly height: number } | undefined {
  try {
    return encodedImage(bytes, name);
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}

function totals(all: readonly ReadonlyMap<string, number>[]): SampleSize[] {
  const sums = new Map<string, number>();
  for (const counts of all) for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  return [...sums]
    .map(([name, count]) => {
      const [widthPixels = 0, heightPixels = 0] = name.split(" ").map(Number);
      return { widthPixels, heightPixels, count };
    })
    .sort((a, b) => b.count - a.count || a.widthPixels - b.widthPixels || a.heightPixels - b.heightPixels);
}
