/**
 * The header of a .npy file: element type, order and shape, read and written as numpy does.
 *
 * Source: NEP 1 and numpy.lib.format, versions 1.0 (length in 2 bytes), 2.0 (in 4) and 3.0 (UTF-8). Written is 1.0, with
 * spaces up to a multiple of 64 bytes, the very bytes that numpy.save writes.
 */
import type { ByteSource } from "./byte-source.js";
import { isNpyType, itemBytes, type NpyDescr, type NpyType, parseDescr } from "./npy-dtype.js";
import { type Literal, parseLiteral } from "./npy-literal.js";

/** What the header says. */
export interface NpyHeader extends NpyDescr {
  readonly shape: readonly number[];
  /** Whether the first axis lies closest (Fortran order); else the last (C order). */
  readonly isFortran: boolean;
  /** Where the elements begin. */
  readonly dataOffset: number;
  /** Elements in all. */
  readonly count: number;
}

/** A header of numbers or text takes some 100 bytes; numpy's own limit for what it parses is this one. */
const MAX_HEADER_BYTES = 10_000;
/** numpy's own limit. */
const MAX_AXES = 64;
const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);

/**
 * Reads the header at the beginning of a source, and holds its sizes against the source's.
 * @returns a header whose elements fill the source exactly
 * @throws SyntaxError where it is no header, TypeError where the elements are neither numbers nor text, RangeError
 *   where the elements that it tells of are not those that follow
 */
export async function readNpyHeader(source: ByteSource): Promise<NpyHeader> {
  const { name } = source;
  if (source.length < 10) throw noArray(name, `a file of ${source.length} bytes`);
  const start = await source.read(0, 8);
  if (MAGIC.some((byte, i) => start[i] !== byte)) throw noArray(name, "another beginning");
  const version = start[6]!;
  if (version < 1 || version > 3 || start[7] !== 0)
    throw new SyntaxError(
      `Cannot read ${name}: a .npy of version 1 to 3 is needed, got ${version}.${start[7]}`,
    );
  const lengthBytes = version === 1 ? 2 : 4;
  const headerOffset = 8 + lengthBytes;
  if (source.length < headerOffset) throw noArray(name, `a file of ${source.length} bytes`);
  const length = (await source.read(8, lengthBytes)).reduce((sum, byte, i) => sum + byte * 256 ** i, 0);
  if (length > MAX_HEADER_BYTES || headerOffset + length > source.length)
    throw new RangeError(
      `Cannot read ${name}: a header of at most ${MAX_HEADER_BYTES} bytes inside the file is needed, got ${length} bytes`,
    );
  const text = new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(
    await source.read(headerOffset, length),
  );
  return checkSize(parseHeader(text, headerOffset + length, name), source);
}

/**
 * The header of an array in C order, little-endian.
 * @returns a multiple of 64 bytes
 * @throws TypeError where the type is none, RangeError where an axis is none
 * @example npyHeader("f4", [50000, 1024]).length // 128
 */
export function npyHeader(dtype: NpyType, shape: readonly number[]): Uint8Array {
  if (!isNpyType(dtype))
    throw new TypeError(`Cannot write an array: a type such as "f4" is needed, got "${dtype}"`);
  const wrong = shape.find((size) => !Number.isSafeInteger(size) || size < 0);
  if (wrong !== undefined || shape.length > MAX_AXES)
    throw new RangeError(
      `Cannot write an array: at most ${MAX_AXES} whole sizes are needed, got ${shape.join(" x ")}`,
    );
  const order = itemBytes(dtype) === 1 || dtype.startsWith("S") ? "|" : "<";
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const literal = `{'descr': '${order}${dtype}', 'fortran_order': False, 'shape': (${axes}), }`;
  // numpy keeps room for the first axis to grow to 21 digits in place
  const grown = shape.length === 0 ? 0 : 21 - String(shape[0]).length;
  // and where it ends on the boundary, 64 bytes more
  const length = Math.floor((10 + literal.length + grown + 1) / 64 + 1) * 64;
  const header = new Uint8Array(length).fill(0x20);
  header.set(MAGIC);
  header.set([1, 0, (length - 10) & 255, (length - 10) >> 8], 6);
  header.set(new TextEncoder().encode(literal), 10);
  header[length - 1] = 0x0a;
  return header;
}

/**
 * Elements of an array of a shape.
 * @throws RangeError where they are too many for any file
 * @example sizeOf([2, 3], "a.npy") // 6
 */
export function sizeOf(shape: readonly number[], name: string): number {
  if (shape.includes(0)) return 0;
  const count = shape.reduce((product, size) => product * size, 1);
  if (count > Number.MAX_SAFE_INTEGER)
    throw new RangeError(`Cannot read ${name}: a shape that fits a file is needed, got ${shape.join(" x ")}`);
  return count;
}

function parseHeader(text: string, dataOffset: number, name: string): NpyHeader {
  const header = parseLiteral(text, name);
  const dict = header !== null && typeof header === "object" && "dict" in header ? header.dict : undefined;
  const descr = dict?.get("descr");
  const isFortran = dict?.get("fortran_order");
  const shape = dict?.get("shape");
  if (dict?.size !== 3 || descr === undefined || typeof isFortran !== "boolean" || !isShape(shape))
    throw new SyntaxError(
      `Cannot read ${name}: a header of descr, fortran_order and shape is needed, got ${JSON.stringify(text.trim().slice(0, 200))}`,
    );
  if (typeof descr !== "string")
    throw new TypeError(`Cannot read ${name}: one type of numbers or text is needed, got a structured type`);
  return { ...parseDescr(descr, name), isFortran, shape, dataOffset, count: sizeOf(shape, name) };
}

function isShape(shape: Literal | undefined): shape is readonly number[] {
  if (!Array.isArray(shape) || shape.length > MAX_AXES) return false;
  return shape.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function checkSize(header: NpyHeader, source: ByteSource): NpyHeader {
  const { count, dtype, shape, dataOffset } = header;
  const there = source.length - dataOffset;
  if (count > 0 && header.itemBytes === 0)
    throw new RangeError(
      `Cannot read ${source.name}: text of at least one character is needed, got the type ${dtype}`,
    );
  if (count * header.itemBytes === there) return header;
  const what =
    count * header.itemBytes > there ? "was the file cut?" : "are there several arrays in one file?";
  throw new RangeError(
    `Cannot read ${source.name}: ${count * header.itemBytes} bytes are needed for ${shape.join(" x ") || "one"} of ${dtype}, ` +
      `got ${there}; ${what}`,
  );
}

function noArray(name: string, found: string): SyntaxError {
  return new SyntaxError(
    `Cannot read ${name}: an array as numpy.save writes it (.npy) is needed, got ${found}`,
  );
}
