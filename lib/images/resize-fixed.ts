/**
 * Resampling of 8-bit RGB in whole numbers, as Pillow's `Resample.c` does it: weights of 22 fractional bits, a sum that
 * begins at one half, and 8 bits kept between the two passes.
 */
import type { Taps } from "./resize-taps.js";

/** 32 bits less 8 of the pixel less 2 for filters whose weights go below zero. */
const FRACTION_BITS = 22;
const HALF = 1 << (FRACTION_BITS - 1);

/** Taps whose weights are whole numbers of 2^-22. */
export interface FixedTaps extends Omit<Taps, "weights"> {
  readonly weights: Int32Array;
}

/** Rounds weights to 22 fractional bits, halves away from zero. */
export function fixedTaps({ starts, counts, stride, weights }: Taps): FixedTaps {
  const whole = Int32Array.from(weights, (weight) => {
    const scaled = weight * 2 ** FRACTION_BITS;
    return Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  });
  return { starts, counts, stride, weights: whole };
}

/**
 * The pass along the rows.
 * @param data rows of `width` RGB pixels
 * @param firstRow the first row that the second pass needs
 * @param rows how many it needs
 * @returns rows x outputs x 3
 */
export function resizeRows(
  data: Uint8Array,
  width: number,
  firstRow: number,
  rows: number,
  taps: FixedTaps,
): Uint8Array {
  const { starts, counts, stride, weights } = taps;
  const outputs = starts.length;
  const result = new Uint8ClampedArray(rows * outputs * 3);
  let to = 0;
  for (let y = 0; y < rows; y++) {
    const row = (firstRow + y) * width * 3;
    for (let x = 0; x < outputs; x++) {
      let from = row + starts[x]! * 3;
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      const end = x * stride + counts[x]!;
      for (let tap = x * stride; tap < end; tap++) {
        const weight = weights[tap]!;
        red = (red + Math.imul(data[from]!, weight)) | 0;
        green = (green + Math.imul(data[from + 1]!, weight)) | 0;
        blue = (blue + Math.imul(data[from + 2]!, weight)) | 0;
        from += 3;
      }
      result[to] = red >> FRACTION_BITS;
      result[to + 1] = green >> FRACTION_BITS;
      result[to + 2] = blue >> FRACTION_BITS;
      to += 3;
    }
  }
  return new Uint8Array(result.buffer);
}

/**
 * The pass along the columns.
 * @param data rows of `width` RGB pixels, of which row 0 is `firstRow` of the picture
 * @returns outputs x width x 3
 */
export function resizeColumns(
  data: Uint8Array,
  width: number,
  firstRow: number,
  taps: FixedTaps,
): Uint8Array {
  const { starts, counts, stride, weights } = taps;
  const rowLength = width * 3;
  const result = new Uint8ClampedArray(starts.length * rowLength);
  let to = 0;
  for (let y = 0; y < starts.length; y++) {
    const begin = (starts[y]! - firstRow) * rowLength;
    const end = y * stride + counts[y]!;
    for (let x = 0; x < rowLength; x += 3) {
      let from = begin + x;
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      for (let tap = y * stride; tap < end; tap++) {
        const weight = weights[tap]!;
        red = (red + Math.imul(data[from]!, weight)) | 0;
        green = (green + Math.imul(data[from + 1]!, weight)) | 0;
        blue = (blue + Math.imul(data[from + 2]!, weight)) | 0;
        from += rowLength;
      }
      result[to] = red >> FRACTION_BITS;
      result[to + 1] = green >> FRACTION_BITS;
      result[to + 2] = blue >> FRACTION_BITS;
      to += 3;
    }
  }
  return new Uint8Array(result.buffer);
}
