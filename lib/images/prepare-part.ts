/** Prepares one part of a set: images side by side, in bounded number, each written before it counts. */
import { ImageError } from "./image-error.js";
import type { ImageItem, ImagePart } from "./image-set.js";
import type { PreparedImage } from "./pixels.js";
import type { FailedImage, PreparedFolder, PreparedPart } from "./prepare-folder.js";
import type { PreparedNames } from "./prepare-names.js";
import type { Preparing } from "./preparing.js";

/** What one part needs of the run that it belongs to. */
export interface PartWork {
  readonly folder: PreparedFolder;
  readonly names: PreparedNames;
  readonly preparing: Preparing;
  readonly signal?: AbortSignal | undefined;
  /** Is told of each image that is through: its file was written, was there, or it failed. */
  onImage(what: "written" | "there" | FailedImage): void;
}

/** Kinds of failure that another attempt may not meet: a part with one of them is not done. */
export const passingFailures: ReadonlySet<string> = new Set(["unreadable", "thread died"]);
/** Images on their way for each thread: one in it, one that waits for it, one that is read, encoded or written. */
const IMAGES_PER_THREAD = 3;
// of the levels tried on photographs at 256 pixels: a quarter smaller than zlib's level 6 without filters, as fast
const PNG_OPTIONS = { compressionLevel: 3, adaptiveFiltering: true } as const;

/**
 * Prepares the images of a part that have no file yet.
 * @returns what is to be written of the part, and whether it is done for good
 * @throws what reading the container or writing a file throws; the signal's reason
 */
export async function preparePart(
  part: ImagePart,
  work: PartWork,
): Promise<PreparedPart & { readonly isDone: boolean }> {
  const { signal, names, preparing, onImage } = work;
  const through: (string | (FailedImage & { readonly file?: string }))[] = [];
  const running = new Set<Promise<void>>();
  let broken: { readonly error: unknown } | undefined;
  const onProblem = (problem: { readonly key: string; readonly message: string }) => {
    const failed = { ...problem, kind: "container" };
    through.push(failed);
    onImage(failed);
  };
  try {
    for await (const item of part.items({ signal, onProblem })) {
      const file = names.next(item.key);
      const place = through.push(file) - 1;
      const task = prepareImage(item, file, work)
        .then((what) => {
          if (typeof what !== "string") through[place] = { ...what, file };
          onImage(what);
        })
        .catch((error: unknown) => {
          broken ??= { error };
        })
        .finally(() => running.delete(task));
      running.add(task);
      while (running.size >= IMAGES_PER_THREAD * preparing.workers) await Promise.race(running);
      if (broken !== undefined) throw broken.error;
      signal?.throwIfAborted();
    }
  } finally {
    await Promise.all(running);
  }
  if (broken !== undefined) throw broken.error;
  const files = through.filter((one) => typeof one === "string");
  const failures = through.filter((one) => typeof one !== "string");
  const failed = failures.map(({ key, kind, message }): FailedImage => ({ key, kind, message }));
  const unused = failures.flatMap(({ file }) => (file === undefined ? [] : [file]));
  return { files, unused, failed, isDone: !failed.some(({ kind }) => passingFailures.has(kind)) };
}

async function prepareImage(
  item: ImageItem,
  file: string,
  { folder, preparing }: PartWork,
): Promise<"written" | "there" | FailedImage> {
  const { key } = item;
  if (await folder.has(file)) return "there";
  let encoded: Awaited<ReturnType<ImageItem["read"]>>;
  try {
    encoded = await item.read();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return error instanceof ImageError
      ? { key, kind: error.kind, message }
      : { key, kind: "unreadable", message: `Cannot read ${key}: ${message}` };
  }
  const result = await preparing.prepare({ key, ...encoded });
  if ("failed" in result) return { key, ...result.failed };
  await folder.write(file, await pngOf(result.image));
  return "written";
}

async function pngOf({ width, height, data }: PreparedImage): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png(PNG_OPTIONS)
    .toBuffer();
}
