/**
 * A folder of images as a set, or one image.
 *
 * As gpic-eval reads samples: png, jpg, jpeg and webp in any case, searched recursively, in the order in which Python
 * sorts their paths. Hidden files and folders are left out, and folders that are links are not entered, so that a
 * search ends; files that are links are read.
 */
import type { Stats } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { MAX_IMAGE_BYTES } from "../corpus/index.js";
import { blocks, countText, fingerprintOf, sizeText } from "./image-blocks.js";
import { ImageError } from "./image-error.js";
import type { ImageItem, ImageSet } from "./image-set.js";

/** What names of images end with, in any case. */
const IMAGE_NAME = /\.(?:png|jpe?g|webp)$/i;
/** Questions to the file system at once. */
const STATS_AT_ONCE = 64;

/** What a search of a folder found. */
export interface FolderListing {
  /** Images below the folder, with slashes, in Python's order. */
  readonly images: readonly FolderImage[];
  /** Other files, by the ends of their names: ".txt", "" for none. */
  readonly others: ReadonlyMap<string, number>;
}

/** An image of a folder. */
export interface FolderImage {
  /** Its path below the folder, with slashes. */
  readonly path: string;
  readonly sizeBytes: number;
  /** When it was last written, in milliseconds; another picture of the same name and size has another. */
  readonly modifiedMs: number;
}

/**
 * Searches a folder for images.
 * @throws the system's error where a folder cannot be listed
 */
export async function listImages(folder: string, signal?: AbortSignal): Promise<FolderListing> {
  const paths: string[] = [];
  const others = new Map<string, number>();
  const search = async (inside: string): Promise<void> => {
    signal?.throwIfAborted();
    for (const entry of await readdir(join(folder, inside), { withFileTypes: true })) {
      const { name } = entry;
      if (name.startsWith(".")) continue;
      const path = inside === "" ? name : `${inside}/${name}`;
      if (entry.isDirectory()) await search(path);
      else if (IMAGE_NAME.test(name)) paths.push(path);
      else {
        const end = /\.[^.]*$/.exec(name)?.[0].toLowerCase() ?? "";
        others.set(end, (others.get(end) ?? 0) + 1);
      }
    }
  };
  await search("");
  paths.sort(byCodePoint);
  const images: FolderImage[] = [];
  for (let at = 0; at < paths.length; at += STATS_AT_ONCE) {
    signal?.throwIfAborted();
    const sizes = paths.slice(at, at + STATS_AT_ONCE).map(async (path) => {
      // a link that leads nowhere stays, and fails when it is read; a folder with an image's name is none
      const found = await stat(join(folder, path)).catch(() => undefined);
      return found !== undefined && !found.isFile()
        ? []
        : [{ path, sizeBytes: found?.size ?? 0, modifiedMs: Math.round(found?.mtimeMs ?? 0) }];
    });
    images.push(...(await Promise.all(sizes)).flat());
  }
  return { images, others };
}

/** The set of a folder that was searched. */
export function folderSet(folder: string, { images }: FolderListing): ImageSet {
  const bytes = images.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return {
    name: folder,
    fingerprint: fingerprintOf(
      "folder",
      images.map(({ path, sizeBytes, modifiedMs }) => [path, sizeBytes, modifiedMs]),
    ),
    describe: () => `folder ${basename(folder)}: ${countText(images.length)}, ${sizeText(bytes)}`,
    count: images.length,
    parts: blocks(images.length, async function* (start, end, { signal }) {
      for (const { path, sizeBytes } of images.slice(start, end)) {
        signal?.throwIfAborted();
        yield fileItem(path, join(folder, path), sizeBytes);
      }
    }),
    async close() {},
  };
}

/** The set of one image file, whatever its name ends with. */
export function fileSet(path: string, { size: sizeBytes, mtimeMs }: Stats): ImageSet {
  const key = basename(path);
  return {
    name: path,
    fingerprint: fingerprintOf("file", [[key, sizeBytes, Math.round(mtimeMs)]]),
    describe: () => `image ${key}, ${sizeText(sizeBytes)}`,
    count: 1,
    parts: blocks(1, async function* () {
      yield fileItem(key, path, sizeBytes);
    }),
    async close() {},
  };
}

function fileItem(key: string, path: string, sizeBytes: number): ImageItem {
  return {
    key,
    async read() {
      if (sizeBytes > MAX_IMAGE_BYTES)
        throw new ImageError("too large", key, `at most ${MAX_IMAGE_BYTES} bytes are read, got ${sizeBytes}`);
      return { bytes: await readFile(path) };
    },
  };
}

/** Python's order of strings: by code point, where JavaScript's goes by halves of surrogate pairs. */
function byCodePoint(a: string, b: string): number {
  // surrogates stand below the characters from U+E000 to U+FFFF in UTF-16, and above them as code points
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
