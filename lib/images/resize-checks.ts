/** What every resampling asks of its picture and of the size that it is to make. */
import type { Pixels } from "./pixels.js";

/** The size of a picture in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Bytes of the largest picture that is made: sums of positions stay 32-bit numbers. */
const MAX_BYTES = 2 ** 31 - 1;

/** @throws RangeError where the sides are not whole numbers from 1, or the picture is too large */
export function checkPictureSize({ width, height }: ImageSize, action: string): void {
  for (const side of [width, height])
    if (!Number.isInteger(side) || side < 1)
      throw new RangeError(
        `Cannot ${action}: sides of whole pixels from 1 are needed, got ${width}x${height}`,
      );
  if (width * height * 3 > MAX_BYTES)
    throw new RangeError(
      `Cannot ${action}: a picture of at most ${MAX_BYTES} bytes is needed, got ${width}x${height}x3`,
    );
}

/** @throws RangeError where the data is not width x height x 3 */
export function checkPixels(pixels: Pixels, action: string): void {
  checkPictureSize(pixels, action);
  const { width, height, data } = pixels;
  if (data.length !== width * height * 3)
    throw new RangeError(`Cannot ${action}: ${width}x${height}x3 values are needed, got ${data.length}`);
}
