/** A picture as it goes to a model: scaled, without metadata, as a data URL. */
import { createHash } from "node:crypto";
import { type Pixels, scaledToSide } from "../images/index.js";

/** Nearly lossless: a judge of quality must not be shown faults that the way to it made. */
const JPEG_QUALITY = 95;

/** A picture that can be sent. */
export interface VlmPicture {
  /** "data:image/jpeg;base64,..." */
  readonly dataUrl: string;
  /** SHA-256 of the JPEG's bytes: what the model saw. */
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
}

/**
 * Scales a picture's longest side to at most so many pixels (Pillow's bicubic; none is enlarged), and encodes it as JPEG
 * of quality 95 without subsampled colour. No metadata of the file goes along.
 * @param longestSidePixels a whole number from 1
 * @example (await vlmPicture(pixels, 768)).width // 768
 */
export async function vlmPicture(pixels: Pixels, longestSidePixels: number): Promise<VlmPicture> {
  const { width, height, data } = scaledToSide(pixels, longestSidePixels);
  const { default: sharp } = await import("sharp");
  const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" })
    .toBuffer();
  return {
    dataUrl: `data:image/jpeg;base64,${jpeg.toString("base64")}`,
    sha256: createHash("sha256").update(jpeg).digest("hex"),
    ...{ width, height },
  };
}
