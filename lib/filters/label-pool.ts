/** Measures the images of the pool and puts their truth beside the measures. */
import type { PoolImage } from "../corpus/index.js";
import { decode } from "../images/index.js";
import type { LabelledPicture } from "./detectors.js";
import { measureQuality } from "./measures.js";
import { faultOf } from "./pool-truth.js";
import { SIZE_RULES, type SizeReason, type SizeRules, sizeReason } from "./size-rules.js";

/** A measured image of the pool. */
export interface LabelledPoolImage extends LabelledPicture {
  readonly kind: string;
  readonly width: number;
  readonly height: number;
  /** The rule of size that it breaks. */
  readonly sizeReason: SizeReason | undefined;
}

/** What labelling takes beside the images. */
export interface LabelPoolOptions {
  readonly rules?: SizeRules;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Measures images of the pool, one after the other; some 30 ms each.
 * @param images such as `await samplePool()`
 * @throws ImageError where one cannot be decoded
 * @example
 * const labelled = await labelPool(await samplePool());
 * testDetectors(labelled.filter(({ sizeReason }) => sizeReason === undefined), { seed: 0 });
 */
export async function labelPool(
  images: readonly PoolImage[],
  { rules = SIZE_RULES, signal, onProgress }: LabelPoolOptions = {},
): Promise<LabelledPoolImage[]> {
  const labelled: LabelledPoolImage[] = [];
  for (const image of images) {
    signal?.throwIfAborted();
    const pixels = await decode(await image.readImage(), image.key);
    const { width, height } = pixels;
    labelled.push({
      ...{ key: image.key, sourceKey: image.sourceKey, kind: image.kind, fault: faultOf(image) },
      ...{ width, height, sizeReason: sizeReason({ width, height }, rules) },
      measures: measureQuality(pixels),
    });
    onProgress?.(labelled.length, images.length);
  }
  return labelled;
}
