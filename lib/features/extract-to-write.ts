/** What was extracted, as `writeFeatures` takes it: rows a block at a time, moments, keys, and where they come from. */
import type { ExtractResult } from "./extract-types.js";
import type { FeaturesToWrite } from "./feature-file-write.js";
import { featureMoments } from "./feature-set.js";
import type { Provenance } from "./provenance.js";

/**
 * Makes a result ready to be written; its rows are read while they are written, and only once.
 * @param more what the images were opened by, and the seed where they were drawn
 * @throws RangeError where there are fewer than two rows, as no covariance is then
 * @example
 * const result = await extractFeatures(images, { encoder, folder: "parts" });
 * await writeFeatures("F.npz", await featuresToWrite(result, { imagesFrom: images.name }));
 */
export async function featuresToWrite(
  result: ExtractResult,
  more: Pick<Provenance, "imagesFrom" | "seed"> = {},
): Promise<FeaturesToWrite> {
  const { prefix, images: count, width, encoder, protocol, failures, makers, keep } = result;
  const provenance: Provenance = {
    ...{ protocol, encoder, makers, ...more },
    images: { counted: count, failed: failures.length },
    failures,
  };
  return {
    prefix,
    ...(keep === "rows" ? { rows: { count, width, blocks: rowsOnly(result) } } : {}),
    moments: featureMoments(await result.moments()),
    keys: await result.keys(),
    provenance,
  };
}

async function* rowsOnly(result: ExtractResult): AsyncGenerator<Float32Array, void, undefined> {
  for await (const { rows } of result.rowBlocks()) yield rows;
}
