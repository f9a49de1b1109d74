/** Duplicates: exact ones, similar ones, the paper's rule for them, and how many a larger pool would hold. */
export { Components, componentsOf } from "./components.js";
export { type DedupInput, type Deduplication, deduplicate, type Removal } from "./deduplicate.js";
export {
  type HashedImage,
  type HashedImages,
  type HashOptions,
  hashImages,
  pixelHash,
  type UnreadImage,
} from "./exact.js";
export { type JoinOptions, type JoinProgress, type JoinResult, similarityJoin } from "./join.js";
export { eachPair, pairsOf, pairsWhere, type SimilarPair, type SimilarPairs } from "./pairs.js";
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
export { type DedupImage, type ImageOrder, imageOrder } from "./rule-order.js";
export type { RemovalRule } from "./rule-stages.js";
export { type RuleVariant, ruleVariants } from "./rule-variants.js";
