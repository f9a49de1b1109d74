/** Parts of a fixed size, names that are safe as file names, and fingerprints: what every kind of image set is made of. */
import { createHash } from "node:crypto";
import type { ImageItem, ImagePart, ImagePartOptions } from "./image-set.js";

/** Images of a part of a folder or an array: a few seconds of work, and some hundred megabytes of files. */
export const BLOCK_IMAGES = 1024;

/**
 * Parts of `BLOCK_IMAGES` images, named by their number.
 * @param count images in all
 * @param items the images from `start` to `end`
 */
export function blocks(
  count: number,
  items: (
    start: number,
    end: number,
    options: ImagePartOptions,
  ) => AsyncGenerator<ImageItem, void, undefined>,
): ImagePart[] {
  return Array.from({ length: Math.ceil(count / BLOCK_IMAGES) }, (_, number) => {
    const start = number * BLOCK_IMAGES;
    const end = Math.min(count, start + BLOCK_IMAGES);
    return {
      name: String(number).padStart(5, "0"),
      count: end - start,
      items: (options: ImagePartOptions = {}) => items(start, end, options),
    };
  });
}

/** Names that no two parts share, of characters that every file system takes. */
export function safeNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const safe =
      name
        .replace(/[^A-Za-z0-9._-]+/g, "-")
        .replace(/^[.-]+/, "")
        .slice(0, 100) || "part";
    let free = safe;
    for (let again = 2; taken.has(free.toLowerCase()); again++) free = `${safe}-${again}`;
    // two names that differ in their case alone are one file where case does not count
    taken.add(free.toLowerCase());
    return free;
  });
}

/** SHA-256 over lines, which hold no line feed of their own. */
export function fingerprintOf(kind: string, lines: Iterable<readonly (string | number)[]>): string {
  const hash = createHash("sha256").update(`${kind}\n`);
  for (const line of lines) hash.update(`${JSON.stringify(line)}\n`);
  return hash.digest("hex");
}

/** Bytes in the unit that reads best: "4.2 GB". */
export function sizeText(bytes: number): string {
  const [unit, size] = bytes < 1e6 ? ["kB", 1e3] : bytes < 1e9 ? ["MB", 1e6] : ["GB", 1e9];
  return `${(bytes / Number(size)).toFixed(1)} ${unit}`;
}

/** "1 image", "2 images". */
export function countText(count: number): string {
  return `${count} ${count === 1 ? "image" : "images"}`;
}
