/**
 * The file of one part: its rows, moments and keys, and a record that says where they lie.
 *
 *     rows      images x width float32; nothing where only moments are kept
 *     moments   `Moments.toBinary`, float64
 *     keys      a JSON list of texts
 *     record    JSON: sizes and checksums (CRC-32) of the above, counts, failures, what made it
 *     tail      bytes and checksum of the record as uint32, then "gpic-lab part 2\n"
 *
 * Numbers are little-endian. What is only known at the end stands at the end, so that rows are written as they come. A
 * record that is not whole makes no part; the rest is held against its checksum when it is read.
 */
import { crc32 } from "node:zlib";
import { type ByteSource, openFileSource } from "../io/index.js";
import type { ExtractedPart, RowBlock } from "./extract-types.js";
import { Moments } from "./moments.js";

const MAGIC: Uint8Array = new TextEncoder().encode("gpic-lab part 2\n");
const TAIL_BYTES = 8 + MAGIC.length;
/** Rows that are read at once: a few megabytes of the widest features. */
const BLOCK_ROWS = 1024;

/** What a part's record holds beside what an extraction tells of it. */
export interface PartRecord extends ExtractedPart {
  readonly width: number;
  readonly rowsBytes: number;
  readonly momentsBytes: number;
  readonly keysBytes: number;
  /** CRC-32 of each. */
  readonly sums: { readonly rows: number; readonly moments: number; readonly keys: number };
}

/** Record and tail, as they end the file. */
export function endOfPart(record: PartRecord): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(record));
  const bytes = new Uint8Array(text.length + TAIL_BYTES);
  bytes.set(text);
  const tail = new DataView(bytes.buffer, text.length);
  tail.setUint32(0, text.length, true);
  tail.setUint32(4, crc32(text), true);
  bytes.set(MAGIC, text.length + 8);
  return bytes;
}

/** What a part's file says of itself; undefined where there is none, or none that is whole. */
export async function readPart(path: string): Promise<ExtractedPart | undefined> {
  const source = await openFileSource(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (source === undefined) return undefined;
  try {
    const record = await recordOf(source);
    if (record === undefined) return undefined;
    const { name, images, failures, maker } = record;
    return { name, images, failures, maker };
  } finally {
    await source.close();
  }
}

/** The keys of a part, in the order of its rows. */
export function readPartKeys(path: string): Promise<string[]> {
  return withPart(path, async (source, { rowsBytes, momentsBytes, keysBytes, sums }) => {
    const bytes = await source.read(rowsBytes + momentsBytes, keysBytes);
    checkSum(path, "keys", crc32(bytes), sums.keys);
    return JSON.parse(new TextDecoder().decode(bytes));
  });
}

/** The moments of a part's rows. */
export function readPartMoments(path: string): Promise<Moments> {
  return withPart(path, async (source, { rowsBytes, momentsBytes, sums }) => {
    const bytes = await source.read(rowsBytes, momentsBytes);
    checkSum(path, "moments", crc32(bytes), sums.moments);
    // a copy, as float64 begin at multiples of 8
    return Moments.fromBinary(new Float64Array(bytes.slice().buffer));
  });
}

/**
 * The rows of a part with their keys, in order, a block at a time.
 * @throws Error before the last block, where not all of them are what was written
 */
export async function* readPartRows(path: string): AsyncGenerator<RowBlock, void, undefined> {
  const keys = await readPartKeys(path);
  const source = await openFileSource(path);
  try {
    const record = await wholeRecord(source);
    const rowBytes = record.width * 4;
    let sum = 0;
    for (let row = 0; row < record.images; row += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, record.images - row);
      const bytes = await source.read(row * rowBytes, count * rowBytes);
      sum = crc32(bytes, sum);
      if (row + count === record.images) checkSum(path, "rows", sum, record.sums.rows);
      const rows = new Float32Array(bytes.buffer, bytes.byteOffset, count * record.width);
      yield { part: record.name, keys: keys.slice(row, row + count), rows };
    }
  } finally {
    await source.close();
  }
}

function checkSum(path: string, what: string, found: number, written: number): void {
  if (found !== written)
    throw new Error(
      `Cannot read ${path}: the ${what} that were written are needed, got others by their checksum; remove the file, and the same call makes the part anew`,
    );
}

async function withPart<T>(
  path: string,
  use: (source: ByteSource, record: PartRecord) => Promise<T>,
): Promise<T> {
  const source = await openFileSource(path);
  try {
    return await use(source, await wholeRecord(source));
  } finally {
    await source.close();
  }
}

async function wholeRecord(source: ByteSource): Promise<PartRecord> {
  const record = await recordOf(source);
  if (record === undefined)
    throw new Error(`Cannot read ${source.name}: a finished part is needed, got a file that is not whole`);
  return record;
}

async function recordOf(source: ByteSource): Promise<PartRecord | undefined> {
  if (source.length < TAIL_BYTES) return undefined;
  const tail = await source.read(source.length - TAIL_BYTES, TAIL_BYTES);
  if (!MAGIC.every((byte, at) => tail[8 + at] === byte)) return undefined;
  const view = new DataView(tail.buffer, tail.byteOffset);
  const recordBytes = view.getUint32(0, true);
  const before = source.length - TAIL_BYTES - recordBytes;
  if (before < 0) return undefined;
  const text = await source.read(before, recordBytes);
  if (crc32(text) !== view.getUint32(4, true)) return undefined;
  const record: PartRecord = JSON.parse(new TextDecoder().decode(text));
  const { rowsBytes, momentsBytes, keysBytes } = record;
  return rowsBytes + momentsBytes + keysBytes === before ? record : undefined;
}
