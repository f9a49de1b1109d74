/** Differences and prepared pictures made visible: as 8-bit pixels, and as the bytes of a PNG. */
import type { PictureDifference } from "./difference.js";
import type { Pixels, PreparedImage } from "./pixels.js";

/**
 * A difference as a picture: black where nothing differs, in colour where a channel does.
 * @param magnification what a difference is multiplied by, so that it can be seen; what exceeds 255 then is cut
 * @throws RangeError where the magnification is not above 0
 * @example differencePicture(pictureDifference(a, b), 8).data[0] // 40 where the two values are 5 apart
 */
export function differencePicture(difference: PictureDifference, magnification: number): Pixels {
  if (!(magnification > 0 && Number.isFinite(magnification)))
    throw new RangeError(`Cannot show a difference: a magnification above 0 is needed, got ${magnification}`);
  const { width, height, data } = difference;
  return roundedPixels({ width, height, data: data.map((value) => value * magnification) });
}

/**
 * A prepared picture in 8 bits: rounded, and cut to 0..255 where a filter overshot.
 * @returns the picture itself where it has 8 bits
 */
export function roundedPixels({ width, height, data }: PreparedImage): Pixels {
  if (data instanceof Uint8Array) return { width, height, data };
  return {
    width,
    height,
    data: Uint8Array.from(data, (value) => Math.min(255, Math.max(0, Math.round(value)))),
  };
}

/**
 * The bytes of a PNG of a prepared picture, rounded to 8 bits, for whatever shows pictures.
 * @example await imageGrid([{ bytes: await picturePng(protocolById("gpic").prepare(pixels)) }])
 */
export async function picturePng(picture: PreparedImage): Promise<Uint8Array> {
  const { width, height, data } = roundedPixels(picture);
  const { default: sharp } = await import("sharp");
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
