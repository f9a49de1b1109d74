/**
 * Makes defects and copies whose truth is known: one function for each kind, all of them by sharp and plain loops.
 *
 * Bytes are the same wherever sharp has the same version: one thread, no vector code, no font, and no metadata.
 */
import type { Random } from "gpic-lab/core";
import sharp, { type Sharp } from "sharp";

/** What was done, in numbers. */
export type Parameters = { readonly [name: string]: number };

/** A picture that was altered. */
export interface Altered {
  readonly bytes: Uint8Array;
  readonly extension: "jpg" | "png";
  readonly parameters: Parameters;
  /** In words, for the credits. */
  readonly change: string;
}

/** A picture to be altered. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly extension: "jpg" | "png";
  readonly width: number;
  readonly height: number;
}

/** One kind of defect or copy. */
export interface Alteration {
  readonly kind: string;
  /** The stage that should take it out: of the paper's 2.2, or the deduplication of 2.3. */
  readonly stage: "size" | "aspect" | "quality" | "duplicate";
  /** Pictures that it makes sense on. */
  suits(picture: Picture): boolean;
  apply(picture: Picture, random: Random): Promise<Altered>;
}

sharp.concurrency(1);
sharp.simd(false);
sharp.cache(false);

/** Every kind, in the order in which sources are drawn for it. */
export const alterations: readonly Alteration[] = [
  {
    kind: "near-blank",
    stage: "quality",
    suits: () => true,
    async apply(picture, random) {
      const level = 40 + random.integer(176);
      const bytes = await jpeg(open(picture).linear(0.015, level - 2), 85);
      return {
        bytes,
        extension: "jpg",
        parameters: { contrast: 0.015, level },
        change: "contrast taken out",
      };
    },
  },
  {
    kind: "blurred",
    stage: "quality",
    suits: () => true,
    async apply(picture, random) {
      const sigma = round(longest(picture) * (0.015 + 0.015 * random.next()));
      const bytes = await jpeg(open(picture).blur(sigma), 85);
      return {
        bytes,
        extension: "jpg",
        parameters: { sigma },
        change: `blurred by a Gaussian of ${sigma} px`,
      };
    },
  },
  {
    kind: "underexposed",
    stage: "quality",
    suits: () => true,
    async apply(picture, random) {
      const gain = round(0.03 + 0.03 * random.next());
      const bytes = await jpeg(open(picture).linear(gain, 0), 85);
      return {
        bytes,
        extension: "jpg",
        parameters: { gain },
        change: `darkened to ${gain} of its brightness`,
      };
    },
  },
  {
    kind: "overexposed",
    stage: "quality",
    suits: () => true,
    async apply(picture, random) {
      const gain = round(3 + 2 * random.next());
      const bytes = await jpeg(open(picture).linear(gain, 130), 85);
      return {
        bytes,
        extension: "jpg",
        parameters: { gain, offset: 130 },
        change: `brightened ${gain} times and by 130`,
      };
    },
  },
  {
    kind: "too-small",
    stage: "size",
    suits: () => true,
    async apply(picture, random) {
      const side = 96 + random.integer(140);
      const bytes = await jpeg(open(picture).resize(fit(picture, side)), 90);
      return {
        bytes,
        extension: "jpg",
        parameters: { longest_side: side },
        change: `scaled down to ${side} px`,
      };
    },
  },
  {
    kind: "extreme-aspect",
    stage: "aspect",
    suits: ({ width, height }) => width >= 600 && width > height,
    async apply(picture, random) {
      const height = Math.floor(picture.width / (12 + random.integer(9)));
      const top = random.integer(picture.height - height + 1);
      const bytes = await jpeg(open(picture).extract({ left: 0, top, width: picture.width, height }), 90);
      return {
        bytes,
        extension: "jpg",
        parameters: { top, height },
        change: `cut to a strip of ${height} rows`,
      };
    },
  },
  {
    kind: "exact-copy",
    stage: "duplicate",
    suits: () => true,
    async apply({ bytes, extension }) {
      return { bytes, extension, parameters: {}, change: "none" };
    },
  },
  {
    kind: "re-encoded",
    stage: "duplicate",
    suits: () => true,
    async apply(picture, random) {
      const quality = 75 + random.integer(18);
      const bytes = await jpeg(open(picture), quality);
      return { bytes, extension: "jpg", parameters: { quality }, change: `re-encoded as JPEG q${quality}` };
    },
  },
  {
    kind: "resized",
    stage: "duplicate",
    suits: (picture) => longest(picture) >= 640,
    async apply(picture, random) {
      const side = Math.round(longest(picture) * (0.45 + 0.3 * random.next()));
      const bytes = await jpeg(open(picture).resize(fit(picture, side)), 90);
      return {
        bytes,
        extension: "jpg",
        parameters: { longest_side: side },
        change: `scaled down to ${side} px`,
      };
    },
  },
  {
    kind: "mirrored",
    stage: "duplicate",
    suits: () => true,
    async apply(picture) {
      const bytes = await jpeg(open(picture).flop(), 92);
      return { bytes, extension: "jpg", parameters: {}, change: "mirrored left to right" };
    },
  },
  {
    kind: "grey",
    stage: "duplicate",
    suits: () => true,
    async apply(picture) {
      const bytes = await jpeg(open(picture).grayscale(), 92);
      return { bytes, extension: "jpg", parameters: {}, change: "made grey" };
    },
  },
  {
    kind: "cropped",
    stage: "duplicate",
    suits: (picture) => longest(picture) >= 400,
    async apply(picture, random) {
      const share = round(0.7 + 0.15 * random.next());
      const width = Math.round(picture.width * share);
      const height = Math.round(picture.height * share);
      const left = random.integer(picture.width - width + 1);
      const top = random.integer(picture.height - height + 1);
      const bytes = await jpeg(open(picture).extract({ left, top, width, height }), 92);
      return {
        bytes,
        extension: "jpg",
        parameters: { left, top, width, height },
        change: `cropped to ${share} of each side`,
      };
    },
  },
  {
    kind: "watermarked",
    stage: "duplicate",
    suits: () => true,
    async apply(picture, random) {
      const opacity = round(0.35 + 0.25 * random.next());
      const { data, info } = await open(picture)
        .toColourspace("srgb")
        .raw()
        .toBuffer({ resolveWithObject: true });
      stamp(data, info.width, info.height, info.channels, opacity);
      const raw = { width: info.width, height: info.height, channels: info.channels };
      const bytes = await jpeg(sharp(data, { raw }), 92);
      return {
        bytes,
        extension: "jpg",
        parameters: { opacity },
        change: `stamped SAMPLE with opacity ${opacity}`,
      };
    },
  },
];

