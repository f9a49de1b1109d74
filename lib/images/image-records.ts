/** Records of a corpus as a set of images: a fair draw, or what a query has found. */
import type { ImageRecord } from "../corpus/index.js";
import { blocks, countText, fingerprintOf } from "./image-blocks.js";
import type { ImageSet } from "./image-set.js";

/** What a set needs to know of a record. */
export type SetRecord = Pick<ImageRecord, "shard" | "key" | "imageOffset" | "imageBytes" | "readImage">;

/**
 * The set of some records, in their order; their pictures are read when they are asked for.
 * @param records their keys name the images in results
 * @example
 * const images = recordSet(await corpus.draw(24, { seed: 7 }));
 * const { rows } = await featuresToWrite(await extractFeatures(images, { encoder }));
 */
export function recordSet(records: readonly SetRecord[]): ImageSet {
  const taken = [...records];
  return {
    name: "records",
    fingerprint: fingerprintOf(
      "records",
      taken.map(({ shard, key, imageOffset, imageBytes }) => [shard, key, imageOffset, imageBytes]),
    ),
    describe: () => `records of a corpus: ${countText(taken.length)}`,
    count: taken.length,
    parts: blocks(taken.length, async function* (start, end, { signal }) {
      for (const record of taken.slice(start, end)) {
        signal?.throwIfAborted();
        yield { key: record.key, read: async () => ({ bytes: await record.readImage() }) };
      }
    }),
    async close() {},
  };
}
