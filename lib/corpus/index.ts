/** The corpus: shards, records, tiers and splits (the paper's section 2.5). */

export {
  type BalanceCell,
  type BalanceOptions,
  type BalanceVerdict,
  type ShardAgainstRest,
  type ShardBalance,
  shardBalance,
} from "./balance.js";
export type { CategoryCount } from "./balance-counts.js";
export { type DetectableDifference, detectableShare } from "./balance-power.js";
export { againstShares, type ShareAgreement, type ShareCell, type ShareOptions } from "./balance-shares.js";
export type { BalanceTest } from "./balance-tests.js";
export { checkMetadata, type FieldFinding, parseImageMetadata } from "./check-metadata.js";
export { type Corpus, type DrawOptions, openCorpus } from "./corpus.js";
export { creditedImages } from "./credited-images.js";
export { MAX_NAME_BYTES } from "./entry-names.js";
export {
  describeHub,
  GPIC_REPOSITORY,
  type HubShard,
  type HubShards,
  hubShards,
  identifyHub,
} from "./hub-shards.js";
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
export { buildIndex, type IndexBuildOptions, type IndexBuilt, type IndexProgress } from "./index-build.js";
export { type IndexOptions, lastingName } from "./index-cache.js";
export { type ImageRow, INDEX_BUILDER_VERSION, type ProblemRow } from "./index-columns.js";
export type { IndexedShard, IndexManifest } from "./index-folder.js";
export { openIndex } from "./index-open.js";
export type { CorpusIndex, Queryable, QueryParameters, QueryValue } from "./index-types.js";
export { type HubCorpusName, isHubName, parseHubName } from "./name.js";
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
export {
  type CountedBy,
  type CountRow,
  countByShard,
  countImages,
  countProblems,
  listProblems,
  rowsOf,
  type Totals,
  totals,
} from "./questions.js";
export {
  type CaptionLengths,
  CLIP_CONTEXT_TOKENS,
  captionLengthCounts,
  captionLengths,
  type LengthMeasure,
  lengthMeasures,
  type RepeatedCaptions,
  repeatedCaptions,
} from "./questions-captions.js";
export { type DuplicateGroup, duplicateKeys, exactDuplicates } from "./questions-duplicates.js";
export { randomRecords, randomRows, readPicture, recordOf, type ShardHolder } from "./questions-sample.js";
export {
  type Bin,
  type Distribution,
  imageSizes,
  type SizeMeasure,
  sizeHistogram,
} from "./questions-sizes.js";
export { type PoolImage, samplePool } from "./sample-pool.js";
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
export { type CorpusSummary, type CorpusSurvey, type ShardSummary, surveyCorpus } from "./survey.js";
export { type CorpusVerification, type VerifyOptions, verifyCorpus } from "./verify.js";
export {
  type CorpusProgress,
  type ShardRecordOptions,
  shardRecords,
  type WalkOptions,
  walkShards,
} from "./walk.js";
