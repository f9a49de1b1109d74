/** The file of a part while it is made: rows go to the disk as they come, so memory does not grow with the part. */
import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { publishFile, temporaryName } from "../io/index.js";
import type { PartMoments } from "./extract-moments.js";
import type { ExtractedPart, ExtractFailure, ExtractKeep, ExtractMaker } from "./extract-types.js";
import { endOfPart, type PartRecord } from "./parts-file.js";

/** A part's file while it is made. */
export class PartDraft {
  readonly #path: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #keep: ExtractKeep;
  readonly #moments: PartMoments;
  readonly #keys: string[] = [];
  readonly failures: ExtractFailure[] = [];
  #bytes = 0;
  /** Of what was appended since it was last asked for. */
  #sum = 0;

  private constructor(
    path: string,
    temporary: string,
    handle: FileHandle,
    moments: PartMoments,
    keep: ExtractKeep,
  ) {
    this.#path = path;
    this.#temporary = temporary;
    this.#handle = handle;
    this.#keep = keep;
    this.#moments = moments;
  }

  /** @param path what the file will be called; its folder is made */
  static async begin(path: string, moments: PartMoments, keep: ExtractKeep): Promise<PartDraft> {
    await mkdir(dirname(path), { recursive: true });
    const temporary = temporaryName(path);
    return new PartDraft(path, temporary, await open(temporary, "wx"), moments, keep);
  }

  async add(rows: Float32Array, keys: readonly string[]): Promise<void> {
    const written = this.#keep === "rows" ? this.#append(rows) : undefined;
    await Promise.all([written, this.#moments.add(rows, keys.length)]);
    for (const key of keys) this.#keys.push(key);
  }

  /** Writes the rest; the file waits for `publish` or `discard`. */
  async complete(name: string, maker: ExtractMaker): Promise<ExtractedPart> {
    const part = { name, images: this.#keys.length, failures: this.failures, maker };
    const rowsBytes = this.#bytes;
    const rows = this.#takeSum();
    await this.#append(await this.#moments.finish());
    const momentsBytes = this.#bytes - rowsBytes;
    const moments = this.#takeSum();
    await this.#append(new TextEncoder().encode(JSON.stringify(this.#keys)));
    const keysBytes = this.#bytes - rowsBytes - momentsBytes;
    const record: PartRecord = {
      ...{ ...part, width: this.#moments.width, rowsBytes, momentsBytes, keysBytes },
      sums: { rows, moments, keys: this.#takeSum() },
    };
    await this.#append(endOfPart(record));
    await this.#handle.close();
    return part;
  }

  /** Gives the file its name; false where another process, which had finished the part, has removed it. */
  async publish(): Promise<boolean> {
    try {
      await publishFile(this.#temporary, this.#path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw error;
    }
  }

  /** Removes what has no name yet. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(this.#temporary, { force: true });
  }

  #takeSum(): number {
    const sum = this.#sum;
    this.#sum = 0;
    return sum;
  }

  async #append({ buffer, byteOffset, byteLength }: Float32Array | Float64Array | Uint8Array): Promise<void> {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    this.#sum = crc32(bytes, this.#sum);
    for (let done = 0; done < byteLength; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, byteLength - done, this.#bytes + done);
      done += bytesWritten;
    }
    this.#bytes += byteLength;
  }
}
