/** Brightness of a picture: one byte a pixel, by ITU-R BT.601, as Pillow's `convert("L")` gives it to the bit. */
import type { Pixels } from "../images/index.js";

/** A picture's brightness. */
export interface Luma {
  readonly width: number;
  readonly height: number;
  /** height x width, row-major, 0..255. */
  readonly data: Uint8Array;
}

/**
 * The luma of an RGB picture: (19595 R + 38470 G + 7471 B + 32768) / 65536, rounded down.
 * @example lumaOf({ width: 1, height: 1, data: new Uint8Array([255, 0, 0]) }).data[0] // 76
 */
export function lumaOf({ width, height, data }: Pixels): Luma {
  const luma = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < luma.length; i++, at += 3)
    luma[i] = (data[at]! * 19595 + data[at + 1]! * 38470 + data[at + 2]! * 7471 + 0x8000) >> 16;
  return { width, height, data: luma };
}
