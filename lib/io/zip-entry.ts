/** One file of a zip archive: what the directory says of it, and its bytes, with size and checksum checked. */
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import type { ByteSource } from "./byte-source.js";
import { shownName } from "./hostile-text.js";

/** Bytes summed at a time, so that checking an entry takes no memory of its size. */
const SUM_BYTES = 1 << 20;

/** One file in an archive. */
export interface ZipEntry {
  /** Its path; hostile text, but neither absolute nor with "..". */
  readonly name: string;
  /** Whether its bytes lie in the archive as they are; deflated otherwise. */
  readonly isStored: boolean;
  /** Bytes in the archive, from `dataOffset` on; all inside the source. */
  readonly compressedBytes: number;
  /** Bytes of the file. */
  readonly bytes: number;
  /** CRC-32 of the file's bytes, as the directory says. */
  readonly crc32: number;
  /** Byte of the source at which the entry's data begin. */
  readonly dataOffset: number;
}

/** Why an archive is refused. */
export type ZipErrorKind = "not a zip" | "damaged" | "hostile" | "unsupported";

/** An archive that cannot or must not be read. */
export class ZipError extends Error {
  override readonly name = "ZipError";
  readonly kind: ZipErrorKind;
  /** What is wrong, without the name of the archive. */
  readonly problem: string;
  constructor(kind: ZipErrorKind, source: string, problem: string) {
    super(`Cannot read the zip archive ${source}: ${problem}`);
    this.kind = kind;
    this.problem = problem;
  }
}

/**
 * The bytes of one entry, inflated where they are deflated, with size and CRC-32 checked.
 * @param source the archive
 * @param entry one that `readZipDirectory` gave for this source
 * @returns `entry.bytes` bytes; a view into the source where that is a buffer and the entry is stored
 * @throws ZipError where the data are damaged
 */
export async function readZipEntry(source: ByteSource, entry: ZipEntry): Promise<Uint8Array> {
  const raw = await source.read(entry.dataOffset, entry.compressedBytes);
  const bytes = entry.isStored ? raw : await inflated(source.name, entry, raw);
  checkSum(source.name, entry, crc32(bytes));
  return bytes;
}

/**
 * Checks the CRC-32 of a stored entry in pieces of a mebibyte, without keeping its bytes.
 * @param entry a stored one
 * @throws ZipError where the data are damaged
 */
export async function checkStoredEntry(source: ByteSource, entry: ZipEntry): Promise<void> {
  let sum = 0;
  for (let done = 0; done < entry.bytes; done += SUM_BYTES)
    sum = crc32(await source.read(entry.dataOffset + done, Math.min(SUM_BYTES, entry.bytes - done)), sum);
  checkSum(source.name, entry, sum);
}

const inflate = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflateRaw);

async function inflated(source: string, entry: ZipEntry, raw: Uint8Array): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await inflate(raw, { maxOutputLength: Math.max(1, entry.bytes) });
  } catch (error) {
    throw new ZipError(
      "damaged",
      source,
      `the data of ${shownName(entry.name)} at byte ${entry.dataOffset} do not inflate to ${entry.bytes} bytes: ${(error as Error).message}`,
    );
  }
  if (bytes.length !== entry.bytes)
    throw new ZipError(
      "damaged",
      source,
      `${shownName(entry.name)} must inflate to ${entry.bytes} bytes, got ${bytes.length}`,
    );
  return bytes;
}

function checkSum(source: string, entry: ZipEntry, sum: number): void {
  if (sum !== entry.crc32)
    throw new ZipError(
      "damaged",
      source,
      `the checksum of ${shownName(entry.name)} must be ${hex(entry.crc32)}, got ${hex(sum)}; copy or download the file again`,
    );
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, "0");
}
