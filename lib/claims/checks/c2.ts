/** C2: whether the collision model's N is the pool before or after the filters (Section 2.3). */
import { c1 } from "./c1.js";
import { type CheckResults, value } from "./value.js";

/** Which pool, less the predicted removals, rounds to the printed number. */
export function c2(): CheckResults {
  const removed = value("dedup/collision-model/predicted-removed-at-0.95");
  const printed = value("dedup/collision-model/predicted-left-at-0.95");
  const ofPool = value("source-pool/images") - removed;
  const ofFiltered = (c1()["after-filters"] as number) - removed;
  return {
    "left-of-pool": ofPool,
    "left-of-filtered": ofFiltered,
    "pool-rounds-as-printed": Number(ofPool.toPrecision(3)) === printed,
    "filtered-rounds-as-printed": Number(ofFiltered.toPrecision(3)) === printed,
  };
}
