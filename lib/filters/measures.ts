/** Everything that is measured of one picture without a model, for the filter of quality (the paper's 2.2). */
import type { Pixels } from "../images/index.js";
import { type BrightnessMeasures, brightnessOf } from "./brightness.js";
import { lumaOf } from "./luma.js";
import { type SharpnessMeasures, sharpnessOf } from "./sharpness.js";

/** Measures of blankness, exposure and sharpness. */
export interface QualityMeasures extends BrightnessMeasures, SharpnessMeasures {}
/** The name of one. */
export type MeasureName = keyof QualityMeasures;

/**
 * Measures one picture.
 * @param pixels 8-bit RGB, of any size
 * @example measureQuality(await decode(bytes, "a.jpg")).meanLuma // 0 to 255
 */
export function measureQuality(pixels: Pixels): QualityMeasures {
  const luma = lumaOf(pixels);
  return { ...brightnessOf(luma), ...sharpnessOf(pixels, luma) };
}
