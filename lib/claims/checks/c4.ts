/** C4: whether the splits hold all that deduplication left (Sections 2.3, 2.5). */
import { type CheckResults, value } from "./value.js";

/** The sum of the splits, and what is left over. */
export function c4(): CheckResults {
  const splits = value("corpus/train-images") + value("corpus/val-images") + value("corpus/test-images");
  return {
    "sum-of-splits": splits,
    unaccounted: value("dedup/full-corpus-rule/images-left") - splits,
  };
}
