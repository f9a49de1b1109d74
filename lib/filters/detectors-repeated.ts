/**
 * How far a detector's threshold, and what it finds, hang on which half chose: the halves drawn again and again.
 *
 * Repeated two-fold validation: the draws share their pictures, so their spread is no interval of what another pool would
 * show; it says how much of a single draw's result is luck.
 */
import { type Detector, detectors, type LabelledPicture, testDetectors } from "./detectors.js";

/** A detector over many draws of the halves. */
export interface RepeatedDetector extends Detector {
  /** Share of the faults on the halves that did not choose, over all draws. */
  readonly recall: number;
  /** Share of the dropped that has the fault, likewise. */
  readonly precision: number;
  readonly lowestThreshold: number;
  readonly highestThreshold: number;
  readonly draws: number;
}

/**
 * Draws the halves by the seeds 0, 1, ... and sums up what each detector does on those that did not choose.
 * @param draws at least 1
 * @throws RangeError as `testDetectors` does, or where draws is no whole number from 1
 * @example repeatDetectors(pictures, 100).find(({ measure }) => measure === "laplacianVariance").recall
 */
export function repeatDetectors(
  pictures: readonly LabelledPicture[],
  draws: number,
  beta: number = 1,
): RepeatedDetector[] {
  if (!Number.isSafeInteger(draws) || draws < 1)
    throw new RangeError(`Cannot draw halves: a whole number of draws from 1 is needed, got ${draws}`);
  const all = Array.from({ length: draws }, (_, seed) => testDetectors(pictures, { seed, beta }));
  return detectors.map((detector, i) => {
    const results = all.map((draw) => draw[i]!);
    const sum = (count: (result: (typeof results)[number]) => number) =>
      results.reduce((total, result) => total + count(result), 0);
    const hits = sum(({ shownOn }) => shownOn.recall.count);
    const thresholds = results.map(({ chosenOn }) => chosenOn.threshold);
    return {
      ...detector,
      recall: hits / sum(({ shownOn }) => shownOn.recall.total),
      precision: hits / sum(({ shownOn }) => shownOn.precision.total),
      lowestThreshold: Math.min(...thresholds),
      highestThreshold: Math.max(...thresholds),
      draws,
    };
  });
}
