/**
 * CutMix as the authors of arXiv:2502.21318 code it: a second photograph pasted into the first, in one of four sizes.
 *
 * Source: their released script, as facts. Both pictures go through torchvision's `Resize` (Pillow's bilinear, shorter
 * edge) and `CenterCrop`. Known difference: their script stores the result as a JPEG, here it stays pixels.
 */
import type { Random } from "../core/index.js";
import { crop } from "./crops.js";
import type { Pixels } from "./pixels.js";
import { resize } from "./resize.js";
import { checkPixels } from "./resize-checks.js";

/** The share of the picture that the second photograph takes, as the authors round it. */
export type CutmixPattern = "1/2" | "1/4" | "1/9" | "1/16";

/** The four patterns, largest first. */
export const cutmixPatterns: readonly CutmixPattern[] = ["1/2", "1/4", "1/9", "1/16"];

/** Where the second photograph shows, in pixels of the mixed picture. */
export interface CutmixPlace {
  readonly pattern: CutmixPattern;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Side to which the second photograph is made small: of the whole for "1/2", of the visible part else. */
  readonly partnerSide: number;
}

/** Of the side: how far "1/16" keeps from the borders, and how far the middle that it spares reaches from the centre. */
const BORDER = 0.05;
const CENTRE = 0.1;
/** A side from which on every pattern has room. */
const SMALLEST_SIDE = 16;

/**
 * Draws where a second photograph goes.
 * @param pattern one of the four, or "all": each with the same chance
 * @param side of the mixed picture, in pixels; the authors' is 256
 * @throws RangeError for an unknown pattern and a side below 16
 * @example drawCutmix("1/4", 256, new Random(1)) // 128 x 128 in one of the corners
 */
export function drawCutmix(pattern: CutmixPattern | "all", side: number, random: Random): CutmixPlace {
  if (!Number.isSafeInteger(side) || side < SMALLEST_SIDE)
    throw new RangeError(
      `Cannot mix pictures: a side of at least ${SMALLEST_SIDE} pixels is needed, got ${side}`,
    );
  const drawn = pattern === "all" ? cutmixPatterns[random.integer(cutmixPatterns.length)] : pattern;
  switch (drawn) {
    case "1/2":
      return half(side, random);
    case "1/4":
      return corner(side, random);
    case "1/9":
      return border(side, random);
    case "1/16":
      return inside(side, random);
    default:
      throw new RangeError(
        `Cannot mix pictures: a pattern out of ${cutmixPatterns.join(", ")} or "all" is needed, got ${JSON.stringify(pattern)}`,
      );
  }
}

/**
 * Mixes two photographs.
 * @param pictures any sizes; both are cut to squares
 * @param place of `drawCutmix`, drawn for the same side
 * @returns a square picture of `side` pixels
 * @throws RangeError where the place is not inside
 * @example cutmix({ base, partner }, drawCutmix("all", 256, random), 256)
 */
export function cutmix(
  { base, partner }: { readonly base: Pixels; readonly partner: Pixels },
  place: CutmixPlace,
  side: number,
): Pixels {
  const { left, top, width, height, partnerSide } = place;
  if (left < 0 || top < 0 || left + width > side || top + height > side)
    throw new RangeError(
      `Cannot mix pictures: a place inside ${side} x ${side} is needed, got ${width} x ${height} at ${left}, ${top}`,
    );
  const mixed = squarePicture(base, side);
  // a partner of the full size shows the part that lies under its place; a smaller one shows whole
  const [fromLeft, fromTop] = partnerSide === side ? [left, top] : [0, 0];
  const pasted = crop(squarePicture(partner, partnerSide), { left: fromLeft, top: fromTop, width, height });
  for (let y = 0; y < height; y++)
    mixed.data.set(pasted.data.subarray(y * width * 3, (y + 1) * width * 3), ((top + y) * side + left) * 3);
  return mixed;
}

/**
 * torchvision's `Resize(side)` and `CenterCrop(side)` of a Pillow image: bilinear, shorter edge to `side`.
 * @returns a new picture of side x side
 */
export function squarePicture(pixels: Pixels, side: number): Pixels {
  checkPixels(pixels, "cut to a square");
  const shorter = Math.min(pixels.width, pixels.height);
  const scaled = (length: number): number =>
    length === shorter ? side : Math.trunc((side * length) / shorter);
  const whole = resize(pixels, { width: scaled(pixels.width), height: scaled(pixels.height) }, "bilinear");
  return crop(whole, {
    left: roundHalfToEven((whole.width - side) / 2),
    top: roundHalfToEven((whole.height - side) / 2),
    width: side,
    height: side,
  });
}

function half(side: number, random: Random): CutmixPlace {
  const middle = Math.trunc(side / 2);
  const shared = { pattern: "1/2", partnerSide: side } as const;
  return random.integer(2) === 0
    ? { ...shared, left: middle, top: 0, width: side - middle, height: side }
    : { ...shared, left: 0, top: middle, width: side, height: side - middle };
}

function corner(side: number, random: Random): CutmixPlace {
  const small = Math.trunc(side / 2);
  const [left, top] = [0, side - small].flatMap((y) => [0, side - small].map((x) => [x, y] as const))[
    random.integer(4)
  ] as readonly [number, number];
  return { pattern: "1/4", left, top, width: small, height: small, partnerSide: small };
}

function border(side: number, random: Random): CutmixPlace {
  const small = Math.trunc(side / 3);
  const along = random.integer(side - small + 1);
  const across = random.integer(2) * (side - small);
  const [left, top] = random.integer(2) === 0 ? [across, along] : [along, across];
  return { pattern: "1/9", left, top, width: small, height: small, partnerSide: small };
}

/** Drawn until it does not touch the middle, as the authors do. */
function inside(side: number, random: Random): CutmixPlace {
  const small = Math.trunc(side / 4);
  const edge = Math.trunc(BORDER * side);
  const centre = Math.trunc(side / 2);
  const reach = Math.trunc(CENTRE * side);
  const draw = (): number => edge + random.integer(side - small - 2 * edge + 1);
  const meets = (from: number): boolean => from <= centre + reach && from + small >= centre - reach;
  for (;;) {
    const [left, top] = [draw(), draw()];
    if (!(meets(left) && meets(top)))
      return { pattern: "1/16", left, top, width: small, height: small, partnerSide: small };
  }
}

/** As Python's `round`. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
