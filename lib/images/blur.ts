/**
 * Gaussian blur of a picture: a weighted mean of each pixel's neighbours, along the rows and then along the columns.
 *
 * Weights are the bell's heights at whole pixels out to four standard deviations, scaled to sum to 1. Beyond the border
 * the border's own pixels go on. Sums are kept in floats between the two passes and rounded once.
 */
import type { Pixels } from "./pixels.js";
import { checkPixels } from "./resize-checks.js";

/** Beyond, a weight is below 1/2000 of the middle's. */
const REACH = 4;

/**
 * Blurs a picture.
 * @param pixels 8-bit RGB, height x width x 3
 * @param sigmaPixels standard deviation of the bell, in pixels, above 0
 * @returns a new picture of the same size
 * @throws RangeError for another sigma, or for data that is not width x height x 3
 * @example blur(pixels, 2.5)
 */
export function blur(pixels: Pixels, sigmaPixels: number): Pixels {
  checkPixels(pixels, "blur");
  if (!(sigmaPixels > 0 && Number.isFinite(sigmaPixels)))
    throw new RangeError(`Cannot blur: a sigma above 0 pixels is needed, got ${sigmaPixels}`);
  const weights = bell(sigmaPixels);
  const { width, height } = pixels;
  const turned = alongRows(pixels.data, width, height, weights);
  const blurred = alongRows(turned, height, width, weights);
  return { width, height, data: Uint8Array.from(blurred, Math.round) };
}

function bell(sigma: number): Float64Array {
  const reach = Math.max(1, Math.ceil(REACH * sigma));
  const heights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  );
  const sum = heights.reduce((total, height) => total + height, 0);
  return heights.map((height) => height / sum);
}

/** Blurs the rows and gives the result with rows and columns exchanged, so that the same again does the columns. */
function alongRows(
  data: ArrayLike<number>,
  width: number,
  height: number,
  weights: Float64Array,
): Float32Array {
  const result = new Float32Array(width * height * 3);
  const reach = (weights.length - 1) / 2;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let k = 0; k < weights.length; k++) {
        const from = (y * width + Math.min(width - 1, Math.max(0, x + k - reach))) * 3;
        const weight = weights[k]!;
        red += weight * data[from]!;
        green += weight * data[from + 1]!;
        blue += weight * data[from + 2]!;
      }
      const to = (x * height + y) * 3;
      result[to] = red;
      result[to + 1] = green;
      result[to + 2] = blue;
    }
  return result;
}
