/**
 * The measures as a filter: which faults a picture has, by thresholds that were chosen on the sample's pool.
 *
 * Each threshold is `testDetectors(..., { seed: 0 })`'s choice on one half of the pool, rounded (a test holds this). Of
 * the measures of a fault, the half that chose could not tell which is best, so which one is used is our choice: contrast
 * rather than entropy, which a two-coloured drawing has little of; the Laplacian at 256 px rather than at the picture's
 * own size; dark share rather than mean, and mean rather than bright share, since white grounds are common. The pool's
 * faults are strong and made: on a crawl these numbers are a start, not a finding.
 */
import { type Share, shareOf } from "../core/index.js";
import { type Detector, detectors, type LabelledPicture } from "./detectors.js";
import type { MeasureName, QualityMeasures } from "./measures.js";
import { isDropped } from "./operating-point.js";
import type { QualityFault } from "./pool-truth.js";

/** A detector with its threshold. */
export interface QualityRule extends Detector {
  readonly threshold: number;
}

/**
 * The rules in use where none are given, in the order in which a picture's first fault is named: what is too dark or too
 * bright is nearly blank as well, and what is blank is not sharp.
 */
export const QUALITY_RULES: readonly QualityRule[] = [
  rule("underexposed", "darkShare", 0.813),
  rule("overexposed", "meanLuma", 215.4),
  rule("near-blank", "contrast", 10.7),
  rule("blurred", "laplacianVarianceAt256", 55.04),
];

function rule(fault: QualityFault, measure: MeasureName, threshold: number): QualityRule {
  const detector = detectors.find((one) => one.fault === fault && one.measure === measure);
  return { ...detector!, threshold };
}

/**
 * The faults that a picture's measures show, in the order of the rules.
 * @example qualityFaults(measureQuality(black)) // ["underexposed", "near-blank", "blurred"]
 */
export function qualityFaults(
  measures: QualityMeasures,
  rules: readonly QualityRule[] = QUALITY_RULES,
): QualityFault[] {
  return rules
    .filter(({ measure, threshold, drops }) => isDropped(measures[measure], threshold, drops))
    .map(({ fault }) => fault);
}

/** How well the rules together part pictures with a fault from those without. */
export interface RulesResult {
  readonly precision: Share;
  readonly recall: Share;
  /** Pictures without a fault that the rules drop. */
  readonly wronglyDropped: readonly string[];
  /** Pictures with a fault that they keep. */
  readonly missed: readonly string[];
}

/**
 * What the rules do to pictures whose truth is known; any fault counts, not whether it is named right. On the sample's
 * pool it flatters the rules in use: half of it chose their thresholds, and we chose their measures having seen all of it.
 * @example testRules(labelled.filter(({ sizeReason }) => sizeReason === undefined)).recall
 */
export function testRules(
  pictures: readonly LabelledPicture[],
  rules: readonly QualityRule[] = QUALITY_RULES,
): RulesResult {
  const dropped = pictures.filter(({ measures }) => qualityFaults(measures, rules).length > 0);
  const right = dropped.filter(({ fault }) => fault !== undefined);
  const faulty = pictures.filter(({ fault }) => fault !== undefined);
  return {
    precision: shareOf(right.length, dropped.length),
    recall: shareOf(right.length, faulty.length),
    wronglyDropped: dropped.filter(({ fault }) => fault === undefined).map(({ key }) => key),
    missed: faulty.filter((picture) => !right.includes(picture)).map(({ key }) => key),
  };
}
