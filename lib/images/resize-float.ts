/**
 * Resampling to float32: Pillow's mode F, and the two passes that every resampling on floats here is made of.
 *
 * Sums are taken in float64 and rounded to float32 once a pass. Pillow does the same (its results are met exactly);
 * torch sums in float32, so that a result may differ from torch's by a few units in the last place.
 */
import type { Pixels, PreparedImage } from "./pixels.js";
import { checkPictureSize, checkPixels, type ImageSize } from "./resize-checks.js";
import { type ResizeFilter, resizeTaps, type Taps } from "./resize-taps.js";

/** A picture whose values are float32, in units of 0..255 but not held to that range. */
export interface FloatPixels extends PreparedImage {
  readonly data: Float32Array;
}

/**
 * Resizes each channel as Pillow does an image of mode F: no rounding to 8 bits and no clipping.
 * @param pixels 8-bit RGB, height x width x 3
 * @throws RangeError for a size or filter that does not exist, and for data that is not width x height x 3
 * @example resizeFloat(pixels, { width: 299, height: 299 }, "bicubic") // clean-fid, before it clips
 */
export function resizeFloat(pixels: Pixels, size: ImageSize, filter: ResizeFilter): FloatPixels {
  checkPixels(pixels, "resize");
  checkPictureSize(size, "resize");
  const columns = resizeTaps(pixels.width, size.width, filter);
  return resample(pixels, columns, resizeTaps(pixels.height, size.height, filter));
}

/** Both passes, rows first; rows of the picture that no output needs are not read. */
export function resample(pixels: Pixels, columns: Taps, rows: Taps): FloatPixels {
  const needed = new Uint8Array(pixels.height);
  for (const [y, start] of rows.starts.entries()) needed.fill(1, start, start + rows.counts[y]!);
  const between = resampleRows(pixels, needed, columns);
  const width = columns.starts.length;
  return { width, height: rows.starts.length, data: resampleColumns(between, width, rows) };
}

function resampleRows({ data, width }: Pixels, needed: Uint8Array, taps: Taps): Float32Array {
  const { starts, counts, stride, weights } = taps;
  const outputs = starts.length;
  const result = new Float32Array(needed.length * outputs * 3);
  for (let y = 0; y < needed.length; y++) {
    if (needed[y] === 0) continue;
    let to = y * outputs * 3;
    for (let x = 0; x < outputs; x++) {
      let from = (y * width + starts[x]!) * 3;
      let red = 0;
      let green = 0;
      let blue = 0;
      const end = x * stride + counts[x]!;
      for (let tap = x * stride; tap < end; tap++) {
        const weight = weights[tap]!;
        red += data[from]! * weight;
        green += data[from + 1]! * weight;
        blue += data[from + 2]! * weight;
        from += 3;
      }
      result[to] = red;
      result[to + 1] = green;
      result[to + 2] = blue;
      to += 3;
    }
  }
  return result;
}

function resampleColumns(data: Float32Array, width: number, taps: Taps): Float32Array {
  const { starts, counts, stride, weights } = taps;
  const rowLength = width * 3;
  const result = new Float32Array(starts.length * rowLength);
  let to = 0;
  for (let y = 0; y < starts.length; y++) {
    const end = y * stride + counts[y]!;
    for (let x = 0; x < rowLength; x++) {
      let from = starts[y]! * rowLength + x;
      let sum = 0;
      for (let tap = y * stride; tap < end; tap++) {
        sum += data[from]! * weights[tap]!;
        from += rowLength;
      }
      result[to++] = sum;
    }
  }
  return result;
}
