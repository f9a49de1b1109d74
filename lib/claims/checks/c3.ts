/** C3: the sizes of the collision model's subsets (Figure 6); that they double is a guess. */
import { type CheckResults, value } from "./value.js";

/** How the subsets relate to each other and to the pool. */
export function c3(): CheckResults {
  const pool = value("source-pool/images");
  const largest = value("dedup/collision-model/subset-max");
  return {
    "largest-to-smallest": largest / value("dedup/collision-model/subset-min"),
    "pool-over-1024": pool / 2 ** 10,
    "pool-over-32": pool / 2 ** 5,
    reach: pool / largest,
  };
}
