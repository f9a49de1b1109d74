/** The crop of Appendix B.1: the longer side is cut to the shorter one, at both ends alike. */
import { crop } from "./crops.js";
import type { Pixels } from "./pixels.js";

/**
 * The square in the middle; where the difference of the sides is odd, the pixel more is cut at the right or the bottom.
 * @param pixels 8-bit RGB, height x width x 3
 * @returns a new picture, also where it is square already
 * @throws RangeError for data that is not width x height x 3
 * @example centreCrop(landscape) // { width: 480, height: 480, ... } of 640 x 480
 */
export function centreCrop(pixels: Pixels): Pixels {
  const { width, height } = pixels;
  const side = Math.min(width, height);
  return crop(pixels, { left: (width - side) >> 1, top: (height - side) >> 1, width: side, height: side });
}
