/** Opens a set of images by name: a folder, one file, a corpus, an array. What it is, its bytes say before its name does. */
import { existsSync, readdirSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { isHubName, openCorpus, type ShardChoice, shardAt, splits } from "../corpus/index.js";
import { openArraySet } from "./image-array.js";
import { corpusSet, tarSet } from "./image-corpus.js";
import { type FolderListing, fileSet, folderSet, listImages } from "./image-folder.js";
import type { ImageSet } from "./image-set.js";

/** What opening takes; the choice of shards is for corpora alone. */
export interface OpenImagesOptions extends ShardChoice {
  /** Stops the search of a folder. */
  readonly signal?: AbortSignal | undefined;
}

const FORMS =
  'a folder of png, jpg, jpeg or webp files, one image, "sample", a folder or a tar of shards, hf://ORGANISATION/NAME, ' +
  "a .npy or a .npz";
/** What index.json of a corpus' index says of itself. */
const INDEX_FORMAT = '"gpic-lab index"';
/** Bytes that tell what a file is: a tar's mark stands at 257. */
const HEAD_BYTES = 512;

/**
 * Opens a set of images; reads no image.
 * @param name a folder (searched recursively), one image, a corpus ("sample", a folder or a tar of shards, an index,
 *   hf://stanford-vision-lab/gpic), a .npy of N x height x width x 3 uint8, or a .npz with such an array as `arr_0`
 * @returns the images in a fixed order; parts are shards, or blocks of 1,024 images of a folder or an array
 * @throws Error or TypeError, with what is needed and what was found, where there is no such set or no image in it
 * @throws RangeError where shards are chosen of what has none
 * @example
 * const set = await openImages("samples");
 * for (const part of set.parts) for await (const item of part.items()) console.log(item.key);
 * await set.close();
 */
export async function openImages(name: string, options: OpenImagesOptions = {}): Promise<ImageSet> {
  if (typeof name !== "string" || name === "")
    throw new TypeError(`Cannot open images: ${FORMS} is needed, got ${JSON.stringify(name)}`);
  const { signal, ...choice } = options;
  if (name === "sample" || isHubName(name)) return corpusSet(await openCorpus(name, choice));
  const found = await stat(name).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
    throw new Error(`Cannot open images: ${FORMS} is needed, got "${name}", which is not there`);
  });
  const what = found.isDirectory() ? await folderKind(name) : await fileKind(name);
  if (what === "corpus") return corpusSet(await openCorpus(name, choice));
  if (Object.values(choice).some((value) => value !== undefined))
    throw new RangeError(
      `Cannot choose shards of ${name}: a corpus is needed, got ${found.isDirectory() ? "a folder of images" : "one file"}`,
    );
  if (what === "folder") return openFolder(name, signal);
  return what === "image" ? fileSet(name, found) : openArraySet(name, what);
}

/** Shards in train/, val/ or test/, or an index, make a corpus. */
async function folderKind(folder: string): Promise<"corpus" | "folder"> {
  const manifest = join(folder, "index.json");
  // a folder of images may have an index.json of its own
  if (existsSync(manifest) && (await firstBytes(manifest)).includes(INDEX_FORMAT)) return "corpus";
  const isShard = (file: string) => /^gpic_.*\.tar$/.test(file);
  const hasShards = splits.some((split) => {
    const inside = join(folder, split);
    return existsSync(inside) && readdirSync(inside).some(isShard);
  });
  return hasShards ? "corpus" : "folder";
}

async function openFolder(folder: string, signal: AbortSignal | undefined): Promise<ImageSet> {
  const listing = await listImages(folder, signal);
  if (listing.images.length > 0) return folderSet(folder, listing);
  const tars = readdirSync(folder).filter((file) => file.endsWith(".tar") && !file.startsWith("."));
  if (tars.length > 0)
    return tarSet(
      folder,
      tars.sort().map((file) => shardAt(join(folder, file))),
    );
  throw new Error(
    `Cannot open images of ${folder}: png, jpg, jpeg or webp files are needed, got ${othersText(listing)}`,
  );
}

function othersText({ others }: FolderListing): string {
  const kinds = [...others].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  if (kinds.length === 0) return "an empty folder";
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  const ends = kinds.slice(0, 5).map(([end, count]) => `${count} ${end === "" ? "without an ending" : end}`);
  return `${total} other ${total === 1 ? "file" : "files"} (${ends.join(", ")}${kinds.length > 5 ? ", ..." : ""})`;
}

async function fileKind(path: string): Promise<"corpus" | "npy" | "npz" | "image"> {
  const head = await firstBytes(path);
  if (head.startsWith("\x93NUMPY")) return "npy";
  if (head.startsWith("PK\x03\x04") || head.startsWith("PK\x05\x06")) return "npz";
  if (head.startsWith("ustar", 257)) return "corpus";
  const end = /\.[^./\\]*$/.exec(path)?.[0].toLowerCase();
  if (end === ".tar") return "corpus";
  if (end === ".npy" || end === ".npz") return end === ".npy" ? "npy" : "npz";
  const isImage = head.startsWith("\xff\xd8\xff") || head.startsWith("\x89PNG") || head.startsWith("WEBP", 8);
  if (isImage || /^\.(?:png|jpe?g|webp)$/.test(end ?? "")) return "image";
  throw new Error(
    `Cannot open images: ${FORMS} is needed, got the file ${path}, which begins as none of them does`,
  );
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}
