/** The features of a set, put together from its parts in their order: the same bytes however the work was split. */
import type { ImageSet } from "../images/index.js";
import type { Encoder } from "../models/index.js";
import type { ExtractKeep, ExtractMaker, ExtractResult } from "./extract-types.js";
import { Moments } from "./moments.js";
import type { PartStore } from "./parts.js";

/** What a run counted and measured. */
export type ExtractMeasured = Pick<ExtractResult, "imagesInferred" | "inferSeconds" | "waitingSeconds">;

/** @param store with every part of `set` finished */
export function extractResult(
  set: ImageSet,
  encoder: Encoder,
  keep: ExtractKeep,
  store: Pick<PartStore, "finished" | "contents">,
  measured: ExtractMeasured,
): ExtractResult {
  const { identity, prefix, protocol, width } = encoder;
  const { contents } = store;
  const parts = set.parts.map(({ name }) => store.finished.get(name)!);
  const makers = new Map<string, ExtractMaker>();
  for (const { maker } of parts) makers.set(JSON.stringify(maker), maker);
  return {
    encoder: identity,
    prefix,
    protocol: protocol.id,
    width,
    keep,
    images: parts.reduce((sum, { images }) => sum + images, 0),
    failures: parts.flatMap(({ failures }) => failures),
    parts,
    makers: [...makers.values()],
    ...measured,
    async keys() {
      const all: string[] = [];
      for (const { name } of parts) for (const key of await contents.keys(name)) all.push(key);
      return all;
    },
    async moments() {
      const all = Moments.of(width);
      for (const { name } of parts) {
        const part = await contents.moments(name);
        await part.settle();
        all.merge(part);
      }
      return all;
    },
    async *rowBlocks() {
      if (keep !== "rows") throw new Error('Cannot give rows: keep: "rows" is needed, got "moments"');
      for (const { name } of parts) yield* contents.rowBlocks(name);
    },
  };
}
