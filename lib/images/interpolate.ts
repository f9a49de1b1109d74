/** The resampling of torch (`F.interpolate`) and of TensorFlow 1, on floats: what the FID toolkits prepare images by. */
import { type InterpolationMethod, interpolationTaps } from "./interpolate-taps.js";
import type { Pixels } from "./pixels.js";
import { checkPictureSize, checkPixels, type ImageSize } from "./resize-checks.js";
import { type FloatPixels, resample } from "./resize-float.js";

/**
 * Resizes a picture as torch or TensorFlow 1 does a float32 tensor of it, with corners not aligned.
 * @param pixels 8-bit RGB, height x width x 3; taken as floats of 0..255
 * @param size whole numbers from 1
 * @returns float32, height x width x 3, in units of 0..255; the bicubic methods overshoot and are not clipped. What
 * differs from the original is the float32 rounding of its own sums: up to 1.2e-4 at windows of a dozen pixels
 * @throws RangeError for a size or method that does not exist, and for data that is not width x height x 3
 * @example interpolate(pixels, { width: 299, height: 299 }, "torch-bilinear") // pytorch-fid
 */
export function interpolate(pixels: Pixels, size: ImageSize, method: InterpolationMethod): FloatPixels {
  checkPixels(pixels, "interpolate");
  checkPictureSize(size, "interpolate");
  const columns = interpolationTaps(pixels.width, size.width, method);
  return resample(pixels, columns, interpolationTaps(pixels.height, size.height, method));
}
