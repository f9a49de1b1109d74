/**
 * Ways of spoiling a photograph, each with one number that says how much: what a score of pictures ought to see.
 *
 * Strengths are relative to the picture (shares of its shorter side, of 0..255, of its sides), so that they mean the same
 * for all sizes. The kinds are those of which Heusel et al. 2017 showed that FID grows with them (blur, noise), and those
 * that encoders are trained to look through (JPEG, cropping, mirroring).
 */
import { blur } from "./blur.js";
import { crop } from "./crops.js";
import { decode } from "./decode.js";
import { addNoise } from "./noise.js";
import type { Pixels } from "./pixels.js";
import { checkPixels } from "./resize-checks.js";

/** The ways of spoiling that are known by name. */
export type DegradationId =
  | "blur-light"
  | "blur-strong"
  | "noise-light"
  | "noise-strong"
  | "jpeg-light"
  | "jpeg-strong"
  | "crop"
  | "mirror";

/** One way of spoiling a photograph. */
export interface Degradation {
  readonly id: DegradationId;
  /** For people: what is done, and how much. */
  readonly title: string;
  /**
   * Spoils one picture.
   * @param seed for the noise; the others do not use chance
   * @returns a new picture
   * @throws RangeError for data that is not width x height x 3
   */
  apply(pixels: Pixels, seed: number | string): Promise<Pixels>;
}

/** All of them; of each kind the weaker one first. */
export const degradations: readonly Degradation[] = [
  blurred("blur-light", 0.01),
  blurred("blur-strong", 0.04),
  noisy("noise-light", 0.02),
  noisy("noise-strong", 0.2),
  compressed("jpeg-light", 20),
  compressed("jpeg-strong", 5),
  {
    id: "crop",
    title: "middle 60 % of each side",
    apply: async (pixels) => middle(pixels, 0.6),
  },
  { id: "mirror", title: "mirrored left to right", apply: async (pixels) => mirrored(pixels) },
];

/**
 * The way of spoiling with a name.
 * @throws RangeError where there is none
 * @example degradationById("jpeg-strong").title // "JPEG of quality 5"
 */
export function degradationById(id: string): Degradation {
  const found = degradations.find((one) => one.id === id);
  if (found !== undefined) return found;
  const names = degradations.map((one) => one.id).join(", ");
  throw new RangeError(
    `Cannot spoil a picture: one of ${names} is needed, got ${JSON.stringify(id)?.slice(0, 40)}`,
  );
}

function blurred(id: DegradationId, share: number): Degradation {
  return {
    id,
    title: `blur of ${100 * share} % of the shorter side`,
    apply: async (pixels) => blur(pixels, share * Math.min(pixels.width, pixels.height)),
  };
}

function noisy(id: DegradationId, share: number): Degradation {
  return {
    id,
    title: `${100 * share} % of the variance is noise`,
    async apply(pixels, seed) {
      checkPixels(pixels, "add noise");
      // a Uint8ClampedArray rounds to the nearest and stops at 0 and 255
      const data = Uint8ClampedArray.from(addNoise(pixels, share, seed).data);
      return { width: pixels.width, height: pixels.height, data: new Uint8Array(data.buffer) };
    },
  };
}

function compressed(id: DegradationId, quality: number): Degradation {
  return {
    id,
    title: `JPEG of quality ${quality}`,
    async apply(pixels) {
      checkPixels(pixels, "compress");
      const { width, height, data } = pixels;
      const { default: sharp } = await import("sharp");
      const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
        .jpeg({ quality, chromaSubsampling: "4:2:0" })
        .toBuffer();
      return decode(bytes, `JPEG of quality ${quality}`);
    },
  };
}

function middle(pixels: Pixels, share: number): Pixels {
  const [width, height] = [pixels.width, pixels.height].map((side) => Math.max(1, Math.round(share * side)));
  const [left, top] = [(pixels.width - width!) >> 1, (pixels.height - height!) >> 1];
  return crop(pixels, { left, top, width: width!, height: height! });
}

function mirrored(pixels: Pixels): Pixels {
  checkPixels(pixels, "mirror");
  const { width, height } = pixels;
  const data = new Uint8Array(pixels.data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++)
        data[(y * width + x) * 3 + c] = pixels.data[(y * width + width - 1 - x) * 3 + c]!;
  return { width, height, data };
}
