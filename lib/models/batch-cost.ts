/** What a batch costs: images a second by how many are inferred at once, measured on an encoder that is open. */
import { Random } from "../core/index.js";
import type { Encoder, ImageBatch } from "./encoder.js";

/** What is measured, and how long that may take. */
export interface BatchCostOptions {
  /** Images at once, smallest first. */
  readonly sizes: readonly number[];
  /** A clock in seconds, from any moment on. */
  readonly now: () => number;
  /** Seconds for all sizes together; a size for which too few are left is not measured. */
  readonly seconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** One size of a batch. */
export interface BatchCost {
  readonly images: number;
  /** The median time of one batch. */
  readonly seconds: number;
  readonly imagesPerSecond: number;
  /** How often it was measured. */
  readonly repeats: number;
}

/** A batch is repeated so often at most: the median of nine is steady. */
const MOST_REPEATS = 9;

/**
 * Infers batches of noise, which costs what photographs cost; the first one, which also warms up, is not counted.
 * @returns one row for each size that was measured, in their order; the first size is measured whatever it takes
 * @throws RangeError where the encoder's protocol fixes no size of its images, or sizes are not whole; the signal's
 *   reason where it was stopped
 * @example await batchCost(encoder, { sizes: [1, 8], now, seconds: 5 }) // [{ images: 1, imagesPerSecond: 12, ... }, ...]
 */
export async function batchCost(encoder: Encoder, options: BatchCostOptions): Promise<BatchCost[]> {
  const { sizes, now, seconds, signal } = options;
  if (sizes.length === 0 || !sizes.every((size) => Number.isSafeInteger(size) && size >= 1))
    throw new RangeError(
      `Cannot measure batches: whole sizes above 0 are needed, got ${sizes.join(", ") || "none"}`,
    );
  const time = async (batch: ImageBatch): Promise<number> => {
    signal?.throwIfAborted();
    // an encoder takes the pixels over: they go to its thread and are gone here
    const sent = { ...batch, data: batch.data.slice() };
    const begun = now();
    await encoder.infer(sent);
    return now() - begun;
  };
  const costs: BatchCost[] = [];
  const end = now() + seconds;
  let secondsPerImage = 0;
  for (const [at, images] of sizes.entries()) {
    const batch = noise(encoder, images);
    if (at === 0) await time(batch);
    const left = (end - now()) / (sizes.length - at);
    if (at > 0 && images * secondsPerImage > end - now()) break;
    const times = [await time(batch)];
    const stop = now() - times[0]! + left;
    while (times.length < MOST_REPEATS && now() + times[0]! < stop) times.push(await time(batch));
    const median = times.sort((a, b) => a - b)[times.length >> 1]!;
    secondsPerImage = median / images;
    costs.push({ images, seconds: median, imagesPerSecond: images / median, repeats: times.length });
  }
  return costs;
}

function noise({ protocol }: Encoder, count: number): ImageBatch {
  const { size, pixelType, id } = protocol;
  if (size === undefined)
    throw new RangeError(`Cannot measure batches: a protocol with images of one size is needed, got ${id}`);
  const { width, height } = size;
  const random = new Random("noise");
  const data = Uint8Array.from({ length: count * width * height * 3 }, () => random.integer(256));
  return { count, height, width, data: pixelType === "uint8" ? data : Float32Array.from(data) };
}
