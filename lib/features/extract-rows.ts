/** The rows of an extraction in memory, for a set that fits: to look at, to compare, to search in. */
import type { ExtractResult } from "./extract-types.js";
import type { FeatureRows, FeatureSet } from "./feature-set.js";

/** A set whose rows and keys are there. */
export interface ExtractedRows extends FeatureSet {
  readonly rows: FeatureRows;
  /** In the order of the rows. */
  readonly keys: readonly string[];
}

/**
 * Reads all rows of an extraction.
 * @throws Error where only moments were kept; RangeError where the rows do not fit into one array
 * @example const { rows, keys } = await extractedRows(await extractFeatures(images, { encoder }));
 */
export async function extractedRows(result: ExtractResult): Promise<ExtractedRows> {
  const { prefix, width, images } = result;
  const data = new Float32Array(images * width);
  const keys: string[] = [];
  for await (const block of result.rowBlocks()) {
    data.set(block.rows, keys.length * width);
    for (const key of block.keys) keys.push(key);
  }
  return { prefix, rows: { data, count: keys.length, width }, keys };
}
