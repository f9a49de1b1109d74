/** Parts whose features stay in memory, for sets that are small enough, and for cells that keep nothing. */
import type { ImagePart } from "../images/index.js";
import type { MomentsHand } from "./extract-moments.js";
import type { ExtractedPart, ExtractFailure, ExtractKeep, ExtractMaker } from "./extract-types.js";
import { Moments } from "./moments.js";
import type { PartStore, PartWork } from "./parts.js";

interface Held {
  readonly keys: string[];
  readonly rows: Float32Array[];
  /** `Moments.toBinary`, once the part is finished. */
  moments: Float64Array;
}

/**
 * A store in memory: every part is this process' own.
 * @param width features of one image
 */
export function memoryParts(
  parts: readonly ImagePart[],
  width: number,
  moments: MomentsHand,
  keep: ExtractKeep,
  maker: ExtractMaker,
): PartStore {
  const pending = [...parts];
  const finished = new Map<string, ExtractedPart>();
  const held = new Map<string, Held>();
  const of = (part: string): Held => held.get(part)!;
  return {
    finished,
    get hasMore() {
      return pending.length > 0;
    },
    async next() {
      const part = pending.shift();
      return part === undefined ? undefined : begin(part);
    },
    contents: {
      keys: async (part) => of(part).keys,
      moments: async (part) => Moments.fromBinary(of(part).moments),
      async *rowBlocks(part) {
        let at = 0;
        for (const rows of of(part).rows) {
          const count = rows.length / width;
          yield { part, keys: of(part).keys.slice(at, at + count), rows };
          at += count;
        }
      },
    },
    async close() {},
  };

  function begin(part: ImagePart): PartWork {
    const made: Held = { keys: [], rows: [], moments: new Float64Array() };
    const taken = moments.begin();
    const failures: ExtractFailure[] = [];
    return {
      part,
      async add(rows, keys) {
        for (const key of keys) made.keys.push(key);
        await taken.add(rows, keys.length);
        if (keep === "rows") made.rows.push(rows);
      },
      fail: (failure) => void failures.push(failure),
      async finish() {
        made.moments = await taken.finish();
        held.set(part.name, made);
        finished.set(part.name, { name: part.name, images: made.keys.length, failures, maker });
      },
    };
  }
}
