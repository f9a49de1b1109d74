/**
 * The 512 bytes in front of every entry of a tar archive: ustar, with GNU's binary sizes.
 *
 * Source: POSIX.1-1988 "ustar" as in POSIX pax, "ustar Interchange Format"; the GNU tar manual for base-256 numbers.
 * Read here: name, size, type and checksum (the sum of unsigned bytes, as POSIX has it). Owner, mode and times are shown to who asks, and otherwise passed over.
 */

/** Size of a tar block in bytes: headers are one block, data is padded to whole ones. */
export const TAR_BLOCK_BYTES = 512;

/** One field of a tar header, as it lies in the block. */
export interface TarHeaderField {
  /** POSIX's name of the field: `name`, `mode`, `size`, `chksum` and so on. */
  readonly name: string;
  /** First byte of the field in the block, 0 to 511. */
  readonly offset: number;
  /** Bytes of the field. */
  readonly length: number;
  /** The bytes themselves: `length` of them. */
  readonly raw: Uint8Array;
  /** What they say: a number for the octal fields (NaN where they are none), text up to the first NUL for the rest. */
  readonly value: string | number;
}

/** What the reader needs of a header. */
export interface TarHeader {
  /** Path with the prefix in front. */
  readonly name: string;
  /** Bytes of data behind the header, without padding. */
  readonly size: number;
  /** The type flag: "0" file, "5" folder, "x" and "g" PAX, "L" GNU long name, and others. */
  readonly typeFlag: string;
}

const layout: readonly (readonly [name: string, offset: number, length: number, kind: "text" | "octal"])[] = [
  ["name", 0, 100, "text"],
  ["mode", 100, 8, "octal"],
  ["uid", 108, 8, "octal"],
  ["gid", 116, 8, "octal"],
  ["size", 124, 12, "octal"],
  ["mtime", 136, 12, "octal"],
  ["chksum", 148, 8, "octal"],
  ["typeflag", 156, 1, "text"],
  ["linkname", 157, 100, "text"],
  ["magic", 257, 6, "text"],
  ["version", 263, 2, "text"],
  ["uname", 265, 32, "text"],
  ["gname", 297, 32, "text"],
  ["devmajor", 329, 8, "octal"],
  ["devminor", 337, 8, "octal"],
  ["prefix", 345, 155, "text"],
];

/**
 * A tar header field by field, in the order of its bytes, nothing checked.
 * @param block the 512 bytes of a header
 * @returns 16 fields; the last 12 bytes of the block are padding
 * @throws RangeError where the block is not 512 bytes long
 * @example tarHeaderFields(block).find((field) => field.name === "size")?.value // 1834
 */
export function tarHeaderFields(block: Uint8Array): TarHeaderField[] {
  checkBlock(block);
  return layout.map(([name, offset, length, kind]) => {
    const raw = block.subarray(offset, offset + length);
    const value = kind === "octal" ? numberOf(block, offset, length) : textAt(block, offset, length);
    return { name, offset, length, raw, value };
  });
}

/**
 * The checksum that a header should carry: the sum of its 512 bytes with the checksum's own eight read as blanks.
 * @param block the 512 bytes of a header
 */
export function tarChecksum(block: Uint8Array): number {
  checkBlock(block);
  let sum = 8 * 0x20;
  for (let i = 0; i < TAR_BLOCK_BYTES; i++) if (i < 148 || i >= 156) sum += block[i]!;
  return sum;
}

/**
 * Parses a header whose checksum has been found right.
 * @param block the 512 bytes of a header
 * @throws RangeError where the checksum or the size field is wrong; the message says what was found
 */
export function parseTarHeader(block: Uint8Array): TarHeader {
  checkBlock(block);
  const header = readTarHeader(block);
  if (!("fault" in header)) return header;
  if (header.fault === "header-size") throw new RangeError(`its size field holds no size (${header.found})`);
  throw new RangeError(`its checksum is ${header.expected}, but the header says ${header.found}`);
}

