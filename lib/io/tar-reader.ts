/**
 * Reads the headers of a tar archive and hops over the data.
 *
 * The plain reader: ustar with checksums verified, PAX `path` and `size` (`x` and `g`), GNU long names. Known
 * difference from a full reader: the first damage ends the reading, as an error that names archive and offset.
 */
import type { ByteSource } from "./byte-source.js";
import { parseTarHeader, TAR_BLOCK_BYTES, type TarHeader } from "./tar-header.js";

/** One entry of an archive, without its data. */
export interface TarEntry {
  /** Path inside the archive, as it was written: hostile text. */
  readonly name: string;
  readonly type: "file" | "directory" | "link" | "other";
  /** Bytes of data. */
  readonly size: number;
  /** Where the data begins, in bytes from the start of the archive. */
  readonly offset: number;
  /** Where the entry's first header begins (that of its PAX or long-name header, if it has one). */
  readonly headerOffset: number;
}

/** Damage in an archive, and where it is. */
export class TarError extends Error {
  override readonly name = "TarError";
  /** The archive. */
  readonly source: string;
  /** Bytes from the start of the archive. */
  readonly offset: number;
  constructor(source: string, offset: number, what: string) {
    super(`Cannot read the tar archive ${source} at byte ${offset}: ${what}`);
    this.source = source;
    this.offset = offset;
  }
}

/** Longest PAX or long-name header that is read: paths and sizes need some hundred bytes, and a wrong size must not fill the memory. */
export const MAX_TAR_EXTENSION_BYTES: number = 1 << 20;

/** Bytes read at once: a header, a small JSON and the next header come together. */
const WINDOW_BYTES = 4096;

/**
 * The entries of an archive in their order; reads headers, never data.
 * @param source the archive
 * @param options.signal stops between two entries
 * @throws TarError at a wrong checksum, a cut, or an archive without its two (at least one) closing zero blocks
 * @example for await (const entry of tarEntries(source)) console.log(entry.name, entry.size);
 */
export async function* tarEntries(
  source: ByteSource,
  options: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<TarEntry, void, undefined> {
  const blocks = new BlockReader(source);
  let shared: Extension = {};
  let own: Extension = {};
  let start: number | undefined;
  for (let at = 0; ; ) {
    options.signal?.throwIfAborted();
    const block = await blocks.at(at);
    if (block.every((byte) => byte === 0)) {
      if (start !== undefined)
        throw new TarError(source.name, start, "an extended header has no entry behind it");
      return;
    }
    const header = headerAt(source, at, block);
    const data = at + TAR_BLOCK_BYTES;
    const size = hasData(header.typeFlag) ? sizeOf(header, own, shared) : 0;
    if (data + size > source.length)
      throw new TarError(
        source.name,
        at,
        `the archive is cut: the entry needs ${size} bytes of data, got ${source.length - data}`,
      );
    const next = data + Math.ceil(size / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
    if (isExtension(header.typeFlag)) {
      const extension = await readExtension(source, at, header);
      if (header.typeFlag === "g") shared = { ...shared, ...extension };
      else own = { ...own, ...extension };
      start ??= at;
    } else {
      yield {
        name: own.path ?? shared.path ?? header.name,
        type: typeOf(header.typeFlag),
        size,
        offset: data,
        headerOffset: start ?? at,
      };
      own = {};
      start = undefined;
    }
    at = next;
  }
}

interface Extension {
  readonly path?: string;
  readonly size?: number;
}

/** Whole blocks out of a small window, so that neighbouring headers cost one read. */
class BlockReader {
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array(0);
  #start = 0;
  constructor(source: ByteSource) {
    this.#source = source;
  }
  async at(offset: number): Promise<Uint8Array> {
    const { name, length } = this.#source;
    if (offset + TAR_BLOCK_BYTES > length)
      throw new TarError(
        name,
        offset,
        `the archive is cut: a header of ${TAR_BLOCK_BYTES} bytes or the closing zero blocks are needed, got ${Math.max(0, length - offset)} bytes`,
      );
    if (offset < this.#start || offset + TAR_BLOCK_BYTES > this.#start + this.#window.length) {
      this.#window = await this.#source.read(offset, Math.min(WINDOW_BYTES, length - offset));
      this.#start = offset;
    }
    const from = offset - this.#start;
    return this.#window.subarray(from, from + TAR_BLOCK_BYTES);
  }
}

function headerAt(source: ByteSource, at: number, block: Uint8Array): TarHeader {
  try {
    return parseTarHeader(block);
  } catch (error) {
    throw new TarError(source.name, at, `no sound header: ${(error as Error).message}`);
  }
}

/** Links, devices and folders may state a size, but nothing lies behind their header. */
function hasData(flag: string): boolean {
  return !"123456".includes(flag);
}

function isExtension(flag: string): boolean {
  return flag === "x" || flag === "g" || flag === "L" || flag === "K";
}

function sizeOf(header: TarHeader, own: Extension, shared: Extension): number {
  return isExtension(header.typeFlag) ? header.size : (own.size ?? shared.size ?? header.size);
}

function typeOf(flag: string): TarEntry["type"] {
  if (flag === "0" || flag === "7") return "file";
  if (flag === "5") return "directory";
  return flag === "1" || flag === "2" ? "link" : "other";
}

async function readExtension(source: ByteSource, at: number, header: TarHeader): Promise<Extension> {
  if (header.size > MAX_TAR_EXTENSION_BYTES)
    throw new TarError(
      source.name,
      at,
      `an extended header of at most ${MAX_TAR_EXTENSION_BYTES} bytes is needed, got ${header.size}`,
    );
  const bytes = await source.read(at + TAR_BLOCK_BYTES, header.size);
  if (header.typeFlag === "K") return {};
  if (header.typeFlag === "L") return { path: new TextDecoder().decode(bytes).replace(/\0[\s\S]*$/, "") };
  return paxRecords(source, at, bytes);
}

/** PAX records: "LENGTH KEY=VALUE\n", LENGTH in decimal counting itself. */
function paxRecords(source: ByteSource, at: number, bytes: Uint8Array): Extension {
  const found: { path?: string; size?: number } = {};
  for (let from = 0; from < bytes.length; ) {
    const blank = bytes.indexOf(0x20, from);
    const digits = blank === -1 ? "" : new TextDecoder().decode(bytes.subarray(from, blank));
    const end = from + Number(digits);
    if (!/^[1-9]\d{0,8}$/.test(digits) || end > bytes.length || end <= blank + 1 || bytes[end - 1] !== 0x0a)
      throw new TarError(source.name, at, `PAX records "LENGTH KEY=VALUE" are needed, got another shape`);
    const record = new TextDecoder().decode(bytes.subarray(blank + 1, end - 1));
    const split = record.indexOf("=");
    const value = record.slice(split + 1);
    if (record.slice(0, split) === "path") found.path = value;
    if (record.slice(0, split) === "size") {
      if (!/^\d{1,15}$/.test(value))
        throw new TarError(source.name, at, "the PAX size is not a whole number");
      found.size = Number(value);
    }
    from = end;
  }
  return found;
}
