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
export { checkMetadata, type FieldFinding, parseImageMetadata } from "./check-metadata.js";
export {
  type Corpus,
  type Corpus,
  type CorpusProgress,
  openCorpus,
  openCorpus,
  type WalkOptions,
} from "./corpus.js";
export { MAX_NAME_BYTES } from "./entry-names.js";
export { type CorpusIdentity, identify, identityAfterReading } from "./identity.js";
export {
  type CaptionType,
  captionTypes,
  type ImageMetadata,
  type ImageRecord,
  type Split,
  splits,
  type Tier,
  tiers,
} from "./image-record.js";
export { type ImageHeader, imageHeader } from "./image-size.js";
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
export { MAX_IMAGE_BYTES, MAX_JSON_BYTES, MAX_UNPAIRED, type ShardPair } from "./pairing.js";
export { type PairOptions, shardPairs } from "./pairs.js";
export {
  CorpusError,
  type CorpusProblem,
  type CorpusProblemKind,
  describeProblem,
  type ProblemTaker,
} from "./problems.js";
export { MAX_OPEN_READS, SAMPLE_CELL_BYTES, type SampleOptions, sampleShards } from "./sample-shards.js";
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
export { type CorpusVerification, type VerifyOptions, verifyCorpus } from "./verify.js";
export {
  type CorpusProgress,
  type ShardRecordOptions,
  shardRecords,
  type WalkOptions,
  walkShards,
} from "./walk.js";
