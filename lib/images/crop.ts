/** The crop of Appendix B.1: the longer side is cut to the shorter one, at both ends alike. */
import type { Pixels } from "./pixels.js";
import { checkPixels } from "./resize-checks.js";

/**
 * The square in the middle; where the difference of the sides is odd, the pixel more is cut at the right or the bottom.
 * @param pixels 8-bit RGB, height x width x 3
 * @returns a new picture, also where it is square already
 * @throws RangeError for data that is not width x height x 3
 * @example centreCrop(landscape) // { width: 480, height: 480, ... } of 640 x 480
 */
export function centreCrop(pixels: Pixels): Pixels {
  checkPixels(pixels, "crop");
  const { width, height, data } = pixels;
  const side = Math.min(width, height);
  const left = (width - side) >> 1;
  const top = (height - side) >> 1;
  const square = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    const from = ((top + y) * width + left) * 3;
    square.set(data.subarray(from, from + side * 3), y * side * 3);
  }
  return { width: side, height: side, data: square };
}
