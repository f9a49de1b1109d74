/** The benchmark: its rules, scores, the oracle ladder, leaderboards. */
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
export { csvCells } from "./published-table.js";
export { BENCHMARK_RULES } from "./rules.js";
export { type Saturation, saturation } from "./saturation.js";
