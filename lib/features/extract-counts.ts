/** Counts how far an extraction has come: what is finished, whoever did it, and what this process is at. */
import type { ImageSet } from "../images/index.js";
import type { InferringEvents, InferringTimes } from "./extract-inferring.js";
import type { ExtractMeasured } from "./extract-result.js";
import type { ExtractOptions } from "./extract-types.js";
import type { PartStore } from "./parts.js";

interface Count {
  images: number;
  failed: number;
}

/** Counts of one call. */
export class ExtractCounts implements InferringEvents {
  readonly #store: PartStore;
  readonly #options: Pick<ExtractOptions, "onProgress" | "now">;
  readonly #partsTotal: number;
  readonly #imagesTotal: number | undefined;
  /** Of parts that are begun and not ended. */
  readonly #open = new Map<string, Count>();
  /** Of finished parts, each counted once when it comes to be known. */
  readonly #finished: Count = { images: 0, failed: 0 };
  readonly #known = new Set<string>();
  #inferred = 0;

  constructor(set: ImageSet, store: PartStore, options: Pick<ExtractOptions, "onProgress" | "now">) {
    this.#store = store;
    this.#options = options;
    this.#partsTotal = set.parts.length;
    this.#imagesTotal = set.count ?? sumOf(set.parts.map(({ count }) => count));
  }

  wrote(part: string, images: number, times: InferringTimes): void {
    this.#of(part).images += images;
    this.#inferred += images;
    this.tell(times);
  }

  failed(part: string): void {
    this.#of(part).failed++;
  }

  ended(part: string, times: InferringTimes): void {
    this.#open.delete(part);
    this.tell(times);
  }

  measured(times: InferringTimes): ExtractMeasured {
    return { imagesInferred: this.#inferred, ...this.#timed(times) };
  }

  /** Calls the listener, where there is one. */
  tell(times: InferringTimes): void {
    const { onProgress } = this.#options;
    if (onProgress === undefined) return;
    if (this.#known.size < this.#store.finished.size)
      for (const [name, { images, failures }] of this.#store.finished) {
        if (this.#known.has(name)) continue;
        this.#known.add(name);
        this.#finished.images += images;
        this.#finished.failed += failures.length;
      }
    const all = { ...this.#finished };
    for (const { images, failed } of this.#open.values()) {
      all.images += images;
      all.failed += failed;
    }
    onProgress({
      ...all,
      ...(this.#imagesTotal !== undefined ? { imagesTotal: this.#imagesTotal } : {}),
      partsDone: this.#known.size,
      partsTotal: this.#partsTotal,
      imagesInferred: this.#inferred,
      ...this.#timed(times),
    });
  }

  #of(part: string): Count {
    let count = this.#open.get(part);
    if (count === undefined) {
      count = { images: 0, failed: 0 };
      this.#open.set(part, count);
    }
    return count;
  }

  #timed({ inferSeconds, waitingSeconds }: InferringTimes): Partial<InferringTimes> {
    return this.#options.now === undefined ? {} : { inferSeconds, waitingSeconds };
  }
}

function sumOf(counts: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const count of counts) {
    if (count === undefined) return undefined;
    sum += count;
  }
  return sum;
}
