/** The file that a download fills: what it holds is hashed, also what it held from before. */
import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, readFile, rm, writeFile } from "node:fs/promises";
import type { RemoteFile } from "./open-part.js";

/** A file to download, and how its bytes are known to be right. */
export interface DownloadFile extends RemoteFile {
  /** The SHA-256 of the content, 64 hexadecimal digits. */
  readonly sha256?: string | undefined;
  /** Git's SHA-1 of the content as a blob, 40 hexadecimal digits; needs `size`. */
  readonly gitOid?: string | undefined;
}

/** Bytes of a partial file that are hashed at once. */
const REHASH_BYTES: number = 1 << 20;

/** A partial file and the running hash of what it holds. */
export class PartialFile {
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
  ): Promise<PartialFile> {
    const handle = await open(path, "a+").then(async (made) => {
      await made.close();
      return open(path, "r+");
    });
    try {
      const sink = new PartialFile(path, file, handle, onBytes);
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
