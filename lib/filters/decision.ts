/** What the filters decide about one image, and on what grounds. */
import type { JudgeVerdict } from "./judge.js";
import type { QualityMeasures } from "./measures.js";
import type { QualityFault } from "./pool-truth.js";

/** The filters in the paper's order; "decode" stands before them, for pictures that cannot be read. */
export const filterStages = ["decode", "resolution and aspect", "size", "quality", "safety"] as const;
/** One of them. */
export type FilterStage = (typeof filterStages)[number];

/**
 * What becomes of an image:
 * - `kept`: every filter that ran keeps it
 * - `dropped`: one of them drops it
 * - `undecided`: the judge was asked and gave no verdict; it is neither kept nor dropped
 * - `unreadable`: there are no pixels to judge
 */
export type DecisionOutcome = "kept" | "dropped" | "undecided" | "unreadable";

/** One image's decision. */
export interface FilterDecision {
  readonly key: string;
  readonly outcome: DecisionOutcome;
  /** The stage that it did not pass; undefined where it is kept. */
  readonly stage: FilterStage | undefined;
  /** Why it did not pass: "too small", "blurred", "severe_blur", "truncated"; "" where it is kept. */
  readonly reason: string;
  /** The reason in words, where there is more to say: of text from outside. */
  readonly message: string;
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** Undefined where an earlier stage dropped it. */
  readonly measures: QualityMeasures | undefined;
  /** What the measures find, also where the judge decides. */
  readonly measuredFaults: readonly QualityFault[];
  /** Undefined where the judge was not asked. */
  readonly quality: JudgeVerdict | undefined;
  readonly safety: JudgeVerdict | undefined;
}
