/** Rows of features: their mean, and how far they lie from it. */
import type { DenseMatrix } from "../models/index.js";

/** The mean, summed about the first row, so that a large one costs no digits. */
export function meanOf(data: Float32Array | Float64Array, count: number, width: number): Float64Array {
  const mean = new Float64Array(width);
  for (let at = width; at < data.length; ) for (let c = 0; c < width; c++) mean[c]! += data[at++]! - data[c]!;
  return mean.map((sum, c) => data[c]! + sum / count);
}

/** Some rows, less the mean, times a scale. */
export function centred(
  data: Float32Array | Float64Array,
  mean: Float64Array,
  scale: number,
  first: number,
  rows: number,
): DenseMatrix {
  const width = mean.length;
  const result = new Float64Array(rows * width);
  for (let i = 0, at = first * width; i < result.length; )
    for (let c = 0; c < width; c++) result[i++] = (data[at++]! - mean[c]!) * scale;
  return { rows, columns: width, data: result };
}
