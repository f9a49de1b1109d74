/** The corpus: shards, records, tiers and splits (the paper's section 2.5). */
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
  buildIndex,
  type IndexBuildOptions,
  type IndexBuilt,
  type IndexProgress,
} from "./index-build.js";
export type { IndexOptions } from "./index-cache.js";
export {
  type ImageRow,
  INDEX_BUILDER_VERSION,
  type IndexedRecord,
  type ProblemRow,
} from "./index-columns.js";
export type { IndexedShard, IndexManifest } from "./index-folder.js";
export { openIndex } from "./index-open.js";
export type { CorpusIndex, Queryable, QueryParameters, QueryValue } from "./index-types.js";
export {
  CorpusError,
  type CorpusProblem,
  MAX_JSON_BYTES,
  type PairOptions,
  type ShardPair,
  shardPairs,
} from "./pairs.js";
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
export {
  randomRecords,
  randomRows,
  readPicture,
  recordOf,
  type ShardHolder,
} from "./questions-sample.js";
export {
  type Bin,
  type Distribution,
  imageSizes,
  type SizeMeasure,
  sizeHistogram,
} from "./questions-sizes.js";
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
