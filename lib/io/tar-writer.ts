/**
 * Writes plain ustar archives whose bytes depend on nothing but names and contents.
 *
 * Source: POSIX ustar. Every entry is a file of mode 0644 and owner 0 from 1970-01-01; no padding beyond the two
 * closing zero blocks (tar's own default rounds up to 10,240 bytes).
 */
import { TAR_BLOCK_BYTES, tarChecksum } from "./tar-header.js";

/** A file to be put into an archive. */
export interface TarFile {
  /** 1 to 100 bytes of UTF-8, relative. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * An archive of the files, in their order.
 * @throws RangeError where a name does not fit into a ustar header
 * @example tarArchive([{ name: "a.json", bytes }]).length // 512 + padded size + 1024
 */
export function tarArchive(files: readonly TarFile[]): Uint8Array {
  const sizes = files.map(({ bytes }) => TAR_BLOCK_BYTES + padded(bytes.length));
  const archive = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0) + 2 * TAR_BLOCK_BYTES);
  let at = 0;
  files.forEach((file, i) => {
    archive.set(tarFileHeader(file.name, file.bytes.length), at);
    archive.set(file.bytes, at + TAR_BLOCK_BYTES);
    at += sizes[i]!;
  });
  return archive;
}

/**
 * The header block of one file.
 * @param name 1 to 100 bytes of UTF-8
 * @param sizeBytes size of the data, below 8 GiB
 * @throws RangeError where name or size does not fit
 */
export function tarFileHeader(name: string, sizeBytes: number): Uint8Array {
  const encoded = new TextEncoder().encode(name);
  if (encoded.length < 1 || encoded.length > 100 || encoded.includes(0))
    throw new RangeError(`Cannot write a tar entry: a name of 1 to 100 bytes is needed, got "${name}"`);
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes >= 8 ** 11)
    throw new RangeError(`Cannot write a tar entry: a size of 0 to 8 GiB is needed, got ${sizeBytes}`);
  const block = new Uint8Array(TAR_BLOCK_BYTES);
  const put = (text: string, offset: number) => block.set(new TextEncoder().encode(text), offset);
  block.set(encoded, 0);
  put("0000644\0", 100);
  put("0000000\0", 108);
  put("0000000\0", 116);
  put(`${sizeBytes.toString(8).padStart(11, "0")}\0`, 124);
  put("00000000000\0", 136);
  put("0", 156);
  put("ustar\0", 257);
  put("00", 263);
  put("0000000\0", 329);
  put("0000000\0", 337);
  put(`${tarChecksum(block).toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function padded(size: number): number {
  return Math.ceil(size / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
}
