/**
 * One address to one file: resumed where it was cut, checked before it gets its name.
 *
 * Bytes are hashed as they arrive and written where they belong in a partial file; what a partial file holds from
 * before is hashed again, so that the sum is always that of what lies on the disk. Knows nothing of caches: the Hub's
 * files and plain addresses go the same way.
 */
import { createHash, type Hash } from "node:crypto";
import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pieces, type RemoteFile } from "./bytes.js";
import type { WebConnection } from "./connection.js";
import { HubError } from "./errors.js";
import { checkSpace } from "./space.js";

/** A file to download, and how its bytes are known to be right. */
export interface DownloadFile extends RemoteFile {
  /** The SHA-256 of the content, 64 hexadecimal digits. */
  readonly sha256?: string | undefined;
  /** Git's SHA-1 of the content as a blob, 40 hexadecimal digits; needs `size`. */
  readonly gitOid?: string | undefined;
}

/** How a download goes. */
export interface DownloadOptions {
  /** Where the bytes lie until they are all there; by default the file's path with ".incomplete". */
  readonly partial?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How many more bytes are there, those from before included; less than 0 where a download starts anew. */
  readonly onBytes?: ((delta: number) => void) | undefined;
}

/** Bytes of a partial file that are hashed at once. */
const REHASH_BYTES: number = 1 << 20;

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
    const sink = await Sink.open(partial, file, onBytes, signal);
    try {
      const wrong = await fill(sink, connection, file, signal);
      if (wrong === undefined) {
        await sink.sync();
        break;
      }
      await sink.discard();
      if (isLast) throw wrong;
    } finally {
      await sink.close();
    }
  }
  await rename(partial, path);
  await rm(`${partial}.etag`, { force: true });
}

/** Fetches what is missing; gives what is wrong with the whole, if something is. */
async function fill(
  sink: Sink,
  connection: WebConnection,
  file: DownloadFile,
  signal: AbortSignal | undefined,
): Promise<HubError | undefined> {
  let size = file.size;
  const { etag } = sink;
  try {
    if (size !== undefined) await checkSpace(dirname(sink.path), size - sink.length);
    let isChecked = size !== undefined;
    if (size === undefined || sink.length < size)
      for await (const piece of pieces(connection, file, { start: sink.length, etag, signal })) {
        ({ size } = piece);
        if (!isChecked && size !== undefined) await checkSpace(dirname(sink.path), size - sink.length);
        isChecked = true;
        await sink.write(piece.offset, piece.bytes, piece.etag);
      }
  } catch (error) {
    if (error instanceof HubError && error.kind === "wrong bytes") return error;
    throw error;
  }
  const wrong = (needed: string, got: string) =>
    new HubError("wrong bytes", `Cannot download ${file.subject.what}: ${needed} is needed, got ${got}`);
  if (size !== undefined && sink.length !== size) return wrong(`${size} bytes`, `${sink.length}`);
  const { sum, digest } = sink;
  return sum === undefined || digest === sum ? undefined : wrong(`content with the hash ${sum}`, `${digest}`);
}

/** A partial file and the running hash of what it holds. */
class Sink {
  readonly path: string;
  readonly sum: string | undefined;
  readonly #file: DownloadFile;
  readonly #onBytes: (delta: number) => void;
  #handle: FileHandle;
  #hash: Hash;
  /** Bytes that are written and hashed. */
  length = 0;
  /** The entity tag of the bytes that are there, where no hash will tell whether they belong together. */
  etag: string | undefined;

  private constructor(
    path: string,
    file: DownloadFile,
    handle: FileHandle,
    onBytes: (delta: number) => void,
  ) {
    this.path = path;
    this.sum = file.sha256 ?? file.gitOid;
    this.#file = file;
    this.#handle = handle;
    this.#onBytes = onBytes;
    this.#hash = this.#begin();
  }

  static async open(
    path: string,
    file: DownloadFile,
    onBytes: (delta: number) => void,
    signal: AbortSignal | undefined,
  ): Promise<Sink> {
    const handle = await open(path, "a+").then(async (made) => {
      await made.close();
      return open(path, "r+");
    });
    try {
      const sink = new Sink(path, file, handle, onBytes);
      await sink.#takeOver(signal);
      return sink;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Hashes what was there before; what cannot belong to the file is thrown away. */
  async #takeOver(signal: AbortSignal | undefined): Promise<void> {
    const there = (await this.#handle.stat()).size;
    if (this.sum === undefined)
      this.etag = await readFile(`${this.path}.etag`, "utf8").catch(() => undefined);
    const isKnown = this.sum !== undefined || this.etag !== undefined;
    if (there === 0) return;
    if (!isKnown || there > (this.#file.size ?? Number.POSITIVE_INFINITY)) return this.#empty();
    const buffer = new Uint8Array(REHASH_BYTES);
    while (this.length < there) {
      signal?.throwIfAborted();
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.length);
      if (bytesRead === 0) break;
      this.#count(buffer.subarray(0, bytesRead));
    }
  }

  async write(offset: number, bytes: Uint8Array, etag: string | undefined): Promise<void> {
    if (offset < this.length) await this.#empty();
    if (this.sum === undefined && etag !== undefined && etag !== this.etag) {
      this.etag = etag;
      await writeFile(`${this.path}.etag`, etag);
    }
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, offset + done);
      done += bytesWritten;
    }
    this.#count(bytes);
  }

  /** The hash of all that is there. */
  get digest(): string {
    return this.#hash.copy().digest("hex");
  }

  /** Makes sure that the bytes outlive a power cut before the name promises them. */
  sync(): Promise<void> {
    return this.#handle.datasync();
  }

  async discard(): Promise<void> {
    await this.#empty();
    await rm(this.path, { force: true });
    await rm(`${this.path}.etag`, { force: true });
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #empty(): Promise<void> {
    await this.#handle.truncate(0);
    if (this.length > 0) this.#onBytes(-this.length);
    this.length = 0;
    this.etag = undefined;
    this.#hash = this.#begin();
  }

  #count(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.length += bytes.length;
    this.#onBytes(bytes.length);
  }

  #begin(): Hash {
    const { sha256, gitOid, size } = this.#file;
    if (sha256 !== undefined || gitOid === undefined) return createHash("sha256");
    return createHash("sha1").update(`blob ${size}\0`);
  }
}
