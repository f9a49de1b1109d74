/**
 * The microbenchmark's score: the mean of each axis over the captions on which it applies, with its interval.
 *
 * The paper prints means and no interval, and does not say whether it averages over captions or over the three types
 * (silence 7): both are here. The interval is Student's; scores of 0, 1 and 2 over some hundred captions are many enough.
 */
import { type Interval, studentQuantile } from "../core/index.js";
import type { CaptionType } from "../corpus/index.js";
import { type JudgeAxis, type JudgeScores, judgeAxes } from "./caption-judge.js";

/** One caption that was put to the judge. */
export interface JudgedCaption {
  readonly captionType: CaptionType;
  /** Undefined where the judge gave none. */
  readonly scores: JudgeScores | undefined;
}

/** The mean of an axis. */
export interface AxisScore {
  readonly axis: JudgeAxis;
  /** Captions on which it applies. */
  readonly captions: number;
  readonly notApplicable: number;
  /** Captions with 0, 1 and 2. */
  readonly counts: readonly [number, number, number];
  /** From 0 to 2; NaN where it applies to none. */
  readonly mean: number;
  /** Of the mean, within 0 and 2; all of that below two captions. */
  readonly interval: Interval;
}

/** Every axis, over captions and by type. */
export interface MicrobenchmarkScore {
  /** Captions with scores: all that the means are about. */
  readonly captions: number;
  /** Captions without; they are in no mean, and need not be like the others. */
  readonly unjudged: number;
  readonly confidence: number;
  /** Each caption counts the same. */
  readonly overCaptions: readonly AxisScore[];
  readonly byType: readonly { readonly captionType: CaptionType; readonly axes: readonly AxisScore[] }[];
  /** Each type counts the same: the mean of its means, over the types on which the axis applies at all. */
  readonly overTypes: readonly { readonly axis: JudgeAxis; readonly types: number; readonly mean: number }[];
}

/**
 * Scores a model's judged captions, such as those of `judgeCaptions`.
 * @param confidence of the intervals, between 0 and 1
 * @example scoreMicrobenchmark(judged).overCaptions[0] // { axis: "overall_summary", mean: 1.68, interval: ..., ... }
 */
export function scoreMicrobenchmark(
  asked: readonly JudgedCaption[],
  confidence: number = 0.95,
): MicrobenchmarkScore {
  const judged = asked.flatMap(({ captionType, scores }) =>
    scores === undefined ? [] : [{ captionType, scores }],
  );
  const types = [...new Set(judged.map(({ captionType }) => captionType))].sort();
  const axesOf = (some: readonly Scored[]) => judgeAxes.map((axis) => axisScore(axis, some, confidence));
  const byType = types.map((captionType) => ({
    captionType,
    axes: axesOf(judged.filter((one) => one.captionType === captionType)),
  }));
  return {
    ...{ captions: judged.length, unjudged: asked.length - judged.length, confidence },
    ...{ overCaptions: axesOf(judged), byType },
    overTypes: judgeAxes.map((axis, i) => {
      const means = byType.map(({ axes }) => axes[i]!.mean).filter((mean) => !Number.isNaN(mean));
      return { axis, types: means.length, mean: means.reduce((sum, mean) => sum + mean, 0) / means.length };
    }),
  };
}

interface Scored {
  readonly captionType: CaptionType;
  readonly scores: JudgeScores;
}

function axisScore(axis: JudgeAxis, judged: readonly Scored[], confidence: number): AxisScore {
  const counts: [number, number, number] = [0, 0, 0];
  for (const { scores } of judged) {
    const score = scores[axis];
    if (score !== null) counts[score]++;
  }
  const captions = counts[0] + counts[1] + counts[2];
  const mean = (counts[1] + 2 * counts[2]) / captions;
  const squares = counts.reduce((sum, count, score) => sum + count * (score - mean) ** 2, 0);
  const half =
    captions < 2
      ? Number.POSITIVE_INFINITY
      : studentQuantile((1 + confidence) / 2, captions - 1) * Math.sqrt(squares / (captions - 1) / captions);
  return {
    ...{ axis, captions, notApplicable: judged.length - captions, counts, mean },
    interval:
      captions < 2 ? { low: 0, high: 2 } : { low: Math.max(0, mean - half), high: Math.min(2, mean + half) },
  };
}
