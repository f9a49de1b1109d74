/** A batch in as many pieces as memory demands: halved when it runs out, and never larger again. */
import type { ImageBatch } from "./encoder.js";

/** Infers some images at once; gives count x width features. */
export type InferPiece = (batch: ImageBatch) => Promise<Float32Array>;

/** Features of a batch, and the largest number of images that memory has allowed at once: Infinity while it never ran out. */
export interface PiecedFeatures {
  /** count x width, row-major */
  readonly features: Float32Array;
  readonly mostImages: number;
}

/** What the engine and CUDA say when memory does not suffice. */
const OUT_OF_MEMORY = /out of memory|failed to allocate|bad_alloc|cudaErrorMemoryAllocation|cannot allocate/i;

/**
 * A function that infers batches of any size, and remembers how large a piece may be.
 * @param infer one call of the engine
 * @param width features of one image
 * @throws what the engine throws, where it is not short of memory or has one image alone
 */
export function inPieces(infer: InferPiece, width: number): (batch: ImageBatch) => Promise<PiecedFeatures> {
  let mostImages = Number.POSITIVE_INFINITY;
  return async (batch) => {
    const { count, data } = batch;
    const features = new Float32Array(count * width);
    const imageValues = batch.height * batch.width * 3;
    for (let done = 0; done < count; ) {
      const images = Math.min(count - done, mostImages);
      const pixels = data.subarray(done * imageValues, (done + images) * imageValues);
      try {
        features.set(
          checked(await infer({ ...batch, count: images, data: pixels }), images * width),
          done * width,
        );
        done += images;
      } catch (error) {
        if (images === 1 || !OUT_OF_MEMORY.test(String(error))) throw error;
        mostImages = images >> 1;
      }
    }
    return { features, mostImages };
  };
}

function checked(features: Float32Array, values: number): Float32Array {
  if (features.length === values) return features;
  throw new Error(`Cannot infer: ${values} features are needed, got ${features.length}`);
}
