/**
 * One file of a zip archive as a source of bytes: a stored one in place, a deflated one inflated as it is read.
 *
 * A deflated entry has no random access: reading forward inflates further, reading backward begins again. Memory is a
 * few blocks either way. The checksum is held against what was read whenever that was the whole entry in order.
 */
import { pipeline, Readable } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import type { ByteSource } from "./byte-source.js";
import { shownName } from "./hostile-text.js";
import { type ZipEntry, ZipError } from "./zip-reader.js";

/** Compressed bytes read at a time, and inflated bytes given at a time. */
const BLOCK_BYTES = 256 * 1024;

/**
 * The bytes of an entry as a source.
 * @param archive the archive, which stays the caller's to close
 * @param entry one that `readZipDirectory` gave for it
 * @param name what messages call it
 * @example (await zipEntrySource(archive, entry, "a.npz: mu").read(0, 6))[0] // 0x93
 */
export function zipEntrySource(archive: ByteSource, entry: ZipEntry, name: string): ByteSource {
  const sum = new RunningSum(archive, entry);
  const bytes = entry.isStored ? storedBytes(archive, entry) : new InflatedBytes(archive, entry);
  return {
    name,
    length: entry.bytes,
    async read(offset: number, length: number): Promise<Uint8Array> {
      const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
      if (!whole || offset < 0 || length < 0 || offset + length > entry.bytes)
        throw new RangeError(
          `Cannot read ${name}: a range inside its ${entry.bytes} bytes is needed, got ${length} bytes at ${offset}`,
        );
      const read = await bytes.read(offset, length);
      sum.add(offset, read);
      return read;
    },
    close: () => bytes.close(),
  };
}

interface EntryBytes {
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

function storedBytes(archive: ByteSource, entry: ZipEntry): EntryBytes {
  return {
    read: (offset, length) => archive.read(entry.dataOffset + offset, length),
    async close(): Promise<void> {},
  };
}

/** The checksum of what is read, as long as each read begins where the last one ended. */
class RunningSum {
  readonly #archive: ByteSource;
  readonly #entry: ZipEntry;
  #end = 0;
  #sum = 0;

  constructor(archive: ByteSource, entry: ZipEntry) {
    this.#archive = archive;
    this.#entry = entry;
  }

  add(offset: number, bytes: Uint8Array): void {
    if (offset === 0) this.#end = this.#sum = 0;
    if (offset !== this.#end) return;
    this.#sum = crc32(bytes, this.#sum);
    this.#end += bytes.length;
    if (this.#end === this.#entry.bytes && this.#sum !== this.#entry.crc32)
      throw new ZipError(
        "damaged",
        this.#archive.name,
        `the checksum of ${shownName(this.#entry.name)} differs from its bytes; copy or download the file again`,
      );
  }
}

class InflatedBytes implements EntryBytes {
  readonly #archive: ByteSource;
  readonly #entry: ZipEntry;
  #chunks: AsyncIterator<Uint8Array> | undefined;
  #rest: Uint8Array = new Uint8Array(0);
  #position = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(archive: ByteSource, entry: ZipEntry) {
    this.#archive = archive;
    this.#entry = entry;
  }

  /** One read after the other, as they share one place in the stream. */
  read(offset: number, length: number): Promise<Uint8Array> {
    const read = this.#turn.then(() => this.#read(offset, length));
    this.#turn = read.catch(() => this.#stop());
    return read;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#stop();
  }

  async #read(offset: number, length: number): Promise<Uint8Array> {
    if (offset < this.#position) await this.#stop();
    this.#chunks ??= inflatedChunks(this.#archive, this.#entry);
    while (this.#position < offset) await this.#take(offset - this.#position);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const some = await this.#take(length - done);
      bytes.set(some, done);
      done += some.length;
    }
    // the generator sees that nothing follows only when it is asked once more
    if (this.#position === this.#entry.bytes && this.#rest.length === 0) await this.#chunks.next();
    return bytes;
  }

  /** At most so many of the bytes that come next, at least one. */
  async #take(most: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks!.next();
      if (next.done) throw new RangeError(`Cannot read ${this.#entry.bytes} bytes: the entry ended before`);
      this.#rest = next.value;
    }
    const some = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(some.length);
    this.#position += some.length;
    return some;
  }

  async #stop(): Promise<void> {
    const chunks = this.#chunks;
    this.#chunks = undefined;
    this.#rest = new Uint8Array(0);
    this.#position = 0;
    await chunks?.return?.();
  }
}

/** All bytes of a deflated entry, and an error where they are more or fewer than the directory says. */
async function* inflatedChunks(
  archive: ByteSource,
  entry: ZipEntry,
): AsyncGenerator<Uint8Array, void, undefined> {
  const inflating = createInflateRaw({ chunkSize: BLOCK_BYTES });
  const raw = Readable.from(rawBlocks(archive, entry), { highWaterMark: 1 });
  // its errors come out of the iteration
  pipeline(raw, inflating, () => {});
  let bytes = 0;
  try {
    for await (const chunk of inflating) {
      bytes += chunk.length;
      if (bytes > entry.bytes) throw new Error("there are more");
      yield chunk;
    }
    if (bytes < entry.bytes) throw new Error(`there are ${bytes}`);
  } catch (error) {
    if (raw.errored !== null && raw.errored === error) throw error;
    throw new ZipError(
      "damaged",
      archive.name,
      `the data of ${shownName(entry.name)} must inflate to ${entry.bytes} bytes: ${(error as Error).message}`,
    );
  } finally {
    raw.destroy();
    inflating.destroy();
  }
}

async function* rawBlocks(archive: ByteSource, entry: ZipEntry): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < entry.compressedBytes; at += BLOCK_BYTES)
    yield await archive.read(entry.dataOffset + at, Math.min(BLOCK_BYTES, entry.compressedBytes - at));
}
