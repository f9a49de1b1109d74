/**
 * Zip archives as torch's weights and numpy's npz are: the directory, and where each entry's bytes lie.
 *
 * The directory is parsed by yauzl (zip64, names, extra fields). Added here, as archives are hostile: a name once,
 * no overlapping entries, no size that the file cannot explain, and nothing left out.
 * Known difference from unzip: archives with encrypted entries or methods other than stored and deflated are refused
 * whole.
 */
import { promisify } from "node:util";
import {
  type Entry,
  fromRandomAccessReader,
  type Options,
  type RandomAccessReader,
  type ZipFile,
} from "yauzl";
import type { ByteSource } from "./byte-source.js";
import { shownName } from "./hostile-text.js";
import { zipBytes } from "./zip-bytes.js";
import { type ZipEntry, ZipError, type ZipErrorKind } from "./zip-entry.js";

export { checkStoredEntry, readZipEntry, type ZipEntry, ZipError, type ZipErrorKind } from "./zip-entry.js";

/** Entries that a directory may have where no limit is given: weights of ten thousand layers have as many. */
export const MAX_ZIP_ENTRIES = 100_000;

/** Deflate gives at most 1,032 bytes for one (a match of 258 bytes in two bits). */
const MAX_DEFLATE_RATIO = 1032;

/** Local headers asked for at a time: a far source answers them side by side. */
const HEADERS_AT_ONCE = 32;

/** What an archive with entries, and each of them, begins with. */
const LOCAL_HEADER: readonly number[] = [0x50, 0x4b, 0x03, 0x04];
/** Bytes of an entry's own header in front of its name. */
const LOCAL_HEADER_BYTES = 30;

/** What a directory may hold. */
export interface ZipLimits {
  /** Entries, 1 or more; `MAX_ZIP_ENTRIES` where it is left out. */
  readonly entries?: number | undefined;
}

/**
 * The entries of a zip archive, in the order of its directory. Reads the directory and the entries' headers only.
 * @throws ZipError where the source is no zip archive, or a damaged, hostile or encrypted one
 * @example (await readZipDirectory(source)).map((entry) => entry.name) // ["zip/data.pkl", "zip/data/0"]
 */
export async function readZipDirectory(
  source: ByteSource,
  limits: ZipLimits = {},
): Promise<readonly ZipEntry[]> {
  const limit = limits.entries ?? MAX_ZIP_ENTRIES;
  const zip = await open(zipBytes(source), source);
  if (zip.entryCount > limit)
    throw new ZipError("hostile", source.name, `${limit} entries are the limit, got ${zip.entryCount}`);
  const entries = await entriesOf(zip, source.name);
  await checkEnd(zip, source);
  const found: ZipEntry[] = [];
  for (let from = 0; from < entries.length; from += HEADERS_AT_ONCE) {
    const some = entries.slice(from, from + HEADERS_AT_ONCE);
    found.push(...(await Promise.all(some.map((entry) => located(entry, source)))));
  }
  checkPlaces(source.name, found, entries);
  return found;
}

const openZip = promisify<RandomAccessReader, number, Options, ZipFile>(fromRandomAccessReader);

async function open(reader: RandomAccessReader, source: ByteSource): Promise<ZipFile> {
  try {
    return await openZip(reader, source.length, { autoClose: false, lazyEntries: true });
  } catch (error) {
    if (!(error as Error).message.startsWith("End of central directory record"))
      throw problemOf("damaged", source.name, error);
    const begins = await source.read(0, Math.min(source.length, LOCAL_HEADER.length));
    if (!LOCAL_HEADER.every((byte, at) => byte === begins[at]))
      throw new ZipError("not a zip", source.name, "it neither begins nor ends as one");
    throw new ZipError(
      "damaged",
      source.name,
      `the directory at its end is missing after ${source.length} bytes; the file was cut, copy or download it again`,
    );
  }
}

async function entriesOf(zip: ZipFile, source: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const names = new Set<string>();
  try {
    for await (const entry of zip.eachEntry()) {
      if (names.has(entry.fileName))
        throw new ZipError("hostile", source, `the name ${shownName(entry.fileName)} is there twice`);
      names.add(entry.fileName);
      entries.push(entry);
    }
  } catch (error) {
    throw problemOf("damaged", source, error);
  }
  return entries;
}

