/** Duplicates: exact ones, similar ones, the paper's rule for them, and how many a larger pool would hold. */
export { type JoinOptions, type JoinProgress, type JoinResult, similarityJoin } from "./join.js";
export { eachPair, pairsOf, pairsWhere, type SimilarPair, type SimilarPairs } from "./pairs.js";
export { openRows, type RowFile, type RowSource, rowsInMemory } from "./row-source.js";
