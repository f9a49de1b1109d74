/**
 * The file of one part: its rows, moments and keys, and a record that says where they lie.
 *
 *     rows      images x width float32; nothing where only moments are kept
 *     moments   `Moments.toBinary`, float64
 *     keys      a JSON list of texts
 *     record    JSON: sizes of the above, counts, failures, what made it
 *     tail      bytes of the record as uint32, then "gpic-lab part 1\n"
 *
 * Numbers are little-endian. What is only known at the end stands at the end, so that rows are written as they come.
 */
import { type ByteSource, openFileSource } from "../io/index.js";
import type { ExtractedPart, RowBlock } from "./extract-types.js";
import { Moments } from "./moments.js";

const MAGIC: Uint8Array = new TextEncoder().encode("gpic-lab part 1\n");
const TAIL_BYTES = 4 + MAGIC.length;
/** Rows that are read at once: a few megabytes of the widest features. */
const BLOCK_ROWS = 1024;

/** What a part's record holds beside what an extraction tells of it. */
export interface PartRecord extends ExtractedPart {
  readonly width: number;
  readonly rowsBytes: number;
  readonly momentsBytes: number;
  readonly keysBytes: number;
}

/** Record and tail, as they end the file. */
export function endOfPart(record: PartRecord): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(record));
  const bytes = new Uint8Array(text.length + TAIL_BYTES);
  bytes.set(text);
  new DataView(bytes.buffer).setUint32(text.length, text.length, true);
  bytes.set(MAGIC, text.length + 4);
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
  return withPart(path, async (source, { rowsBytes, momentsBytes, keysBytes }) =>
    JSON.parse(new TextDecoder().decode(await source.read(rowsBytes + momentsBytes, keysBytes))),
  );
}

/** The moments of a part's rows. */
export function readPartMoments(path: string): Promise<Moments> {
  return withPart(path, async (source, { rowsBytes, momentsBytes }) => {
    const bytes = await source.read(rowsBytes, momentsBytes);
    // a copy, as float64 begin at multiples of 8
    return Moments.fromBinary(new Float64Array(bytes.slice().buffer));
  });
}

/** The rows of a part with their keys, in order, a block at a time. */
export async function* readPartRows(path: string): AsyncGenerator<RowBlock, void, undefined> {
  const keys = await readPartKeys(path);
  const source = await openFileSource(path);
  try {
    const record = await wholeRecord(source);
    const rowBytes = record.width * 4;
    for (let row = 0; row < record.images; row += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, record.images - row);
      const bytes = await source.read(row * rowBytes, count * rowBytes);
      const rows = new Float32Array(bytes.buffer, bytes.byteOffset, count * record.width);
      yield { part: record.name, keys: keys.slice(row, row + count), rows };
    }
  } finally {
    await source.close();
  }
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
  if (!MAGIC.every((byte, at) => tail[4 + at] === byte)) return undefined;
  const recordBytes = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  const before = source.length - TAIL_BYTES - recordBytes;
  if (before < 0) return undefined;
  try {
    const text = new TextDecoder().decode(await source.read(before, recordBytes));
    const record: PartRecord = JSON.parse(text);
    const { rowsBytes, momentsBytes, keysBytes, images, width } = record;
    const fits =
      rowsBytes + momentsBytes + keysBytes === before &&
      (rowsBytes === 0 || rowsBytes === images * width * 4);
    return fits ? record : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
