/**
 * Size and aspect ratio: the first two filters of the paper's section 2.2, which need no pixels.
 *
 * The paper drops "extreme" resolution and aspect ratio (about 0.01 % of its pool, together) and a longest side under
 * 256 px; the bound of the first two it does not print (silence 2). Ours are named choices: a resolution is extreme
 * above 89,478,485 pixels, where Pillow warns of a decompression bomb; an aspect ratio is extreme above 10, since the
 * benchmark's centre square (Appendix B.1) shows less than a tenth of such a picture.
 */

/** Why a size is dropped, in the order of the paper's filters. */
export type SizeReason = "extreme resolution" | "extreme aspect" | "too small";

/** The bounds; what lies on a bound stays. */
export interface SizeRules {
  /** Most pixels, width x height. */
  readonly mostPixels: number;
  /** Largest ratio of the longer to the shorter side. */
  readonly mostAspect: number;
  /** Least pixels of the longest side. */
  readonly leastLongestSidePixels: number;
}

/** The bounds in use where none are given: 256 px is the paper's, the other two are ours. */
export const SIZE_RULES: SizeRules = {
  mostPixels: 89_478_485,
  mostAspect: 10,
  leastLongestSidePixels: 256,
};

/** Width and height in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The first rule that a size breaks; undefined where it breaks none.
 * @throws RangeError where a side is not a whole number from 1, or a rule is not a number above 0
 * @example sizeReason({ width: 720, height: 40 }) // "extreme aspect"
 */
export function sizeReason(
  { width, height }: PictureSize,
  rules: SizeRules = SIZE_RULES,
): SizeReason | undefined {
  for (const side of [width, height])
    if (!Number.isSafeInteger(side) || side < 1)
      throw new RangeError(`Cannot judge a size: sides from 1 px are needed, got ${width} x ${height}`);
  for (const [name, bound] of Object.entries(rules))
    if (!(bound > 0)) throw new RangeError(`Cannot judge a size: ${name} above 0 is needed, got ${bound}`);
  const longest = Math.max(width, height);
  if (width * height > rules.mostPixels) return "extreme resolution";
  if (longest / Math.min(width, height) > rules.mostAspect) return "extreme aspect";
  return longest < rules.leastLongestSidePixels ? "too small" : undefined;
}

/**
 * How many of some sizes each bound on the aspect ratio would drop: what another choice would do.
 * @param bounds ratios to try
 * @example aspectSweep([{ width: 720, height: 40 }], [10, 20]) // [{ bound: 10, dropped: 1 }, { bound: 20, dropped: 0 }]
 */
export function aspectSweep(
  sizes: readonly PictureSize[],
  bounds: readonly number[] = [2, 3, 4, 5, 8, 10, 15, 20],
): { readonly bound: number; readonly dropped: number }[] {
  return bounds.map((bound) => ({
    bound,
    dropped: sizes.filter(
      (size) => sizeReason(size, { ...SIZE_RULES, mostAspect: bound }) === "extreme aspect",
    ).length,
  }));
}
