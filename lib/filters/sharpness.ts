/**
 * How sharp a picture is: the variance of its Laplacian, and two measures at one size for all pictures.
 *
 * Sources: Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy" (2000), as OpenCV users know it:
 * `cv2.Laplacian(gray, cv2.CV_64F).var()`; Crete et al., "The blur effect: perception and estimation with a new
 * no-reference perceptual blur metric" (2007): a sharp picture loses more of its differences between neighbours when it
 * is blurred again than a blurred one does, which no longer depends on contrast. Both see pixels, so the same picture
 * at twice the size is "more blurred": the measures at one size scale the longest side to 256 px first (Pillow's
 * bicubic; no picture is enlarged), the size at which the benchmark looks at pictures (Appendix B.1).
 */
import { type Pixels, scaledToSide } from "../images/index.js";
import { type Luma, lumaOf } from "./luma.js";

/** Longest side at which the measures that do not depend on size look at a picture. */
export const SHARPNESS_SIDE_PIXELS: number = 256;
/** Pixels of the mean that blurs again, as in Crete et al.; skimage.measure.blur_effect takes 11, and Sobel differences. */
const BLUR_PIXELS = 9;

/** Measures of sharpness. */
export interface SharpnessMeasures {
  /** Variance of the Laplacian at the picture's own size; low is blurred, or blank. */
  readonly laplacianVariance: number;
  /** The same with the longest side scaled to 256 px. */
  readonly laplacianVarianceAt256: number;
  /** Crete's blur with the longest side scaled to 256 px: 0 is sharp, 1 blurred. */
  readonly blurAt256: number;
}

/** The three measures of a picture, whose own luma is at hand. */
export function sharpnessOf(pixels: Pixels, luma: Luma): SharpnessMeasures {
  const small = scaledToSide(pixels, SHARPNESS_SIDE_PIXELS);
  const smallLuma = small === pixels ? luma : lumaOf(small);
  return {
    laplacianVariance: laplacianVariance(luma),
    laplacianVarianceAt256: laplacianVariance(smallLuma),
    blurAt256: creteBlur(smallLuma),
  };
}

/**
 * Variance of the Laplacian with the kernel 0 1 0, 1 -4 1, 0 1 0; beyond the edge the picture is mirrored without
 * repeating its edge (OpenCV's BORDER_REFLECT_101).
 * @example laplacianVariance({ width: 3, height: 1, data: new Uint8Array([0, 9, 0]) }) // 288
 */
export function laplacianVariance({ width, height, data }: Luma): number {
  let sum = 0;
  let squares = 0;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const above = mirrored(y - 1, height) * width;
    const below = mirrored(y + 1, height) * width;
    const at = (x: number, left: number, right: number) =>
      data[row + left]! + data[row + right]! + data[above + x]! + data[below + x]! - 4 * data[row + x]!;
    const first = at(0, mirrored(-1, width), mirrored(1, width));
    const last = width === 1 ? 0 : at(width - 1, width - 2, mirrored(width, width));
    sum += first + last;
    squares += first * first + last * last;
    for (let x = 1; x < width - 1; x++) {
      const value = at(x, x - 1, x + 1);
      sum += value;
      squares += value * value;
    }
  }
  // whole numbers, so that their order does not matter
  const count = width * height;
  return squares / count - (sum / count) ** 2;
}

function mirrored(at: number, length: number): number {
  if (length === 1) return 0;
  return at < 0 ? 1 : at === length ? length - 2 : at;
}

/**
 * Crete's blur: the larger of the two directions' shares of differences that survive a mean over 9 pixels. A picture
 * without any differences counts as fully blurred.
 * @returns 0 (sharp) to 1 (blurred)
 */
export function creteBlur({ width, height, data }: Luma): number {
  const along = directionBlur(data, { lines: height, lineStep: width, length: width, step: 1 });
  const down = directionBlur(data, { lines: width, lineStep: 1, length: height, step: width });
  return Math.max(along, down);
}

interface Lines {
  readonly lines: number;
  readonly lineStep: number;
  readonly length: number;
  readonly step: number;
}

function directionBlur(data: Uint8Array, { lines, lineStep, length, step }: Lines): number {
  const half = (BLUR_PIXELS - 1) / 2;
  let differences = 0;
  let lost = 0;
  const blurred = new Float64Array(length);
  for (let line = 0; line < lines; line++) {
    const value = (at: number) => data[line * lineStep + Math.min(length - 1, Math.max(0, at)) * step]!;
    let sum = 0;
    for (let at = -half; at <= half; at++) sum += value(at);
    for (let at = 0; at < length; at++) {
      blurred[at] = sum / BLUR_PIXELS;
      sum += value(at + half + 1) - value(at - half);
    }
    for (let at = 1; at < length; at++) {
      const sharp = Math.abs(value(at) - value(at - 1));
      differences += sharp;
      lost += Math.max(0, sharp - Math.abs(blurred[at]! - blurred[at - 1]!));
    }
  }
  return differences === 0 ? 1 : (differences - lost) / differences;
}
