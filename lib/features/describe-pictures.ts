/** Features of pictures that are in memory, without files: for pictures that were made or altered a moment ago. */
import type { Pixels } from "../images/index.js";
import type { Encoder } from "../models/index.js";
import { batchesOf } from "./batches.js";
import type { FeatureRows } from "./feature-set.js";

/** What a description takes beside encoder and pictures. */
export interface DescribeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { picturesDone: number; picturesTotal: number }) => void) | undefined;
}

/**
 * Prepares pictures by the encoder's own protocol and sends them through it, a batch at a time.
 * @param pictures each made when its batch's turn comes, so that they are never all in memory
 * @returns a row for each picture, in their order
 * @throws what making or preparing a picture throws, the encoder's errors, or the signal's reason
 * @example (await describePictures(encoder, [() => pixels])).width // 512 for SSCD
 */
export async function describePictures(
  encoder: Encoder,
  pictures: readonly (() => Pixels | Promise<Pixels>)[],
  { signal, onProgress }: DescribeOptions = {},
): Promise<FeatureRows> {
  const { width, batchSize } = encoder;
  const data = new Float32Array(pictures.length * width);
  for (let first = 0; first < pictures.length; first += batchSize) {
    const prepared = [];
    for (const picture of pictures.slice(first, first + batchSize)) {
      signal?.throwIfAborted();
      prepared.push(encoder.protocol.prepare(await picture()));
    }
    for (const { batch, places } of batchesOf(prepared)) {
      const rows = await encoder.infer(batch);
      for (const [at, place] of places.entries())
        data.set(rows.subarray(at * width, (at + 1) * width), (first + place) * width);
    }
    onProgress?.({ picturesDone: first + prepared.length, picturesTotal: pictures.length });
  }
  return { data, count: pictures.length, width };
}