/** A picture as JPEG: baseline, 4:2:0, nothing but the pixels. */
export async function jpeg(image: Sharp, quality: number): Promise<Uint8Array> {
  const { buffer, byteOffset, length } = await image.jpeg({ quality, chromaSubsampling: "4:2:0" }).toBuffer();
  return new Uint8Array(buffer, byteOffset, length);
}

function open({ bytes }: Picture): Sharp {
  return sharp(bytes, { ignoreIcc: true }).removeAlpha();
}

function longest({ width, height }: Picture): number {
  return Math.max(width, height);
}

function fit(picture: Picture, side: number): { width: number; height: number; fit: "fill" } {
  const scale = side / longest(picture);
  const pixels = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: pixels(picture.width), height: pixels(picture.height), fit: "fill" };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The word SAMPLE in letters of 5 x 7 dots. */
const letters = [
  "01111 01110 10001 11110 10000 11111",
  "10000 10001 11011 10001 10000 10000",
  "10000 10001 10101 10001 10000 10000",
  "01110 11111 10101 11110 10000 11110",
  "00001 10001 10001 10000 10000 10000",
  "00001 10001 10001 10000 10000 10000",
  "11110 10001 10001 10000 11111 11111",
].map((row) => row.replaceAll(" ", "0"));

/** Lays the word over the middle, four fifths of the picture wide, white with the given opacity. */
function stamp(pixels: Uint8Array, width: number, height: number, channels: number, opacity: number): void {
  const columns = letters[0]!.length;
  const dot = Math.max(1, Math.floor((0.8 * width) / columns));
  const left = Math.floor((width - columns * dot) / 2);
  const top = Math.floor((height - letters.length * dot) / 2);
  for (let y = Math.max(0, top); y < Math.min(height, top + letters.length * dot); y++)
    for (let x = left; x < left + columns * dot; x++) {
      if (letters[Math.floor((y - top) / dot)]![Math.floor((x - left) / dot)] !== "1") continue;
      for (let c = 0; c < channels; c++) {
        const at = (y * width + x) * channels + c;
        pixels[at] = Math.round(pixels[at]! + opacity * (255 - pixels[at]!));
      }
    }
}
