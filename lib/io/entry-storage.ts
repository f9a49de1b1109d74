/** A zip entry as a storage of tensors: stored ones in place, deflated ones inflated when they are read. */
import type { ByteSource } from "./byte-source.js";
import type { TensorStorage } from "./stored-tensors.js";
import { asTensorErrors } from "./tensor-error.js";
import { checkStoredEntry, readZipEntry, type ZipEntry } from "./zip-reader.js";

/** Where in an entry the numbers lie, and how. */
export interface EntryPlace {
  /** Bytes of the entry before the numbers. */
  readonly start: number;
  /** Bytes of the numbers. */
  readonly bytes: number;
  readonly isBigEndian: boolean;
}

/**
 * The storage in an entry. No number is given before the checksum of the whole entry was found right; that of a stored
 * entry is summed once, in pieces.
 * @param what messages call it
 * @returns a storage whose `read` throws TensorFileError where the checksum is wrong
 */
export function entryStorage(
  source: ByteSource,
  entry: ZipEntry,
  what: string,
  { start, bytes, isBigEndian }: EntryPlace,
): TensorStorage {
  let checked: Promise<void> | undefined;
  async function read(offset: number, length: number): Promise<Uint8Array> {
    const from = start + offset;
    const isWhole = length === entry.bytes;
    if (!entry.isStored || (isWhole && checked === undefined))
      return (await readZipEntry(source, entry)).subarray(from, from + length);
    checked ??= checkStoredEntry(source, entry);
    await checked;
    return source.read(entry.dataOffset + from, length);
  }
  return {
    what,
    bytes,
    isBigEndian,
    offset: entry.isStored ? entry.dataOffset + start : undefined,
    read: (offset, length) => asTensorErrors(source.name, () => read(offset, length)),
  };
}
