/** Where thumbnails lie on a map: both axes in one scale where that is fair, and what covers what. */

/** What the frame of a map leaves free for its axes, in pixels. */
export const MARGIN = { left: 34, right: 10, bottom: 30 } as const;
/** A map that is much higher than wide, or a stripe, is not looked at: one unit is then longer along one axis. */
const HEIGHTS = { least: 0.5, most: 0.9 };

/** A point in pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** What a thumbnail covers. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Places in pixels, a thumbnail's half away from the frame; both axes in one scale where that gives a fair height.
 * @param room.side the longest side of a thumbnail
 */
export function layOut(
  images: readonly Place[],
  { width, side, top }: { readonly width: number; readonly side: number; readonly top: number },
): { readonly places: Place[]; readonly height: number } {
  const spanX = spanOf(images.map(({ x }) => x));
  const spanY = spanOf(images.map(({ y }) => y));
  const acrossPixels = width - MARGIN.left - MARGIN.right - side;
  const natural = (acrossPixels * spanY.length) / spanX.length;
  const upPixels = Math.round(
    Math.min(HEIGHTS.most * acrossPixels, Math.max(HEIGHTS.least * acrossPixels, natural)),
  );
  const places = images.map(({ x, y }) => ({
    x: tenth(MARGIN.left + side / 2 + ((x - spanX.least) / spanX.length) * acrossPixels),
    y: tenth(top + side / 2 + (1 - (y - spanY.least) / spanY.length) * upPixels),
  }));
  return { places, height: top + upPixels + side + MARGIN.bottom };
}

function spanOf(values: readonly number[]): { readonly least: number; readonly length: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  // points in one place lie in the middle
  return most > least ? { least, length: most - least } : { least: (values[0] ?? 0) - 0.5, length: 1 };
}

/** The box of a thumbnail around its place. */
export function boxAt({ x, y }: Place, width: number, height: number): Box {
  const left = tenth(x - width / 2);
  const top = tenth(y - height / 2);
  return { left, top, right: left + width, bottom: top + height };
}

/** Whether two boxes share a pixel. */
export function covers(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** A number of pixels as it is written: tenths are enough. */
export function tenth(value: number): number {
  return Math.round(10 * value) / 10;
}
