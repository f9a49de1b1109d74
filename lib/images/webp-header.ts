/**
 * What a WebP's first chunk says: the size of its canvas, and whether the file is as long as it says.
 *
 * The WebP container specification; RFC 6386, 9.1 (VP8); the WebP lossless bitstream specification, 3 (VP8L).
 */
import type { HeaderFault } from "./jpeg-header.js";

/** The header of a WebP. */
export interface WebpHeader {
  readonly width: number;
  readonly height: number;
  /** Whether it holds frames; the first one is the picture. */
  readonly isAnimated: boolean;
}

const ANIMATION_FLAG = 0x02;
const VP8L_SIGNATURE = 0x2f;

/**
 * Reads the size of a WebP's canvas.
 * @param bytes a file that begins with RIFF....WEBP
 * @example webpHeader(bytes) // { width: 640, height: 480, isAnimated: false }
 */
export function webpHeader(bytes: Uint8Array): WebpHeader | HeaderFault {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 30 || view.getUint32(4, true) + 8 > bytes.length)
    return { fault: "truncated", found: "a WebP that is shorter than it says" };
  const name = String.fromCharCode(...bytes.subarray(12, 16));
  if (name === "VP8X")
    return {
      width: (view.getUint32(24, true) & 0xffffff) + 1,
      height: (view.getUint32(26, true) >>> 8) + 1,
      isAnimated: (bytes[20]! & ANIMATION_FLAG) !== 0,
    };
  if (name === "VP8 ")
    return {
      width: view.getUint16(26, true) & 0x3fff,
      height: view.getUint16(28, true) & 0x3fff,
      isAnimated: false,
    };
  if (name === "VP8L" && bytes[20] === VP8L_SIGNATURE) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, isAnimated: false };
  }
  return { fault: "damaged", found: "a WebP that begins with no picture" };
}
