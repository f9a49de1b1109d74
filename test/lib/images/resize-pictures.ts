/** Pictures for the tests of resizing: those of test/golden/resize/make_pictures.py, and PNG files of the vectors. */
import { readFileSync } from "node:fs";
import type { Pixels } from "gpic-lab/images";
import sharp from "sharp";
import { packageFile } from "../../../lib/io/index.js";

/** Noise of 0..255, or of 0 and 255 alone where the seed is odd. */
export function madePicture(width: number, height: number, seed: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const value = mixed(i + seed * 0x10000) & 255;
    data[i] = seed % 2 === 1 ? (value >> 7) * 255 : value;
  }
  return { width, height, data };
}

function mixed(x: number): number {
  let hash = x;
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return hash ^ (hash >>> 16);
}

/** An 8-bit RGB PNG below test/golden. */
export async function goldenPicture(...path: string[]): Promise<Pixels> {
  const { data, info } = await sharp(packageFile("test", "golden", ...path))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** A JSON file below test/golden. */
export function goldenJson<T>(...path: string[]): T {
  return JSON.parse(readFileSync(packageFile("test", "golden", ...path), "utf8"));
}

/** The places of a result that the vectors hold values of. */
export function samplePlaces(samples: number, length: number): number[] {
  return Array.from({ length: samples }, (_, k) => (k * 2654435761) % length);
}
