/** Brings bytes to a reader: by ranges out of a source, or out of a stream as it passes. */
import type { ByteSource } from "./byte-source.js";
import type { Need } from "./reading.js";

/** Gives a reader the bytes that it needs; at once where they are at hand. */
export interface Feed {
  take(need: Need): Uint8Array | Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Bytes read at once from a near source: a header, a small JSON and the next header come together. */
const NEAR_WINDOW_BYTES = 4096;
/** The same from a far one, where a request costs more than bytes do. */
const FAR_WINDOW_BYTES = 16_384;

/**
 * A feed that hops: reads around what is needed, and nothing else.
 * @param base where the range that is read begins in the source; the reader counts from there
 * @param length its bytes
 */
export function rangeFeed(source: ByteSource, base: number = 0, length: number = source.length - base): Feed {
  const isNear = source.readSync !== undefined;
  const windowBytes = isNear ? NEAR_WINDOW_BYTES : FAR_WINDOW_BYTES;
  const own = new Uint8Array(isNear ? Math.min(windowBytes, length) : 0);
  let window: Uint8Array = own.subarray(0, 0);
  let start = 0;
  return {
    take(need): Uint8Array | Promise<Uint8Array> {
      need.end = length;
      const { offset } = need;
      const wanted = Math.max(0, Math.min(need.length, length - offset));
      if (wanted === 0) return own.subarray(0, 0);
      const from = offset - start;
      if (from >= 0 && from + wanted <= window.length) return window.subarray(from, from + wanted);
      const read = Math.min(Math.max(wanted, windowBytes), length - offset);
      if (!isNear)
        return source.read(base + offset, read).then((bytes) => {
          window = bytes;
          start = offset;
          return bytes.subarray(0, wanted);
        });
      window = read <= own.length ? own.subarray(0, read) : new Uint8Array(read);
      start = offset;
      source.readSync?.(base + offset, window);
      return window.subarray(0, wanted);
    },
    async close(): Promise<void> {},
  };
}

/** A feed over bytes that pass once; holds what the reader may ask for again, and pulls only when asked. */
export function streamFeed(stream: AsyncIterable<Uint8Array>): Feed {
  const chunks: Uint8Array[] = [];
  let start = 0;
  let end = 0;
  let isDone = false;
  let iterator: AsyncIterator<Uint8Array> | undefined;

  function forget(keep: number): void {
    let gone = 0;
    while (gone < chunks.length && start + chunks[gone]!.length <= keep) start += chunks[gone++]!.length;
    if (gone > 0) chunks.splice(0, gone);
  }

  function held(need: Need): Uint8Array {
    const from = Math.max(need.offset, start);
    const wanted = Math.max(0, Math.min(need.offset + need.length, end) - from);
    let at = start;
    let i = 0;
    while (i < chunks.length && at + chunks[i]!.length <= from) at += chunks[i++]!.length;
    const first = chunks[i];
    if (first === undefined || wanted === 0) return new Uint8Array(0);
    if (from - at + wanted <= first.length) return first.subarray(from - at, from - at + wanted);
    const bytes = new Uint8Array(wanted);
    for (let done = 0; done < wanted; i++) {
      const piece = chunks[i]!.subarray(done === 0 ? from - at : 0).subarray(0, wanted - done);
      bytes.set(piece, done);
      done += piece.length;
    }
    return bytes;
  }

  async function pull(need: Need): Promise<Uint8Array> {
    iterator ??= stream[Symbol.asyncIterator]();
    while (!isDone && end < need.offset + need.length) {
      const { done, value } = await iterator.next();
      if (done) isDone = true;
      else if (value.length > 0) {
        chunks.push(value);
        end += value.length;
        forget(need.keep);
      }
    }
    if (isDone) need.end = end;
    return held(need);
  }

  return {
    take(need): Uint8Array | Promise<Uint8Array> {
      forget(need.keep);
      if (isDone || end >= need.offset + need.length) return held(need);
      return pull(need);
    },
    async close(): Promise<void> {
      chunks.length = 0;
      if (!isDone) await iterator?.return?.();
    },
  };
}
