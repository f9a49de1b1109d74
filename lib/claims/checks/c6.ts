/** C6: mean area against the product of the mean sides (Section 1). */
import { c4 } from "./c4.js";
import { type CheckResults, value } from "./value.js";

/** E[hw] = E[h] E[w] + cov(h, w), so the difference is the covariance. */
export function c6(): CheckResults {
  const area = value("corpus/total-pixels") / (c4()["sum-of-splits"] as number);
  const product = value("corpus/mean-height-px") * value("corpus/mean-width-px");
  return { "mean-pixels": area, "product-of-means": product, covariance: area - product };
}
