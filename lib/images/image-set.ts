/** Images by name and number, whatever they lie in: a folder, one file, a corpus, an array in npy or npz. */
import type { Pixels } from "./pixels.js";

/** One image of a set: bytes of a file, or pixels that were never encoded. */
export interface ImageItem {
  /** Its name in results: a path below the folder, a record's key, or a row's number in decimal. */
  readonly key: string;
  /** Reads it; encoded bytes (JPEG, PNG, WebP) or raw pixels. */
  read(): Promise<{ readonly bytes: Uint8Array } | { readonly pixels: Pixels }>;
}

/** A run of images that one process takes at once: a shard, or a block of a folder or an array. */
export interface ImagePart {
  /** Unique in the set, and a safe file name: "train-gpic_train_00000", "00003". */
  readonly name: string;
  /** Images in it, where that is known before reading. */
  readonly count?: number;
  /**
   * The images in their order. Damage of the container itself (a bad record) goes to `onProblem`.
   * @throws Error where the container cannot be read at all: it may be there the next time, and its images are not lost
   */
  items(options?: ImagePartOptions): AsyncGenerator<ImageItem, void, undefined>;
}

/** How a part is read. */
export interface ImagePartOptions {
  readonly signal?: AbortSignal | undefined;
  /** Is told of an image that cannot be read from its container. */
  readonly onProblem?: ((problem: { readonly key: string; readonly message: string }) => void) | undefined;
}

/** A set of images in a fixed order: all of part 0, then all of part 1. */
export interface ImageSet {
  /** What it was opened by. */
  readonly name: string;
  /** What it is: tells resumed work whether it is the same set (names, sizes and times, not every byte). */
  readonly fingerprint: string;
  /** One line for people. */
  describe(): string;
  /** Images in all, where that is known before reading. */
  readonly count?: number;
  readonly parts: readonly ImagePart[];
  close(): Promise<void>;
}

/** A record of a set that holds no image. */
export interface LostImage {
  readonly key: string;
  readonly message: string;
}

/**
 * Every image of a set in its order, and every record that holds none, where it was met.
 * @throws Error where a container cannot be read at all
 * @example for await (const item of imageItems(set)) if ("read" in item) console.log(item.key);
 */
export async function* imageItems(
  { parts }: Pick<ImageSet, "parts">,
  signal?: AbortSignal,
): AsyncGenerator<ImageItem | LostImage, void, undefined> {
  for (const part of parts) {
    const lost: LostImage[] = [];
    const onProblem = ({ key, message }: LostImage) => void lost.push({ key, message });
    for await (const item of part.items({ signal, onProblem })) {
      yield* lost.splice(0);
      yield item;
    }
    yield* lost;
  }
}
