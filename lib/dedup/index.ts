/** Duplicates: exact ones, similar ones, the paper's rule for them, and how many a larger pool would hold. */

export { type ApproximateOptions, approximateJoin, type PairRecall, pairRecall } from "./approximate.js";
export { type DrawOptions, drawParts, PAPER_PARTS } from "./cluster-draws.js";
export { expectedRemovals, localBeta } from "./cluster-expectation.js";
export {
  type ClusteredPool,
  type ClusterLaw,
  type ClusterSize,
  clusteredPool,
} from "./cluster-law.js";
export {
  blockingRecall,
  type ClusterOptions,
  clusteredJoin,
  clusterRows,
  type RowClusters,
} from "./clusters.js";
export { type CurveOptions, type CurvePoint, collisionCurve } from "./collision-curve.js";
export {
  type CollisionFit,
  type CollisionFitOptions,
  type CollisionPoint,
  type Estimate,
  fitCollisions,
} from "./collision-fit.js";
export { Components, componentsOf } from "./components.js";
export {
  type CopySimilarity,
  copyQuality,
  copySimilarities,
  type KnownImage,
  type KnownPool,
  type ThresholdQuality,
} from "./copies.js";
export { type DedupInput, type Deduplication, deduplicate, type Removal } from "./deduplicate.js";
export { type DescribeOptions, type Descriptors, describeImages } from "./describe.js";
export {
  type HashedImage,
  type HashedImages,
  type HashOptions,
  hashImages,
  pixelHash,
  type UnreadImage,
} from "./exact.js";
export {
  type ExpectedPoint,
  type ExtrapolationOptions,
  type ExtrapolationStudy,
  extrapolationStudy,
} from "./extrapolation-study.js";
export { type JoinOptions, type JoinProgress, type JoinResult, similarityJoin } from "./join.js";
export { eachPair, forEachPair, pairsOf, pairsWhere, type SimilarPair, type SimilarPairs } from "./pairs.js";
export {
  H100,
  type JoinPlan,
  joinHours,
  joinPlan,
  type PlanDevice,
  type PlanOptions,
  type PlanType,
} from "./plan.js";
export {
  type CopiesInput,
  type CopiesOptions,
  type NamedRows,
  type RemovedCopies,
  removeCopies,
  rowsOfKeys,
} from "./remove-copies.js";
export { openRows, type RowFile, type RowSource, rowsInMemory } from "./row-source.js";
export { PAPER_RULE, RULE_CHOICES, type RuleChoice, type RuleOptions, ruleOptions } from "./rule-options.js";
export type { DedupImage } from "./rule-order.js";
export type { RemovalRule } from "./rule-stages.js";
export { type RuleVariant, ruleVariants } from "./rule-variants.js";
export { CALIBRATION_BINS, pairsByBin, type SimilarityBin } from "./similarity-bins.js";
export { type SplitLeak, splitLeaks } from "./split-leaks.js";
