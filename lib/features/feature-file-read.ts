/** Reads a file of features into memory: all of it, or mean and covariance alone. */
import { type FeatureFileOptions, openFeatures } from "./feature-file.js";
import { type FeatureSet, featureMoments } from "./feature-set.js";
import { momentsOfBlocks } from "./moments-of-blocks.js";
import type { FeatureToolkit } from "./toolkit-names.js";

/** Features that were read, and what their file did not say. */
export interface ReadFeatures extends FeatureSet {
  readonly toolkit: FeatureToolkit;
  readonly notes: readonly string[];
}

/**
 * Reads a file of features.
 * @param options.keep "rows": all that is there (the default); "moments": mean and covariance alone, computed from the
 *   rows block by block where the file has none
 * @throws as `openFeatures`, and RangeError where a number is not finite
 * @example (await readFeatures("stats.npz")).moments?.mean.length // 2048
 */
export async function readFeatures(
  path: string,
  options: FeatureFileOptions & { readonly keep?: "rows" | "moments" | undefined } = {},
): Promise<ReadFeatures> {
  const file = await openFeatures(path, options);
  try {
    const { toolkit, prefix, provenance, notes } = file;
    const [keys, shards] = [await file.keys(), await file.shards()];
    const rows = options.keep === "moments" ? undefined : await file.rows();
    let moments = await file.moments();
    if (options.keep === "moments" && moments === undefined)
      moments = featureMoments(await momentsOfBlocks(file.rowBlocks(), file.width));
    return { toolkit, prefix, rows, moments, keys, shards, provenance, notes };
  } finally {
    await file.close();
  }
}
