/** By how much two prepared pictures of one size differ: value by value, at most, and in the mean. */
import type { PreparedImage } from "./pixels.js";
import { checkPictureSize } from "./resize-checks.js";

/** The difference of two pictures, in units of 0..255. */
export interface PictureDifference {
  readonly width: number;
  readonly height: number;
  /** height x width x 3, row-major: how far the two values lie apart, never negative. */
  readonly data: Float32Array;
  /** The largest of them. */
  readonly largest: number;
  /** Their mean. */
  readonly mean: number;
}

/**
 * The difference of two pictures, of 8 bits or floats.
 * @throws RangeError where their sizes differ, or data is not width x height x 3
 * @example
 * const black = { width: 1, height: 1, data: new Uint8Array(3) };
 * pictureDifference(black, { width: 1, height: 1, data: Uint8Array.of(0, 3, 6) }) // largest: 6, mean: 3
 */
export function pictureDifference(first: PreparedImage, second: PreparedImage): PictureDifference {
  for (const picture of [first, second]) checkPicture(picture);
  const { width, height } = first;
  if (second.width !== width || second.height !== height)
    throw new RangeError(
      `Cannot compare pictures: two of one size are needed, got ${width}x${height} and ${second.width}x${second.height}`,
    );
  const data = new Float32Array(first.data.length);
  let largest = 0;
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    const apart = Math.abs(first.data[i]! - second.data[i]!);
    data[i] = apart;
    if (apart > largest) largest = apart;
    sum += apart;
  }
  return { width, height, data, largest, mean: sum / data.length };
}

function checkPicture(picture: PreparedImage): void {
  checkPictureSize(picture, "compare pictures");
  const { width, height, data } = picture;
  if (data.length !== width * height * 3)
    throw new RangeError(
      `Cannot compare pictures: ${width}x${height}x3 values are needed, got ${data.length}`,
    );
}
