/**
 * From generated images to a side of a score: features by the benchmark's protocol and encoder, and what only the
 * images tell.
 *
 * Section 3 and Appendix B.1 of the paper. The rows stay in memory: 205 MB for the benchmark's 50,000 x 1024.
 */
import {
  type ExtractFailure,
  type ExtractProgress,
  extractedRows,
  extractFeatures,
  featuresToWrite,
} from "../features/index.js";
import type { ImageSet } from "../images/index.js";
import type { Encoder } from "../models/index.js";
import type { SampleSize } from "./disclosure-images.js";
import { watchSizes } from "./evaluate-sizes.js";
import { checkSameMaker } from "./score-checks.js";
import type { ScoreSide } from "./score-side.js";

/** How images become a side. */
export interface EvaluateImagesOptions {
  readonly encoder: Encoder;
  /** The side that they will be scored against: what does not fit it is refused before the first image is read. */
  readonly real?: ScoreSide | undefined;
  /** Where finished parts lie, so that the same call goes on. */
  readonly folder?: string | undefined;
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ExtractProgress) => void) | undefined;
  readonly now?: (() => number) | undefined;
}

/** Samples that became features. */
export interface EvaluatedImages {
  readonly side: ScoreSide;
  /** Sizes of the images, the most frequent first. */
  readonly sizes: readonly SampleSize[];
  /** Images that no features could be made of. */
  readonly failures: readonly ExtractFailure[];
}

/**
 * Makes a side of images.
 * @param images stay open
 * @throws RangeError where the encoder or its protocol is not that of `real`, or no image has features; as
 *   `extractFeatures` does
 * @example
 * const { side, sizes } = await evaluateImages(await openImages("samples"), { encoder, real });
 * const score = await compareFeatures({ real, generated: side }, { sizes });
 */
export async function evaluateImages(
  images: ImageSet,
  options: EvaluateImagesOptions,
): Promise<EvaluatedImages> {
  const { encoder, real, folder, workers, signal, onProgress, now } = options;
  const { name } = images;
  const identity = { encoder: encoder.identity, protocol: encoder.protocol.id };
  const { prefix, width } = encoder;
  if (real !== undefined) checkSameMaker({ real, generated: { name, prefix, width, provenance: identity } });
  const watched = watchSizes(images);
  const result = await extractFeatures(watched.images, {
    ...{ encoder, folder, workers, signal, onProgress, now },
    keep: "rows",
  });
  const { failures } = result;
  if (result.images === 0)
    throw new RangeError(
      `Cannot score ${name}: an image with features is needed, got none of ${failures.length}`,
    );
  const { moments, provenance } = await featuresToWrite(result, { imagesFrom: images.describe() });
  const { rows, keys } = await extractedRows(result);
  return {
    side: { name, prefix, width, rows, moments, keys, provenance, notes: [] },
    sizes: await watched.sizes(signal),
    failures,
  };
}
