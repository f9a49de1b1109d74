/** The benchmark: its rules, scores, the oracle ladder, leaderboards. */
export { type CompareOptions, compareFeatures } from "./compare.js";
export { type DisclosureFacts, disclose, disclosureText } from "./disclosure.js";
export type { SampleSize } from "./disclosure-images.js";
export {
  type DisclosureStatements,
  readStatements,
  STATEMENT_QUESTIONS,
  type StatementName,
} from "./disclosure-statements.js";
export type { DisclosurePoint, DisclosureStatus } from "./disclosure-types.js";
export { type EvaluatedImages, type EvaluateImagesOptions, evaluateImages } from "./evaluate.js";
export { type SamplesKind, samplesKind } from "./evaluate-samples.js";
export { type WatchedImages, watchSizes } from "./evaluate-sizes.js";
export {
  couldBe,
  EXPLAINED_ROWS,
  type ExplainOptions,
  explainReference,
  type ReferenceExplanation,
  type ReferenceKind,
} from "./reference-explain.js";
export { BENCHMARK_RULES } from "./rules.js";
export {
  SCORE_NAMES,
  type Score,
  type ScoreCounts,
  type ScoreIntervals,
  type ScoreName,
  type ScoreValues,
} from "./score.js";
export { checkSameMaker, checkSides, type ScoreSides, type SideMaker } from "./score-checks.js";
export type { ImageInfluence, InfluentialImages } from "./score-images.js";
export { type SampleName, sampleName } from "./score-sample-name.js";
export type { SampleSizeEffect } from "./score-sample-size.js";
export { countOf, type OpenSideOptions, openSide, type ScoreSide } from "./score-side.js";
export { type NearestTraining, type TrainingFinding, trainingText } from "./score-training.js";
