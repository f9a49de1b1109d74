/** Prepared images side by side, as an encoder takes them; images of different sizes never share a batch. */
import type { PreparedImage } from "../images/index.js";
import type { ImageBatch } from "../models/index.js";

/** A batch, and where its images stood among those that it was made of. */
export interface PlacedBatch {
  readonly batch: ImageBatch;
  /** For each image of the batch, its number among the images given. */
  readonly places: readonly number[];
}

/**
 * Puts images into batches: one for each size, in the order in which the sizes first come.
 * @param images of one pixel type, as one protocol makes them
 * @example batchesOf([a224, b224, c336]).map(({ places }) => places) // [[0, 1], [2]]
 */
export function batchesOf(images: readonly PreparedImage[]): PlacedBatch[] {
  const bySize = new Map<string, number[]>();
  for (const [place, { width, height }] of images.entries()) {
    const size = `${width}x${height}`;
    const places = bySize.get(size);
    if (places === undefined) bySize.set(size, [place]);
    else places.push(place);
  }
  return [...bySize.values()].map((places) => ({
    batch: batchOf(places.map((place) => images[place]!)),
    places,
  }));
}

function batchOf(images: readonly PreparedImage[]): ImageBatch {
  const { width, height, data: first } = images[0]!;
  const length = width * height * 3;
  const all = images.length * length;
  const data = first instanceof Uint8Array ? new Uint8Array(all) : new Float32Array(all);
  for (const [at, image] of images.entries()) {
    if (image.data.length !== length || image.data.constructor !== data.constructor)
      throw new TypeError(
        `Cannot put images into a batch: ${length} numbers as ${data.constructor.name} are needed, got ${image.data.length} as ${image.data.constructor.name}`,
      );
    data.set(image.data, at * length);
  }
  return { count: images.length, height, width, data };
}