/** What may follow the entries of a directory: the end records of zip64 and of zip, a signature. */
const BEHIND_DIRECTORY: readonly number[] = [0x06064b50, 0x06054b50, 0x05054b50];

/** Refuses a directory that goes on behind the number of entries that it states: some would be missing silently. */
async function checkEnd(zip: ZipFile, source: ByteSource): Promise<void> {
  const end = Number(zip.readEntryCursor);
  // of no entries, any place may be said to be the beginning
  const mark = Buffer.from(end + 4 <= source.length ? await near(source, end, 4) : []);
  if (mark.length < 4 || !BEHIND_DIRECTORY.includes(mark.readUInt32LE(0)))
    throw new ZipError(
      "damaged",
      source.name,
      `its directory must end at byte ${end} after ${zip.entryCount} entries, but it does not`,
    );
}

async function located(entry: Entry, source: ByteSource): Promise<ZipEntry> {
  const { fileName: name, compressionMethod: method, compressedSize, uncompressedSize: bytes } = entry;
  if (entry.isEncrypted() || (method !== 0 && method !== 8))
    throw new ZipError(
      "unsupported",
      source.name,
      `${shownName(name)} must be stored or deflated, got ${entry.isEncrypted() ? "an encrypted entry" : `method ${method}`}`,
    );
  if (bytes > compressedSize * MAX_DEFLATE_RATIO)
    throw new ZipError(
      "hostile",
      source.name,
      `${shownName(name)} cannot be ${bytes} bytes, its data in the archive are ${compressedSize}`,
    );
  return {
    name,
    isStored: method === 0,
    compressedBytes: compressedSize,
    bytes,
    crc32: entry.crc32,
    dataOffset: await dataOffsetOf(entry, source),
  };
}

/** Where an entry's data begin: behind its own header, which must bear the name that the directory says. */
async function dataOffsetOf(entry: Entry, source: ByteSource): Promise<number> {
  const { fileNameRaw: name, relativeOffsetOfLocalHeader: offset } = entry;
  const headerBytes = LOCAL_HEADER_BYTES + name.length;
  let problem = "it is not there";
  if (offset + headerBytes <= source.length) {
    const header = Buffer.from(await near(source, offset, headerBytes));
    const dataOffset = offset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
    const isHeader = LOCAL_HEADER.every((byte, at) => byte === header[at]);
    const isNamed =
      header.readUInt16LE(26) === name.length && name.equals(header.subarray(LOCAL_HEADER_BYTES));
    if (isHeader && isNamed && dataOffset + entry.compressedSize <= source.length) return dataOffset;
    if (!isHeader) problem = "there is another thing";
    else if (!isNamed) problem = "it bears another name";
    else
      problem = `its ${entry.compressedSize} bytes from ${dataOffset} on end behind the file's ${source.length}`;
  }
  throw new ZipError(
    "damaged",
    source.name,
    `the header of ${shownName(entry.fileName)} must be at byte ${offset}, but ${problem}`,
  );
}

async function near(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  if (source.readSync === undefined) return source.read(offset, length);
  const bytes = new Uint8Array(length);
  source.readSync(offset, bytes);
  return bytes;
}

/** Refuses entries that share bytes: a small archive could unfold to any size, or show two readers two things. */
function checkPlaces(source: string, found: readonly ZipEntry[], entries: readonly Entry[]): void {
  const places = found.map(({ name, dataOffset, compressedBytes }, at) => {
    return { name, start: entries[at]!.relativeOffsetOfLocalHeader, end: dataOffset + compressedBytes };
  });
  places.sort((a, b) => a.start - b.start);
  for (let at = 1; at < places.length; at++) {
    const before = places[at - 1]!;
    const place = places[at]!;
    if (place.start < before.end)
      throw new ZipError(
        "hostile",
        source,
        `${shownName(place.name)} begins at ${place.start}, inside ${shownName(before.name)}, which ends at ${before.end}`,
      );
  }
}

/** What yauzl found, as ours; failures of the source itself stay what they are. */
function problemOf(kind: ZipErrorKind, source: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== "Error" || "code" in error) return error;
  return new ZipError(kind, source, shownName(error.message));
}
