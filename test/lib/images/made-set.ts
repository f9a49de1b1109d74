/** A set of images that a test makes: one part, in the order given. */
import type { ImageItem, ImageSet } from "gpic-lab/images";

/** The set of some items. */
export function madeSet(items: readonly ImageItem[]): ImageSet {
  async function* all(): AsyncGenerator<ImageItem, void, undefined> {
    yield* items;
  }
  return {
    ...{ name: "made", fingerprint: "made", count: items.length, describe: () => "made" },
    parts: [{ name: "0", items: all }],
    close: async () => {},
  };
}
