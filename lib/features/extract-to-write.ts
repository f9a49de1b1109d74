/** What was extracted, as `writeFeatures` takes it: rows a block at a time, moments, keys, and where they come from. */
import { readPackageJson } from "../io/index.js";
import type { ExtractResult } from "./extract-types.js";
import type { FeaturesToWrite } from "./feature-file-write.js";
import { featureMoments } from "./feature-set.js";
import type { Provenance } from "./provenance.js";

/** What a result does not know of itself. */
export interface FeaturesToWriteOptions extends Pick<Provenance, "imagesFrom" | "seed"> {
  /** Whether mean and covariance are wanted; they are read from every part. True where it is left out. */
  readonly moments?: boolean | undefined;
}

/**
 * Makes a result ready to be written; its rows are read while they are written, and only once.
 * @param more what the images were opened by, the seed where they were drawn, whether moments are wanted
 * @returns without moments where there is one row, which has no covariance
 * @throws RangeError where no image has features
 * @example
 * const result = await extractFeatures(images, { encoder, folder: "parts" });
 * await writeFeatures("F.npz", await featuresToWrite(result, { imagesFrom: images.name }));
 */
export async function featuresToWrite(
  result: ExtractResult,
  more: FeaturesToWriteOptions = {},
): Promise<FeaturesToWrite> {
  const { prefix, images: count, width, encoder, protocol, failures, keep } = result;
  const { moments: hasMoments = true, ...from } = more;
  if (count === 0)
    throw new RangeError(
      `Cannot write features: an image with features is needed, got none of ${failures.length}`,
    );
  const ours = { "gpic-lab": readPackageJson().version };
  const makers = result.makers.map((maker) => ({ ...maker, versions: { ...maker.versions, ...ours } }));
  const provenance: Provenance = {
    ...{ protocol, encoder, makers, ...from },
    images: { counted: count, failed: failures.length },
    failures,
  };
  return {
    prefix,
    ...(keep === "rows" ? { rows: { count, width, blocks: rowsOnly(result) } } : {}),
    ...(hasMoments && count > 1 ? { moments: featureMoments(await result.moments()) } : {}),
    keys: await result.keys(),
    provenance,
  };
}

async function* rowsOnly(result: ExtractResult): AsyncGenerator<Float32Array, void, undefined> {
  for await (const { rows } of result.rowBlocks()) yield rows;
}
