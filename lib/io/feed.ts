/** Brings bytes to a reader out of a source: by hops, or all of them in their order. */
import type { ByteSource } from "./byte-source.js";
import type { Need } from "./reading.js";

/** Gives a reader the bytes that it needs; at once where they are at hand. */
export interface Feed {
  take(need: Need): Uint8Array | Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Bytes read at once from a near source: a header, a JSON as the release's are, and the next header come together. */
const NEAR_WINDOW_BYTES = 3072;
/** The same from a far one, where a request costs more than bytes do. */
const FAR_WINDOW_BYTES = 16_384;

/** Bytes of a piece where all are read from a near source: what fits the processor's cache is read the fastest. */
const NEAR_PIECE_BYTES = 1 << 18;
/** The same from a far one. */
const FAR_PIECE_BYTES = 1 << 22;

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

/**
 * A feed that reads every byte in its order, in pieces large enough that a far source takes few requests and a disk
 * reads ahead; what the reader asks for again is read again.
 */
export function sequentialFeed(source: ByteSource): Feed {
  const { length } = source;
  const isNear = source.readSync !== undefined;
  const pieceBytes = isNear ? NEAR_PIECE_BYTES : FAR_PIECE_BYTES;
  // the front holds what is left of the piece before, so that a range across both is one
  const own = new Uint8Array(isNear ? 2 * NEAR_PIECE_BYTES : 0);
  let window: Uint8Array = own.subarray(0, 0);
  let start = 0;

  function wants(need: Need): number {
    need.end = length;
    return Math.max(0, Math.min(need.length, length - need.offset));
  }

  function nextSync(keep: number): void {
    const end = start + window.length;
    const rest = keep >= start && keep < end && end - keep <= pieceBytes ? end - keep : 0;
    const read = Math.min(pieceBytes, length - end);
    own.copyWithin(0, window.length - rest, window.length);
    source.readSync?.(end, own.subarray(rest, rest + read));
    window = own.subarray(0, rest + read);
    start = end - rest;
  }

  async function next(keep: number): Promise<void> {
    const end = start + window.length;
    const rest = keep >= start && keep < end ? window.subarray(keep - start) : window.subarray(0, 0);
    const bytes = await source.read(end, Math.min(pieceBytes, length - end));
    window = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    start = end - rest.length;
  }

  async function far(need: Need, wanted: number): Promise<Uint8Array> {
    if (need.offset < start) return source.read(need.offset, wanted);
    while (need.offset + wanted > start + window.length) await next(need.offset);
    return window.subarray(need.offset - start, need.offset - start + wanted);
  }

  return {
    take(need): Uint8Array | Promise<Uint8Array> {
      const wanted = wants(need);
      if (wanted === 0) return own.subarray(0, 0);
      const { offset } = need;
      if (offset >= start && offset + wanted <= start + window.length)
        return window.subarray(offset - start, offset - start + wanted);
      if (!isNear) return far(need, wanted);
      const isBack = offset < start;
      while (!isBack && wanted <= pieceBytes && offset + wanted > start + window.length) nextSync(offset);
      if (!isBack && wanted <= pieceBytes) return window.subarray(offset - start, offset - start + wanted);
      const bytes = new Uint8Array(wanted);
      source.readSync?.(offset, bytes);
      return bytes;
    },
    async close(): Promise<void> {},
  };
}
