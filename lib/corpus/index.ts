/** The corpus: shards, records, tiers and splits (the paper's section 2.5). */
export {
  type BalanceCell,
  type BalanceOptions,
  type BalanceVerdict,
  type ShardAgainstRest,
  type ShardBalance,
  shardBalance,
} from "./balance.js";
export type { CountRow } from "./balance-counts.js";
export { type DetectableDifference, detectableShare } from "./balance-power.js";
export { againstShares, type ShareAgreement, type ShareCell, type ShareOptions } from "./balance-shares.js";
export type { BalanceTest } from "./balance-tests.js";
export { type Corpus, type CorpusProgress, openCorpus, type WalkOptions } from "./corpus.js";
export { type CorpusIdentity, identify, identityAfterReading } from "./identity.js";
export {
  type CaptionType,
  captionTypes,
  type ImageMetadata,
  type ImageRecord,
  parseImageMetadata,
  type Split,
  splits,
  type Tier,
  tiers,
} from "./image-record.js";
export {
  checkNesting,
  type Nesting,
  type NestingFinding,
  type NestingKind,
  type NestingOptions,
  type NestingRecord,
  nestingKinds,
} from "./nesting.js";
export type { SplitCount, TierCount } from "./nesting-places.js";
export { type NestingSql, nestingSql } from "./nesting-sql.js";
export {
  CorpusError,
  type CorpusProblem,
  MAX_JSON_BYTES,
  type PairOptions,
  type ShardPair,
  shardPairs,
} from "./pairs.js";
export {
  chooseShards,
  findShards,
  parseShardNumbers,
  releaseShards,
  type Shard,
  type ShardChoice,
  sampleTierShards,
  shardAt,
} from "./shards.js";
export { type CorpusSummary, type CountedRecord, type ShardSummary, summarise } from "./summarise.js";
export { type CorpusSurvey, surveyCorpus } from "./survey.js";
