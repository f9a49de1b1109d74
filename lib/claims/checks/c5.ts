/** C5: tiers as shards times images a shard (Section 2.5). */
import { type CheckResults, value } from "./value.js";

/** The images that each tier's shards hold. */
export function c5(): CheckResults {
  const perShard = value("corpus/images-per-train-shard-approx");
  return {
    full: value("corpus/tiers/full/shards") * perShard,
    lite: value("corpus/tiers/lite/shards") * perShard,
    nano: value("corpus/tiers/nano/shards") * perShard,
  };
}
