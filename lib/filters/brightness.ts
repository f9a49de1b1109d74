/**
 * What a histogram of brightness says: blank, too dark, too bright. The paper's 2.2 names these faults and asks a model;
 * here they are measured.
 *
 * Sources: entropy, Shannon, "A Mathematical Theory of Communication" (1948), as skimage.measure.shannon_entropy takes
 * it of an 8-bit picture; standard deviation as contrast, Peli, "Contrast in complex images" (1990; its RMS contrast);
 * black and white by the nominal range of ITU-R BT.601, 16 to 235, so that "clipped" is what a studio signal has no
 * room for. Known limit: night pictures and white grounds are not faults, and these numbers cannot tell.
 */
import type { Luma } from "./luma.js";

/** Nominal black of ITU-R BT.601. */
export const NOMINAL_BLACK: number = 16;
/** Nominal white of ITU-R BT.601. */
export const NOMINAL_WHITE: number = 235;

/** Measures of a picture's histogram. */
export interface BrightnessMeasures {
  /** Bits a pixel, 0 (one value) to 8. */
  readonly entropyBits: number;
  /** Standard deviation of luma, 0 to 127.5. */
  readonly contrast: number;
  /** Mean luma, 0 to 255. */
  readonly meanLuma: number;
  /** Share of pixels below nominal black. */
  readonly darkShare: number;
  /** Share of pixels above nominal white. */
  readonly brightShare: number;
}

/**
 * Entropy, contrast, mean and clipped shares of a picture.
 * @example brightnessOf({ width: 2, height: 1, data: new Uint8Array([0, 255]) }).entropyBits // 1
 */
export function brightnessOf({ data }: Luma): BrightnessMeasures {
  const counts = new Uint32Array(256);
  for (let i = 0; i < data.length; i++) counts[data[i]!]!++;
  const total = data.length;
  let entropyBits = 0;
  let sum = 0;
  let dark = 0;
  let bright = 0;
  counts.forEach((count, value) => {
    if (count === 0) return;
    entropyBits -= (count / total) * Math.log2(count / total);
    sum += count * value;
    if (value < NOMINAL_BLACK) dark += count;
    if (value > NOMINAL_WHITE) bright += count;
  });
  const meanLuma = sum / total;
  const squares = counts.reduce((all, count, value) => all + count * (value - meanLuma) ** 2, 0);
  return {
    entropyBits: entropyBits + 0,
    contrast: Math.sqrt(squares / total),
    meanLuma,
    darkShare: dark / total,
    brightShare: bright / total,
  };
}
