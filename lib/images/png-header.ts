/**
 * What a PNG's chunks say before its data: size, depth, colour; and whether a PNG is whole.
 *
 * PNG (third edition), 5.3 and 11.2.1. Known difference from libpng: a wrong check sum before the data is an error in
 * chunks of every kind, as it is in Pillow.
 */
import { crc32 } from "node:zlib";
import type { HeaderFault } from "./jpeg-header.js";

/** The header of a PNG. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  readonly colour: number;
}

/** Length, name and check sum of a chunk. */
const CHUNK_FRAME_BYTES = 12;
const SIGNATURE_BYTES = 8;
const IHDR_BYTES = 13;
const IHDR = 0x49484452;
const IDAT = 0x49444154;
const IEND = 0x49454e44;

/**
 * Reads a PNG's chunks up to its data.
 * @param bytes a file that begins with PNG's signature
 * @example pngHeader(bytes) // { width: 640, height: 480, depth: 8, colour: 2 }
 */
export function pngHeader(bytes: Uint8Array): PngHeader | HeaderFault {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let header: PngHeader | undefined;
  for (const { name, data, length } of chunks(view)) {
    if (header === undefined && (name !== IHDR || length !== IHDR_BYTES))
      return { fault: "damaged", found: "a PNG that does not begin with IHDR" };
    if (name === IDAT) return header!;
    if (name === IEND) return { fault: "damaged", found: "a PNG without data" };
    if (data + length + 4 > bytes.length) break;
    if (crc32(bytes.subarray(data - 4, data + length)) !== view.getUint32(data + length))
      return { fault: "damaged", found: `a PNG with a wrong check sum at byte ${data + length}` };
    if (name === IHDR) {
      header = {
        width: view.getUint32(data),
        height: view.getUint32(data + 4),
        depth: bytes[data + 8]!,
        colour: bytes[data + 9]!,
      };
    }
  }
  return { fault: "truncated", found: "a PNG that ends before its data" };
}

/** Whether a PNG's chunks lead to its end: one that failed although they do is damaged, not truncated. */
export function isWholePng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const { name, data, length } of chunks(view)) {
    if (data + length + 4 > bytes.length) return false;
    if (name === IEND) return true;
  }
  return false;
}

function* chunks(view: DataView): Generator<{ name: number; data: number; length: number }, void, undefined> {
  for (let at = SIGNATURE_BYTES; at + 8 <= view.byteLength; ) {
    const length = view.getUint32(at);
    yield { name: view.getUint32(at + 4), data: at + 8, length };
    at += CHUNK_FRAME_BYTES + length;
  }
}
