/** Rectangles cut out of pictures, drawn by seed: many pictures of one law out of few photographs. */
import { Random } from "../core/index.js";
import type { Pixels } from "./pixels.js";
import { checkPixels, type ImageSize } from "./resize-checks.js";

/** A rectangle of a picture, in pixels. */
export interface CropPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Each side of a crop is drawn between this share of the picture's side and the whole. */
const SMALLEST_SHARE = 0.4;

/**
 * Draws crops: each of a picture chosen at random, its two sides drawn apart from each other, its place too.
 * @param sizes sizes of the pictures
 * @returns for each crop the number of its picture, and its place there
 * @throws RangeError where there are no pictures
 * @example drawCrops([{ width: 640, height: 480 }], 1, 7)[0].image // 0
 */
export function drawCrops(
  sizes: readonly ImageSize[],
  count: number,
  seed: number | string,
): (CropPlace & { readonly image: number })[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const image = random.integer(sizes.length);
    const size = sizes[image] ?? { width: 0, height: 0 };
    const side = (whole: number) =>
      Math.max(1, Math.round(whole * (SMALLEST_SHARE + (1 - SMALLEST_SHARE) * random.next())));
    const width = side(size.width);
    const height = side(size.height);
    const left = random.integer(size.width - width + 1);
    const top = random.integer(size.height - height + 1);
    return { image, left, top, width, height };
  });
}

/**
 * Cuts a rectangle out of a picture.
 * @throws RangeError where it is not inside
 * @example crop(pixels, { left: 0, top: 0, width: 10, height: 10 }).data.length // 300
 */
export function crop(pixels: Pixels, place: CropPlace): Pixels {
  checkPixels(pixels, "crop");
  const { left, top, width, height } = place;
  const isWhole = [left, top, width, height].every(Number.isSafeInteger);
  if (
    !isWhole ||
    Math.min(left, top) < 0 ||
    Math.min(width, height) < 1 ||
    left + width > pixels.width ||
    top + height > pixels.height
  )
    throw new RangeError(
      `Cannot crop: a rectangle inside ${pixels.width} x ${pixels.height} is needed, got ${width} x ${height} at ${left}, ${top}`,
    );
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * pixels.width + left) * 3;
    data.set(pixels.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}
