/**
 * Pillow's `Image.resize` of an 8-bit RGB picture, bit for bit: what GPIC's Appendix B.1 prepares images by.
 *
 * Along the rows first, for the rows that the second pass needs; a side that keeps its length is left alone.
 */
import type { Pixels } from "./pixels.js";
import { checkPictureSize, checkPixels, type ImageSize } from "./resize-checks.js";
import { type FixedTaps, fixedTaps, resizeColumns, resizeRows } from "./resize-fixed.js";
import { type ResizeFilter, resizeTaps } from "./resize-taps.js";

/**
 * Resizes a picture as Pillow's `resize(size, filter)` does; the sides need not keep their ratio.
 * @param pixels 8-bit RGB, height x width x 3
 * @param size whole numbers from 1
 * @param filter Pillow's name in lower case
 * @returns a new picture, also where the size stays
 * @throws RangeError for a size or filter that does not exist, and for data that is not width x height x 3
 * @example resize(pixels, { width: 224, height: 224 }, "bicubic") // GPIC's preparation for DINOv2
 */
export function resize(pixels: Pixels, size: ImageSize, filter: ResizeFilter): Pixels {
  checkPixels(pixels, "resize");
  checkPictureSize(size, "resize");
  const columns = tapsOf(pixels.width, size.width, filter);
  const rows = tapsOf(pixels.height, size.height, filter);
  const last = size.height - 1;
  const firstRow = rows.starts[0]!;
  const neededRows = rows.starts[last]! + rows.counts[last]! - firstRow;
  let data = pixels.data;
  let dataBegins = 0;
  if (size.width !== pixels.width) {
    data = resizeRows(data, pixels.width, firstRow, neededRows, columns);
    dataBegins = firstRow;
  }
  if (size.height !== pixels.height) data = resizeColumns(data, size.width, dataBegins, rows);
  return { width: size.width, height: size.height, data: data === pixels.data ? data.slice() : data };
}

/** Weights are as expensive as a tenth of a resize, and the pictures of a set come in few sizes. */
const KEPT_TAPS = 64;
const kept = new Map<string, FixedTaps>();

function tapsOf(from: number, to: number, filter: ResizeFilter): FixedTaps {
  const key = `${filter} ${from} ${to}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const taps = fixedTaps(resizeTaps(from, to, filter));
  if (kept.size === KEPT_TAPS) kept.delete(kept.keys().next().value!);
  kept.set(key, taps);
  return taps;
}
