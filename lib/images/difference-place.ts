/** Where two pictures differ most: the part of a picture that is worth a closer look. */
import type { CropPlace } from "./crops.js";
import type { PictureDifference } from "./difference.js";

/**
 * The square in which the differences have the largest sum; the first of equals, row by row.
 * @param side of the square in pixels; at most the picture's shorter side
 * @throws RangeError where the square does not fit
 * @example crop(pixels, mostDifferentPlace(pictureDifference(a, b), 64)) // 64 x 64
 */
export function mostDifferentPlace(difference: PictureDifference, side: number): CropPlace {
  const { width, height } = difference;
  if (!Number.isSafeInteger(side) || side < 1 || side > Math.min(width, height))
    throw new RangeError(
      `Cannot look closer: a square of 1 to ${Math.min(width, height)} pixels is needed, got ${side}`,
    );
  const sums = sumsFromCorner(difference);
  const stride = width + 1;
  let best = { left: 0, top: 0, sum: -1 };
  for (let top = 0; top + side <= height; top++)
    for (let left = 0; left + side <= width; left++) {
      const above = top * stride + left;
      const below = above + side * stride;
      const sum = sums[below + side]! - sums[below]! - sums[above + side]! + sums[above]!;
      if (sum > best.sum) best = { left, top, sum };
    }
  return { left: best.left, top: best.top, width: side, height: side };
}

/** (height + 1) x (width + 1): the sum of all that lies above and left. */
function sumsFromCorner({ width, height, data }: PictureDifference): Float64Array {
  const stride = width + 1;
  const sums = new Float64Array((height + 1) * stride);
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      row += data[at]! + data[at + 1]! + data[at + 2]!;
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + row;
    }
  }
  return sums;
}
