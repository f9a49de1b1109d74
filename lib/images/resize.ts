/**
 * Pillow's `Image.resize` of an 8-bit RGB picture, bit for bit: what GPIC's Appendix B.1 prepares images by.
 *
 * Rows first, as every Pillow up to 12.1 does. From 13.0 on, Pillow takes
 * the columns first where the height shrinks by more than twice as many pixels as the width; as 8 bits are kept
 * between the passes, such pictures come out differently there. (12.2 and 12.3 do so only for pictures more than 100
 * times as high as wide.)
 */
import type { Pixels } from "./pixels.js";
import { checkPictureSize, checkPixels, type ImageSize } from "./resize-checks.js";
import { type FixedTaps, fixedTaps, resizeColumns, resizeRows } from "./resize-passes.js";
import { type ResizeFilter, resizeTaps } from "./resize-taps.js";

/** Which pass is first: always that along the rows, or as Pillow 13 chooses. */
export type ResizeOrder = "rows-first" | "pillow-13";

/**
 * Resizes a picture as Pillow's `resize(size, filter)` does; the sides need not keep their ratio.
 * @param pixels 8-bit RGB, height x width x 3
 * @param size whole numbers from 1
 * @param filter Pillow's name in lower case
 * @returns a new picture, also where the size stays
 * @param order by Pillow's version, see above; it matters to pictures that lose more height than width
 * @throws RangeError for a size, filter or order that does not exist, and for data that is not width x height x 3
 * @example resize(pixels, { width: 224, height: 224 }, "bicubic") // GPIC's preparation for DINOv2
 */
export function resize(
  pixels: Pixels,
  size: ImageSize,
  filter: ResizeFilter,
  order: ResizeOrder = "rows-first",
): Pixels {
  checkPixels(pixels, "resize");
  checkPictureSize(size, "resize");
  if (order !== "rows-first" && order !== "pillow-13")
    throw new RangeError(
      `Cannot resize: an order out of rows-first, pillow-13 is needed, got ${JSON.stringify(order)}`,
    );
  const columns = tapsOf(pixels.width, size.width, filter);
  const rows = tapsOf(pixels.height, size.height, filter);
  const changesWidth = size.width !== pixels.width;
  const changesHeight = size.height !== pixels.height;
  const { width, height } = size;
  let { data } = pixels;
  if (!changesWidth && !changesHeight) return { width, height, data: data.slice() };
  if (!changesHeight) return { width, height, data: resizeRows(data, pixels.width, 0, height, columns) };
  if (changesWidth && (order === "rows-first" || !columnsAreCheaper(pixels, size))) {
    data = resizeRows(data, pixels.width, rows.first, rows.needed, columns);
    return { width, height, data: resizeColumns(data, width, rows) };
  }
  data = resizeColumns(data.subarray(rows.first * pixels.width * 3), pixels.width, rows);
  return { width, height, data: changesWidth ? resizeRows(data, pixels.width, 0, height, columns) : data };
}

function columnsAreCheaper(from: ImageSize, to: ImageSize): boolean {
  const removed = from.height - to.height;
  return removed > 0 && removed > (from.width - to.width) * 2;
}

/** Weights cost about a tenth of a resize, and the pictures of a set come in few sizes. */
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
