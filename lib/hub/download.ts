/**
 * One address to one file: resumed where it was cut, checked before it gets its name.
 *
 * Bytes are hashed as they arrive and written where they belong in a partial file; what a partial file holds from
 * before is hashed again, so that the sum is always that of what lies on the disk. Knows nothing of caches: the Hub's
 * files and plain addresses go the same way.
 */
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pieces } from "./bytes.js";
import type { WebConnection } from "./connection.js";
import { HubError } from "./errors.js";
import { type DownloadFile, PartialFile } from "./partial-file.js";
import { checkSpace } from "./space.js";

/** How a download goes. */
export interface DownloadOptions {
  /** Where the bytes lie until they are all there; by default the file's path with ".incomplete". */
  readonly partial?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How many more bytes are there, those from before included; less than 0 where a download starts anew. */
  readonly onBytes?: ((delta: number) => void) | undefined;
}

/**
 * Downloads a file.
 * @param file address, and size and sum where they are known
 * @param path where it comes to lie; appears there only whole and checked
 * @throws HubError where the bytes are wrong twice, the tries are used up, or the disk is too small; what has come is
 *   kept for the next call unless it is wrong
 * @example await download(connectWeb(), { url, sha256, subject: { what: "the weights" } }, "/data/weights.pth");
 */
export async function download(
  connection: WebConnection,
  file: DownloadFile,
  path: string,
  options: DownloadOptions = {},
): Promise<void> {
  const { partial = `${path}.incomplete`, signal, onBytes = () => {} } = options;
  await mkdir(dirname(partial), { recursive: true });
  await mkdir(dirname(path), { recursive: true });
  for (let isLast = false; ; isLast = true) {
    const there = await PartialFile.open(partial, file, onBytes, signal);
    try {
      const wrong = await fill(there, connection, file, signal);
      if (wrong === undefined) {
        await there.sync();
        break;
      }
      await there.discard();
      if (isLast) throw wrong;
    } finally {
      await there.close();
    }
  }
  await rename(partial, path);
  await rm(`${partial}.etag`, { force: true });
}

/** Fetches what is missing; gives what is wrong with the whole, if something is. */
async function fill(
  there: PartialFile,
  connection: WebConnection,
  file: DownloadFile,
  signal: AbortSignal | undefined,
): Promise<HubError | undefined> {
  let size = file.size;
  const { etag } = there;
  try {
    if (size !== undefined) await checkSpace(dirname(there.path), size - there.length);
    let isChecked = size !== undefined;
    if (size === undefined || there.length < size)
      for await (const piece of pieces(connection, file, { start: there.length, etag, signal })) {
        ({ size } = piece);
        if (!isChecked && size !== undefined) await checkSpace(dirname(there.path), size - there.length);
        isChecked = true;
        await there.write(piece.offset, piece.bytes, piece.etag);
      }
  } catch (error) {
    if (error instanceof HubError && error.kind === "wrong bytes") return error;
    throw error;
  }
  const wrong = (needed: string, got: string) =>
    new HubError("wrong bytes", `Cannot download ${file.subject.what}: ${needed} is needed, got ${got}`);
  if (size !== undefined && there.length !== size) return wrong(`${size} bytes`, `${there.length}`);
  const { sum, digest } = there;
  return sum === undefined || digest === sum ? undefined : wrong(`content with the hash ${sum}`, `${digest}`);
}
