/**
 * A file on the Hub as bytes that can be read anywhere: one range, one request.
 *
 * Reads that go forward are answered from a window that is fetched ahead and doubles while they go on, so that walking
 * through an archive costs one request for some megabytes and not one for each header; reads that jump fetch what they
 * ask for, and a little more.
 */
import type { ByteSource } from "../io/index.js";
import { type PieceOptions, pieces } from "./bytes.js";
import type { WebConnection } from "./connection.js";
import { HubError } from "./errors.js";
import type { RemoteFile } from "./open-part.js";

/** Fetched with every jump: a request takes longer than these bytes. */
const LEAST_BYTES: number = 64 << 10;
/** A window larger than this only costs memory. */
const MOST_BYTES: number = 8 << 20;
/** Going forward over less than this, an image say, still counts as reading on. */
const MAX_GAP_BYTES: number = 2 << 20;

interface Window {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * A source over ranges of a file behind HTTP; every read is tried again as downloads are.
 * @param file its size must be known
 * @param options.readAhead false fetches exactly what is asked for
 * @throws TypeError where the size is not known
 * @example await rangeSource(hub, file).read(0, 512)
 */
export function rangeSource(
  connection: WebConnection,
  file: RemoteFile,
  options: { readonly readAhead?: boolean; readonly signal?: AbortSignal | undefined } = {},
): ByteSource {
  const { size } = file;
  const name = file.subject.what;
  if (size === undefined) throw new TypeError(`Cannot read ranges of ${name}: its size is needed, got none`);
  const closed = new AbortController();
  const signal =
    options.signal === undefined ? closed.signal : AbortSignal.any([options.signal, closed.signal]);
  const readAhead = options.readAhead ?? true;
  let window: Window = { offset: 0, bytes: new Uint8Array(0) };
  const relay = {};
  let ahead = 0;
  let lastEnd = 0;

  return {
    name,
    length: size,
    async read(offset: number, length: number): Promise<Uint8Array> {
      const isWhole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
      if (!isWhole || offset < 0 || length < 0 || offset + length > size)
        throw new RangeError(
          `Cannot read ${name}: a range inside its ${size} bytes is needed, got ${length} bytes at ${offset}`,
        );
      signal.throwIfAborted();
      const goesOn = offset >= lastEnd && offset - lastEnd <= MAX_GAP_BYTES;
      lastEnd = offset + length;
      const from = window;
      const inside = Math.min(length, Math.max(0, from.offset + from.bytes.length - offset));
      const start = offset - from.offset;
      if (offset >= from.offset && inside === length) return from.bytes.slice(start, start + length);
      ahead = !readAhead ? 0 : goesOn ? Math.min(MOST_BYTES, Math.max(LEAST_BYTES, 2 * ahead)) : LEAST_BYTES;
      const kept = offset >= from.offset ? from.bytes.subarray(start, start + inside) : new Uint8Array(0);
      const end = Math.min(size, offset + Math.max(length, ahead));
      const fetched = await readRange(connection, file, { start: offset + kept.length, end, relay, signal });
      const bytes = new Uint8Array(kept.length + fetched.length);
      bytes.set(kept);
      bytes.set(fetched, kept.length);
      if (readAhead) window = { offset, bytes };
      return bytes.slice(0, length);
    },
    async close(): Promise<void> {
      closed.abort(new HubError("cache", `Cannot read ${name}: an open source is needed, got a closed one`));
      window = { offset: 0, bytes: new Uint8Array(0) };
    },
  };
}

async function readRange(
  connection: WebConnection,
  file: RemoteFile,
  part: PieceOptions & { readonly start: number; readonly end: number },
): Promise<Uint8Array> {
  const { start, end } = part;
  const bytes = new Uint8Array(end - start);
  for await (const piece of pieces(connection, file, part)) {
    const from = Math.max(start, piece.offset);
    const to = Math.min(end, piece.offset + piece.bytes.length);
    if (from < to) bytes.set(piece.bytes.subarray(from - piece.offset, to - piece.offset), from - start);
  }
  return bytes;
}
