/** The detectors of faults, and how well each does on the pool whose truth is known. */
import type { MeasureName, QualityMeasures } from "./measures.js";
import {
  chooseThreshold,
  type DropSide,
  resultAt,
  type ScoredItem,
  type ThresholdResult,
} from "./operating-point.js";
import { type QualityFault, splitHalves } from "./pool-truth.js";

/** A measure that stands for a fault. */
export interface Detector {
  readonly fault: QualityFault;
  readonly measure: MeasureName;
  readonly drops: DropSide;
}

/** Every pair of fault and measure that is compared. */
export const detectors: readonly Detector[] = [
  { fault: "near-blank", measure: "entropyBits", drops: "below" },
  { fault: "near-blank", measure: "contrast", drops: "below" },
  { fault: "blurred", measure: "laplacianVariance", drops: "below" },
  { fault: "blurred", measure: "laplacianVarianceAt256", drops: "below" },
  { fault: "blurred", measure: "blurAt256", drops: "above" },
  { fault: "underexposed", measure: "darkShare", drops: "above" },
  { fault: "underexposed", measure: "meanLuma", drops: "below" },
  { fault: "overexposed", measure: "brightShare", drops: "above" },
  { fault: "overexposed", measure: "meanLuma", drops: "above" },
];

/** A measured picture whose truth is known. */
export interface LabelledPicture {
  readonly key: string;
  /** The photograph that it is, or was made of. */
  readonly sourceKey: string;
  readonly fault: QualityFault | undefined;
  readonly measures: QualityMeasures;
}

/** A detector's operating point, and what it does on pictures that did not choose it. */
export interface DetectorResult extends Detector {
  /** On the half that chose the threshold: too good, as always where one chooses and looks at once. */
  readonly chosenOn: ThresholdResult;
  /** On the other half. */
  readonly shownOn: ThresholdResult;
  readonly seed: number | string;
}

/**
 * The pictures as a detector's test takes them: those with its fault against those with none. Pictures with another
 * fault are left out, since a blank picture that the detector of darkness drops is no loss.
 */
export function scoredFor({ fault, measure }: Detector, pictures: readonly LabelledPicture[]): ScoredItem[] {
  return pictures
    .filter((picture) => picture.fault === undefined || picture.fault === fault)
    .map((picture) => ({ score: picture.measures[measure], isFault: picture.fault === fault }));
}

/**
 * Chooses each detector's threshold on one half of the pictures and shows it on the other.
 * @param pictures such as those of the pool that the rules of size keep
 * @param options.seed of the halves; options.beta of the choice, see `chooseThreshold`
 * @throws RangeError where a half has no picture with the fault
 * @example testDetectors(pictures, { seed: 0 })[0].shownOn.recall
 */
export function testDetectors(
  pictures: readonly LabelledPicture[],
  { seed, beta = 1 }: { readonly seed: number | string; readonly beta?: number },
): DetectorResult[] {
  const halves = splitHalves(
    pictures.map((picture) => ({ ...picture, group: picture.sourceKey, stratum: picture.fault ?? "" })),
    seed,
  );
  return detectors.map((detector) => {
    const chosenOn = chooseThreshold(scoredFor(detector, halves.chosenOn), detector.drops, beta);
    const shownOn = resultAt(scoredFor(detector, halves.shownOn), chosenOn.threshold, detector.drops);
    return { ...detector, chosenOn, shownOn, seed };
  });
}
