/**
 * File names of prepared images: an image's key with .png, made harmless.
 *
 * Keys come from data. Whatever a key holds, its file lies below the folder, no two images share a file (not even where
 * upper and lower case are one), and the same images in the same order get the same names again.
 */
import { createHash } from "node:crypto";

/** Bytes of one part of a path: file systems take 255, and ".png" or a number follow. */
const MAX_PART_BYTES = 200;
/** Bytes of a whole path below the folder: systems take 4,096, and the folder's own path comes before it. */
const MAX_PATH_BYTES = 1024;
/** Hexadecimal digits of the key's hash that stand where a name was cut. */
const HASH_DIGITS = 16;

/** Gives out names; one for each run over a set. */
export class PreparedNames {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  /**
   * The file of the next image, with slashes: "cats/a.png" for "cats/a.jpg"; "cats/a-2.png" where that is taken;
   * "a.png_b.png" for "a.png/b.jpg" where "a.png" is a file.
   */
  next(key: string): string {
    const path = stemOf(key);
    const isBelowFile = foldersOf(path).some((folder) => this.#files.has(sameFile(folder)));
    const stem = isBelowFile ? shortened(path.replaceAll("/", "_"), MAX_PART_BYTES, key) : path;
    let name = `${stem}.png`;
    for (let again = 2; this.#isTaken(name); again++) name = `${stem}-${again}.png`;
    this.take(name);
    return name;
  }

  /** Takes a name that an earlier run gave. */
  take(name: string): void {
    this.#files.add(sameFile(name));
    for (const folder of foldersOf(name)) this.#folders.add(sameFile(folder));
  }

  #isTaken(name: string): boolean {
    return this.#files.has(sameFile(name)) || this.#folders.has(sameFile(name));
  }
}

/** A key as a path without ending: no part of it leads upward, is hidden, or is too long. */
function stemOf(key: string): string {
  const parts = key
    .replace(/\.(?:png|jpe?g|webp)$/i, "")
    .split("/")
    .filter((part) => part !== "")
    .map((part) => shortened(harmless(part), MAX_PART_BYTES, part));
  const path = parts.join("/");
  if (path === "") return `image-${hashOf(key)}`;
  // a path that is too deep becomes one name
  return Buffer.byteLength(path) <= MAX_PATH_BYTES
    ? path
    : shortened(path.replaceAll("/", "_"), MAX_PART_BYTES, key);
}

/** Characters that act in a terminal or are separators somewhere, points in front, and what Windows keeps for itself. */
function harmless(part: string): string {
  const text = part
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\:*?"<>|]/gu, "_")
    .replace(/^\.+/, (points) => "_".repeat(points.length))
    .replace(/[. ]+$/, (ends) => "_".repeat(ends.length));
  return /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(text) ? `_${text}` : text;
}

function shortened(text: string, bytes: number, hashed: string): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let cut = "";
  for (const character of text) {
    if (Buffer.byteLength(cut + character) > bytes - HASH_DIGITS - 1) break;
    cut += character;
  }
  return `${cut}-${hashOf(hashed)}`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, HASH_DIGITS);
}

/** The folders that a path leads through: "a" and "a/b" for "a/b/c". */
function foldersOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("/"));
}

/** Two names with the same value may be one file. */
function sameFile(name: string): string {
  return name.toLowerCase();
}
