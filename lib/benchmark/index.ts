/** The benchmark: its rules, scores, the oracle ladder, leaderboards. */
export { type BudgetShares, budgetShares, type TrainingBudget } from "./budget.js";
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
export { BENCHMARK_RULES } from "./rules.js";
export type { ScoreSimulation } from "./simulated-scores.js";
