/** The benchmark: its rules, scores, the oracle ladder, leaderboards. */

export { type BudgetShares, budgetShares, type TrainingBudget } from "./budget.js";
export { type CompareOptions, compareFeatures } from "./compare.js";
export { coverageNeighbours, type PointCounts } from "./coverage-law.js";
export { type EqualLaws, type EqualLawsOptions, equalLaws, type SimulatedValue } from "./density-law.js";
export { type DisclosureFacts, disclose, disclosureText, isComparable } from "./disclosure.js";
export type { SampleSize } from "./disclosure-images.js";
export { type DisclosureStatements, readStatements, type StatementName } from "./disclosure-statements.js";
export { countText, type DisclosurePoint, type DisclosureStatus } from "./disclosure-types.js";
export {
  countingAnswers,
  DPG_BENCH,
  type DpgPrompt,
  type DpgQuestion,
  type DpgScore,
  dpgScore,
} from "./dpg.js";
export {
  type DpgErrorLandmarks,
  type DpgModel,
  type DpgSimulationOptions,
  dependentShare,
  dpgErrorLandmarks,
  drawDpg,
  expectedDpg,
  simulateDpg,
} from "./dpg-simulation.js";
export {
  distancesByEncoder,
  type EncoderRow,
  type EncoderTable,
  encoderNames,
  encoderTable,
  type SixEncoder,
  sixEncoders,
} from "./encoder-table.js";
export { type EvaluatedImages, type EvaluateImagesOptions, evaluateImages } from "./evaluate.js";
export { type SamplesKind, samplesKind } from "./evaluate-samples.js";
export { type WatchedImages, watchSizes } from "./evaluate-sizes.js";
export {
  GENEVAL_IMAGES_PER_PROMPT,
  type GenevalImage,
  type GenevalScore,
  type GenevalShares,
  type GenevalTask,
  genevalOverall,
  genevalScore,
  genevalShares,
  genevalTasks,
} from "./geneval.js";
export {
  genevalCorrelation,
  genevalCorrelationInterval,
  genevalRightPrompts,
} from "./geneval-correlation.js";
export {
  type DrawnAgain,
  type GenevalErrorOptions,
  genevalStandardError,
  promptsNeeded,
  significantDifference,
} from "./geneval-error.js";
export { drawGeneval, type GenevalSimulationOptions, simulateGeneval } from "./geneval-simulation.js";
export { type BestSetting, bestSetting, type Parabola, parabolas, type SettingScore } from "./guidance.js";
export { type LadderLaw, type LadderStep, ladderLaw, type Rung } from "./ladder-law.js";
export {
  disjointLadder,
  type LadderOptions,
  ladderAgainst,
  type MeasuredRung,
  subsetLadder,
} from "./ladder-measured.js";
export {
  judgedModels,
  type Leaderboard,
  type LeaderboardDataset,
  type LeaderboardModel,
  type LeaderboardRow,
  leaderboard,
  leaderboardDatasets,
} from "./leaderboard.js";
export {
  agreementInPairs,
  agreementWithPeople,
  bestByPeople,
  type LowerIsBetter,
  leaveOneOut,
  type PairAgreement,
} from "./leaderboard-agreement.js";
export {
  type ChanceTest,
  chanceOfAgreement,
  exchangeTest,
  exchangeTestOver,
  type ScorePair,
} from "./leaderboard-chance.js";
export {
  agreementUnderErrors,
  type NoisyAgreement,
  type TableErrors,
  tableWithErrors,
} from "./leaderboard-noise.js";
export {
  type LadderRung,
  type OracleEncoder,
  type OracleRow,
  oracleLadder,
  oracleNames,
  oracleRows,
  type PrintedNumber,
} from "./oracle-ladder.js";
export { csvCells } from "./published-table.js";
export {
  cannotBe,
  couldBe,
  type ExplainOptions,
  explainReference,
  type ReferenceExplanation,
  type ReferenceKind,
} from "./reference-explain.js";
export type { ReferenceReading } from "./reference-readings.js";
export { BENCHMARK_RULES } from "./rules.js";
export { type Saturation, saturation } from "./saturation.js";
export {
  SCORE_NAMES,
  type Score,
  type ScoreCounts,
  type ScoreIntervals,
  type ScoreName,
  type ScoreValues,
} from "./score.js";
export type { ScoreSides } from "./score-checks.js";
export type { ImageInfluence, InfluentialImages } from "./score-images.js";
export { type SampleName, sampleName } from "./score-sample-name.js";
export type { SampleSizeEffect } from "./score-sample-size.js";
export { countOf, type OpenSideOptions, openSide, type ScoreSide } from "./score-side.js";
export {
  checkTraining,
  type NearestTraining,
  type TrainingFinding,
  type TrainingGap,
  trainingText,
} from "./score-training.js";
export type { ScoreSimulation } from "./simulated-scores.js";
export {
  H100_MEMORY_BYTES,
  H100_PEAK_OPERATIONS,
  impliedUtilisation,
  stepIntensity,
  type TrainingWork,
  type TransformerTraining,
  trainingWork,
} from "./training-work.js";