/** Why a block is no header: as findings name it, with what was expected and found. */
export interface TarHeaderFault {
  readonly fault: "header-checksum" | "header-size";
  readonly expected: string;
  readonly found: string;
}

/**
 * The header in a block, or why it is none; throws nothing, as whoever looks for headers tries many blocks.
 * @param block 512 bytes, not checked
 */
export function readTarHeader(block: Uint8Array): TarHeader | TarHeaderFault {
  const said = numberOf(block, 148, 8);
  // most blocks that are no headers hold no number here, and need no sum
  if (Number.isNaN(said))
    return { fault: "header-checksum", expected: String(tarChecksum(block)), found: String(said) };
  scratch.set(block);
  const sum = scratchChecksum();
  if (said !== sum) return { fault: "header-checksum", expected: String(sum), found: String(said) };
  const size = numberOf(scratch, 124, 12);
  if (!Number.isSafeInteger(size))
    return { fault: "header-size", expected: "a size in octal digits or base 256", found: String(size) };
  const flag = scratch[156]!;
  const name = scratch.toString("utf8", 0, endOfText(scratch, 0, 100));
  const isPosix = scratch[262] === 0 && hasMagic(scratch);
  const prefix =
    isPosix && scratch[345] !== 0 ? scratch.toString("utf8", 345, endOfText(scratch, 345, 155)) : "";
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size,
    typeFlag: flag === 0 || flag === 0x30 ? "0" : String.fromCharCode(flag),
  };
}

// Headers are read by the ten thousand: one place for them all saves making views, and is aligned for sums by words.
const scratch = Buffer.alloc(TAR_BLOCK_BYTES);
const words = new Uint32Array(scratch.buffer, scratch.byteOffset, TAR_BLOCK_BYTES / 4);

/** `tarChecksum` of the scratch block, four bytes at a time: pairs of sums in one integer, at most 128 * 255 each. */
function scratchChecksum(): number {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    even += word & 0x00ff00ff;
    odd += (word >>> 8) & 0x00ff00ff;
  }
  let sum = (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16) + 8 * 0x20;
  for (let i = 148; i < 156; i++) sum -= scratch[i]!;
  return sum;
}

function hasMagic(block: Uint8Array): boolean {
  return (
    block[257] === 0x75 &&
    block[258] === 0x73 &&
    block[259] === 0x74 &&
    block[260] === 0x61 &&
    block[261] === 0x72
  );
}

function checkBlock(block: Uint8Array): void {
  if (block.length !== TAR_BLOCK_BYTES)
    throw new RangeError(
      `Cannot read a tar header: ${TAR_BLOCK_BYTES} bytes are needed, got ${block.length}`,
    );
}

/** Text up to the first NUL. */
function textAt(block: Uint8Array, offset: number, length: number): string {
  const end = endOfText(block, offset, length);
  return Buffer.from(block.buffer, block.byteOffset + offset, end - offset).toString();
}

function endOfText(block: Uint8Array, offset: number, length: number): number {
  let end = offset;
  while (end < offset + length && block[end] !== 0) end++;
  return end;
}

/** Octal digits between blanks and NULs, or base-256 where the first bit is set; NaN where it is neither. */
function numberOf(block: Uint8Array, offset: number, length: number): number {
  const end = offset + length;
  let at = offset;
  const first = block[at]!;
  if ((first & 0x80) !== 0) {
    if ((first & 0x40) !== 0) return Number.NaN;
    let value = first & 0x3f;
    while (++at < end) value = value * 256 + block[at]!;
    return value;
  }
  while (at < end && isBlank(block[at]!)) at++;
  let value = 0;
  for (; at < end && !isBlank(block[at]!); at++) {
    const digit = block[at]! - 0x30;
    if (digit < 0 || digit > 7) return Number.NaN;
    value = value * 8 + digit;
  }
  return value;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0;
}
