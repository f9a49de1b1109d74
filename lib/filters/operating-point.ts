/**
 * Precision and recall of a measure by its threshold, and the threshold to work with.
 *
 * A detector drops what lies beyond its threshold. Precision and recall have Wilson's intervals; the operating point is
 * the one with the largest F-beta (van Rijsbergen, "Information Retrieval", 1979), and lies in the middle of the gap
 * between the two scores that it parts, since nothing at hand tells one place in the gap from another.
 */
import { type Share, shareOf } from "../core/index.js";

/** On which side of the threshold pictures are dropped; what lies on it stays. */
export type DropSide = "below" | "above";

/** A picture as a detector's test sees it. */
export interface ScoredItem {
  readonly score: number;
  readonly isFault: boolean;
}

/** What a threshold does. */
export interface ThresholdResult {
  readonly threshold: number;
  /** Of the dropped: how many have the fault. */
  readonly precision: Share;
  /** Of those with the fault: how many are dropped. */
  readonly recall: Share;
}

/**
 * What one threshold does to some pictures.
 * @throws RangeError where a score or the threshold is not a number
 * @example resultAt([{ score: 1, isFault: true }, { score: 9, isFault: false }], 5, "below").recall.share // 1
 */
export function resultAt(items: readonly ScoredItem[], threshold: number, side: DropSide): ThresholdResult {
  checkScores(items);
  if (Number.isNaN(threshold)) throw new RangeError("Cannot judge a threshold: a number is needed, got NaN");
  const dropped = items.filter(({ score }) => isDropped(score, threshold, side));
  const hits = dropped.filter(({ isFault }) => isFault).length;
  const faults = items.filter(({ isFault }) => isFault).length;
  return { threshold, precision: shareOf(hits, dropped.length), recall: shareOf(hits, faults) };
}

/** Whether a score lies beyond the threshold. */
export function isDropped(score: number, threshold: number, side: DropSide): boolean {
  return side === "below" ? score < threshold : score > threshold;
}

/**
 * Every threshold that parts the scores differently, from the one that drops least to the one that drops all.
 * @returns one result for each place between two different scores, and one beyond the last
 */
export function thresholdSweep(items: readonly ScoredItem[], side: DropSide): ThresholdResult[] {
  checkScores(items);
  const sign = side === "below" ? 1 : -1;
  const scores = [...new Set(items.map(({ score }) => score))].sort((a, b) => sign * (a - b));
  return scores.map((score, i) => {
    const next = scores[i + 1];
    const threshold = next === undefined ? score + sign : (score + next) / 2;
    return resultAt(items, threshold, side);
  });
}

/**
 * The operating point: the threshold of the largest F-beta; of equals the one that drops least.
 * @param beta above 1 recall counts more, below 1 precision does; 1 where it is left out
 * @throws RangeError where no item has the fault, or none lacks it
 * @example chooseThreshold(items, "below").threshold
 */
export function chooseThreshold(
  items: readonly ScoredItem[],
  side: DropSide,
  beta: number = 1,
): ThresholdResult {
  const faults = items.filter(({ isFault }) => isFault).length;
  if (faults === 0 || faults === items.length)
    throw new RangeError(
      `Cannot choose a threshold: items with the fault and without are needed, got ${faults} of ${items.length} with it`,
    );
  if (!(beta > 0)) throw new RangeError(`Cannot choose a threshold: beta above 0 is needed, got ${beta}`);
  let best: ThresholdResult | undefined;
  for (const result of thresholdSweep(items, side))
    if (best === undefined || fBeta(result, beta) > fBeta(best, beta)) best = result;
  return best!;
}

/**
 * The weighted harmonic mean of precision and recall, 0 where nothing is found.
 * @example fBeta(resultAt(items, 5, "below"), 1) // 1 where both are
 */
export function fBeta({ precision, recall }: ThresholdResult, beta: number): number {
  const falseDrops = precision.total - precision.count;
  const weight = beta * beta;
  const hits = (1 + weight) * recall.count;
  return hits === 0 ? 0 : hits / (hits + weight * (recall.total - recall.count) + falseDrops);
}

function checkScores(items: readonly ScoredItem[]): void {
  const wrong = items.find(({ score }) => !Number.isFinite(score));
  if (wrong !== undefined)
    throw new RangeError(`Cannot judge a threshold: scores that are finite are needed, got ${wrong.score}`);
}
