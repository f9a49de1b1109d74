/** The benchmark: its rules, scores, the oracle ladder, leaderboards. */

export { type BudgetShares, budgetShares, type TrainingBudget } from "./budget.js";
export { coverageNeighbours, expectedCoverage, type PointCounts } from "./coverage-law.js";
export { type EqualLaws, type EqualLawsOptions, equalLaws, type SimulatedValue } from "./density-law.js";
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
export {
  drawGeneval,
  type GenevalSimulationOptions,
  simulateGeneval,
} from "./geneval-simulation.js";
export {
  type BestSetting,
  bestSetting,
  type Parabola,
  parabolas,
  type SettingScore,
} from "./guidance.js";
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
export { BENCHMARK_RULES } from "./rules.js";
export { type Saturation, saturation } from "./saturation.js";
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
