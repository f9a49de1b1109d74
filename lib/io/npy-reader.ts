/**
 * Reads arrays of numbers and text from .npy files, whole or by rows, never more at once than was asked for.
 *
 * What comes out is row-major (C order) and little-endian, whatever lies in the file.
 */
import type { ByteSource } from "./byte-source.js";
import type { NpyData, NpyType } from "./npy-dtype.js";
import { type NpyHeader, readNpyHeader, sizeOf } from "./npy-header.js";
import { decodeItems, swapBytes } from "./npy-items.js";

/** An array in a file that is open. */
export interface NpyFile {
  /** What messages call it. */
  readonly name: string;
  /** Element type as numpy names it: "f4", "u1", "U64". */
  readonly dtype: NpyType;
  /** Sizes of the axes; empty for a single number. */
  readonly shape: readonly number[];
  /** Whether the first axis lies closest in the file; what is read is row-major all the same. */
  readonly isFortran: boolean;
  readonly isBigEndian: boolean;
  /** Where the elements begin, from the beginning of the array's file or entry. */
  readonly dataOffset: number;
  /** Elements in all. */
  readonly count: number;
  /** All elements, row-major. */
  readAll(): Promise<NpyData>;
  /**
   * Some rows: items of the first axis.
   * @returns count x the remaining axes, row-major
   * @throws RangeError where the rows are not there, or the array is a single number
   */
  readRows(start: number, count: number): Promise<NpyData>;
  /** The bytes of some rows, row-major, little-endian; float16 stays float16. */
  readRowBytes(start: number, count: number): Promise<Uint8Array>;
}

/** Bytes asked for at once: large enough to run at the disk's speed, small enough to hold twice. */
const READ_BYTES = 8 * 1024 * 1024;

/**
 * Opens an array; nothing but its header is read.
 * @param source stays the caller's to close
 * @throws SyntaxError where it is no .npy, TypeError where its elements are objects or anything else but numbers and
 *   text, RangeError where it was cut
 * @example
 * const file = await openNpy(await openFileSource("features.npy")); // file.shape: [50000, 1024]
 * const block = await file.readRows(0, 2048); // Float32Array(2048 * 1024)
 */
export async function openNpy(source: ByteSource): Promise<NpyFile> {
  const header = await readNpyHeader(source);
  const { dtype, shape, isFortran, isBigEndian, dataOffset, count } = header;
  const rows = shape[0] ?? 1;
  const readRowBytes = (start: number, wanted: number): Promise<Uint8Array> => {
    const whole = Number.isSafeInteger(start) && Number.isSafeInteger(wanted);
    if (!whole || start < 0 || wanted < 0 || start + wanted > rows)
      throw new RangeError(
        `Cannot read rows of ${source.name}: rows among its ${rows} are needed, got ${wanted} from ${start} on`,
      );
    return bytesOfRows(source, header, start, wanted);
  };
  const read = async (start: number, wanted: number): Promise<NpyData> =>
    decodeItems(await readRowBytes(start, wanted), dtype, source.name);
  return {
    ...{ name: source.name, dtype, shape, isFortran, isBigEndian, dataOffset, count },
    readAll: () => read(0, rows),
    async readRows(start: number, wanted: number): Promise<NpyData> {
      if (shape.length === 0)
        throw new RangeError(
          `Cannot read rows of ${source.name}: an array with rows is needed, got a single number`,
        );
      return read(start, wanted);
    },
    async readRowBytes(start: number, wanted: number): Promise<Uint8Array> {
      return readRowBytes(start, wanted);
    },
  };
}

async function bytesOfRows(
  source: ByteSource,
  header: NpyHeader,
  start: number,
  rows: number,
): Promise<Uint8Array> {
  const rowItems = sizeOf(header.shape.slice(1), source.name);
  const rowBytes = rowItems * header.itemBytes;
  const bytes =
    header.isFortran && header.shape.length > 1
      ? await gather(source, header, start, rows, rowItems)
      : await readLong(source, header.dataOffset + start * rowBytes, rows * rowBytes);
  if (header.isBigEndian) swapBytes(bytes, header.dtype);
  return bytes;
}

/** A range, in pieces: one read of gigabytes is refused by the system. The bytes are the caller's own. */
async function readLong(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += READ_BYTES)
    bytes.set(await source.read(offset + at, Math.min(READ_BYTES, length - at)), at);
  return bytes;
}

/** Rows of an array in Fortran order: for each place in a row, a run of neighbours along the first axis. */
async function gather(
  source: ByteSource,
  { shape, itemBytes, dataOffset }: NpyHeader,
  start: number,
  rows: number,
  rowItems: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(rows * rowItems * itemBytes);
  if (bytes.length === 0) return bytes;
  const perRead = Math.max(1, Math.floor(READ_BYTES / (shape[0]! * itemBytes)));
  const isWhole = rows === shape[0];
  const places = placesInRow(shape.slice(1));
  for (let column = 0; column < rowItems; ) {
    // whole columns follow one another in the file
    const columns = isWhole ? Math.min(perRead, rowItems - column) : 1;
    const at = dataOffset + (column * shape[0]! + start) * itemBytes;
    const run = await readLong(source, at, columns * rows * itemBytes);
    for (let c = 0; c < columns; c++, column++)
      scatter(run.subarray(c * rows * itemBytes), bytes, places(column), rowItems, rows, itemBytes);
  }
  return bytes;
}

/** The row-major place of the n-th item of a row in Fortran order. */
function placesInRow(shape: readonly number[]): (item: number) => number {
  return (item) => {
    let place = 0;
    let step = shape.reduce((product, size) => product * size, 1);
    for (const size of shape) {
      step /= size;
      place += (item % size) * step;
      item = Math.floor(item / size);
    }
    return place;
  };
}

function scatter(
  run: Uint8Array,
  into: Uint8Array,
  place: number,
  rowItems: number,
  rows: number,
  itemBytes: number,
): void {
  for (let row = 0; row < rows; row++) {
    const to = (row * rowItems + place) * itemBytes;
    for (let byte = 0; byte < itemBytes; byte++) into[to + byte] = run[row * itemBytes + byte]!;
  }
}
