/**
 * Bytes that can be read anywhere: the one thing that every reader of a file format stands on.
 *
 * A local file and a buffer are here; whatever else knows its length and can read a range (an object behind HTTP
 * ranges, say) fits the same interface.
 */
import { readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Something with a length and random access. */
export interface ByteSource {
  /** What messages call it: a path, or the words given. */
  readonly name: string;
  /** Size in bytes. */
  readonly length: number;
  /**
   * Reads a range.
   * @param offset first byte, 0 <= offset
   * @param length bytes wanted, offset + length <= this.length
   * @returns exactly `length` bytes
   * @throws RangeError where the range is not inside the source
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * Fills `into` from `offset` on, at once; only where the bytes are near (memory, a local file). An asynchronous read
   * costs some twenty times a small synchronous one, and hopping over headers is nothing but small reads.
   * @param into offset + into.length <= this.length
   * @throws RangeError as `read` does
   */
  readSync?(offset: number, into: Uint8Array): void;
  /** Gives back what the source holds open; reading afterwards is an error. */
  close(): Promise<void>;
}

/** Whether bytes come as a stream; a source is none, and streams of Node's have a `read` of their own. */
export function isByteStream(
  bytes: ByteSource | AsyncIterable<Uint8Array>,
): bytes is AsyncIterable<Uint8Array> {
  return Symbol.asyncIterator in bytes;
}

/**
 * A source over bytes in memory; `read` gives views, not copies.
 * @example await bufferSource(new Uint8Array([1, 2, 3])).read(1, 2) // Uint8Array [2, 3]
 */
export function bufferSource(bytes: Uint8Array, name: string = "buffer"): ByteSource {
  return {
    name,
    length: bytes.length,
    async read(offset: number, length: number): Promise<Uint8Array> {
      checkRange(name, bytes.length, offset, length);
      return bytes.subarray(offset, offset + length);
    },
    readSync(offset: number, into: Uint8Array): void {
      checkRange(name, bytes.length, offset, into.length);
      into.set(bytes.subarray(offset, offset + into.length));
    },
    async close(): Promise<void> {},
  };
}

/**
 * A source over a local file, opened for reading; close it when done.
 * @throws Error with the system's reason where the path is no readable file
 * @example const source = await openFileSource("gpic_val_00000.tar"); await source.read(0, 512);
 */
export async function openFileSource(path: string): Promise<ByteSource> {
  const handle = await open(path, "r");
  try {
    const stat = await handle.stat();
    if (!stat.isFile())
      throw new TypeError(`Cannot read ${path}: a file is needed, got a folder or a device`);
    return fileSource(handle, path, stat.size);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function fileSource(handle: FileHandle, path: string, size: number): ByteSource {
  return {
    name: path,
    length: size,
    async read(offset: number, length: number): Promise<Uint8Array> {
      checkRange(path, size, offset, length);
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0) throw shrunk(path, offset, length, done);
        done += bytesRead;
      }
      return bytes;
    },
    readSync(offset: number, into: Uint8Array): void {
      checkRange(path, size, offset, into.length);
      for (let done = 0; done < into.length; ) {
        const bytesRead = readSync(handle.fd, into, done, into.length - done, offset + done);
        if (bytesRead === 0) throw shrunk(path, offset, into.length, done);
        done += bytesRead;
      }
    },
    close: () => handle.close(),
  };
}

function shrunk(path: string, offset: number, length: number, done: number): RangeError {
  return new RangeError(
    `Cannot read ${length} bytes at ${offset} of ${path}: the file ended at ${offset + done}; was it cut meanwhile?`,
  );
}

function checkRange(name: string, size: number, offset: number, length: number): void {
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (!whole || offset < 0 || length < 0 || offset + length > size)
    throw new RangeError(
      `Cannot read ${name}: a range inside its ${size} bytes is needed, got ${length} bytes at ${offset}`,
    );
}
