/** A picture made small enough to be looked at. */
import type { Pixels } from "./pixels.js";
import { resize } from "./resize.js";

/**
 * The picture with its longest side at most so many pixels, in its proportions (Pillow's bicubic); itself where it already is so.
 * @param side pixels, a whole number from 1
 * @example scaledToSide({ width: 720, height: 360, data }, 256) // 256 x 128
 */
export function scaledToSide(pixels: Pixels, side: number): Pixels {
  const longest = Math.max(pixels.width, pixels.height);
  if (longest <= side) return pixels;
  const scaled = (length: number) => Math.max(1, Math.round((length * side) / longest));
  return resize(pixels, { width: scaled(pixels.width), height: scaled(pixels.height) }, "bicubic");
}
