/** C7: bytes a shard and bytes an image (Section 1). */
import { c4 } from "./c4.js";
import { type CheckResults, value } from "./value.js";

/** Gigabytes a train shard, kilobytes an image. */
export function c7(): CheckResults {
  const bytes = value("corpus/size-tb") * 1e12;
  return {
    "per-shard": bytes / value("corpus/train-shards") / 1e9,
    "per-image": bytes / (c4()["sum-of-splits"] as number) / 1e3,
  };
}
