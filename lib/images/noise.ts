/** Noise as a diffusion model adds it in training: x_t = sqrt(1 - t) x + sqrt(t) n, where t = 1 is noise alone. */
import { Random } from "../core/index.js";
import type { PreparedImage } from "./pixels.js";

/**
 * A picture with a share of noise, as pixels: -1..1 stands for 0..255.
 * @param picture height x width x 3, 0..255
 * @param share t, from 0 (the picture) to 1 (noise alone)
 * @param seed equal seeds give equal noise, whatever the share
 * @returns floats that reach beyond 0..255
 * @throws RangeError where the share is not from 0 to 1
 * @example addNoise(picture, 0.4, 7)
 */
export function addNoise(picture: PreparedImage, share: number, seed: number | string): PreparedImage {
  if (!(share >= 0 && share <= 1))
    throw new RangeError(`Cannot add noise: a share from 0 to 1 is needed, got ${share}`);
  const random = new Random(seed);
  const [keep, add] = [Math.sqrt(1 - share), Math.sqrt(share)];
  const { width, height } = picture;
  const data = Float32Array.from(
    picture.data,
    (value) => (keep * (value / 127.5 - 1) + add * random.normal() + 1) * 127.5,
  );
  return { width, height, data };
}
