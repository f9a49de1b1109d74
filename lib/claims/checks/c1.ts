/** C1: what the stages removed, against what the collision model predicted (Sections 2.2, 2.3). */
import { type CheckResults, value } from "./value.js";

/** What filters and deduplication removed. */
export function c1(): CheckResults {
  const removed =
    value("filtering/extreme-resolution-or-aspect-removed-share-approx") +
    value("filtering/quality-removed-share-approx") +
    value("filtering/safety-removed-share-approx");
  const filtered = value("source-pool/images") * (1 - removed);
  const duplicates = filtered - value("dedup/full-corpus-rule/images-left");
  return {
    "after-filters": filtered,
    "small-or-duplicate": duplicates,
    "below-prediction": 1 - duplicates / value("dedup/collision-model/predicted-removed-at-0.95"),
  };
}
