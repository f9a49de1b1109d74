/** A byte source as yauzl reads it. */
import { EventEmitter } from "node:events";
import type { RandomAccessReader } from "yauzl";
import type { ByteSource } from "./byte-source.js";

/** Bytes fetched at a time from a far source while its directory is read entry by entry. */
const WINDOW_BYTES = 1 << 16;

/**
 * A reader of yauzl's over a source. Near sources are read at once; of far ones a window is kept, as a directory is
 * read in pieces of some fifty bytes.
 */
export function zipBytes(source: ByteSource): RandomAccessReader {
  let window: { readonly offset: number; readonly bytes: Uint8Array } = {
    offset: 0,
    bytes: new Uint8Array(0),
  };

  async function fetched(offset: number, length: number): Promise<Uint8Array> {
    const isThere = offset >= window.offset && offset + length <= window.offset + window.bytes.length;
    if (!isThere) {
      const wanted = Math.max(length, Math.min(WINDOW_BYTES, source.length - offset));
      window = { offset, bytes: await source.read(offset, wanted) };
    }
    return window.bytes.subarray(offset - window.offset, offset - window.offset + length);
  }

  class Reader extends EventEmitter {
    read(
      into: Buffer,
      at: number,
      length: number,
      position: number,
      callback: (error: Error | null, bytesRead?: number) => void,
    ): void {
      if (position + length > source.length) {
        callback(new Error(`its directory points to byte ${position + length} of ${source.length}`));
        return;
      }
      // the callback must not run inside a try or a promise here: what it throws is none of the reading's failures
      if (source.readSync !== undefined) {
        let problem: Error | null = null;
        try {
          source.readSync(position, into.subarray(at, at + length));
        } catch (error) {
          problem = error as Error;
        }
        callback(problem, length);
        return;
      }
      fetched(position, length).then(
        (bytes) => {
          into.set(bytes, at);
          callback(null, length);
        },
        (error: Error) => callback(error),
      );
    }
    ref(): void {}
    unref(): void {}
  }

  // yauzl asks for `read`, `ref`, `unref` and events only; its own class would bring streams over ranges
  return new Reader() as unknown as RandomAccessReader;
}
