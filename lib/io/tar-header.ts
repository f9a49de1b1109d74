/**
 * The 512 bytes in front of every entry of a tar archive: ustar, with GNU's binary sizes.
 *
 * Source: POSIX.1-1988 "ustar" as in POSIX pax, "ustar Interchange Format"; the GNU tar manual for base-256 numbers.
 * Read here: name, size, type and checksum. Owner, mode and times are shown to who asks, and otherwise passed over.
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
    return { name, offset, length, raw, value: kind === "octal" ? numberOf(raw) : textOf(raw) };
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
  const expected = tarChecksum(block);
  const found = numberOf(block.subarray(148, 156));
  if (found !== expected) throw new RangeError(`its checksum is ${expected}, but the header says ${found}`);
  const size = numberOf(block.subarray(124, 136));
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`its size field holds no size (${size})`);
  const isUstar = textOf(block.subarray(257, 262)) === "ustar" && block[262] === 0;
  const prefix = isUstar ? textOf(block.subarray(345, 500)) : "";
  const name = textOf(block.subarray(0, 100));
  const flag = block[156]!;
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size,
    typeFlag: flag === 0 ? "0" : String.fromCharCode(flag),
  };
}

function checkBlock(block: Uint8Array): void {
  if (block.length !== TAR_BLOCK_BYTES)
    throw new RangeError(
      `Cannot read a tar header: ${TAR_BLOCK_BYTES} bytes are needed, got ${block.length}`,
    );
}

function textOf(raw: Uint8Array): string {
  const end = raw.indexOf(0);
  return new TextDecoder().decode(end === -1 ? raw : raw.subarray(0, end));
}

/** Octal digits between blanks and NULs, or base-256 where the first bit is set. */
function numberOf(raw: Uint8Array): number {
  if (((raw[0] ?? 0) & 0x80) !== 0) {
    if ((raw[0]! & 0x40) !== 0) return Number.NaN;
    let value = raw[0]! & 0x3f;
    for (const byte of raw.subarray(1)) value = value * 256 + byte;
    return value;
  }
  const digits = new TextDecoder("latin1")
    .decode(raw)
    .replace(/^[ \0]+/, "")
    .replace(/[ \0][\s\S]*$/, "");
  if (digits === "") return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}
