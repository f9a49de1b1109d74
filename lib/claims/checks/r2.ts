/** R2: how far six encoders agree on 31 generators (arXiv:2604.28190v1), beside the eight of Appendix B.3. */

import { distancesByEncoder, encoderTable } from "../../benchmark/index.js";
import { kendallW, meanPairwise } from "../../core/index.js";
import type { CheckResults } from "./value.js";

/** Kendall's W, which the ties of two columns hardly change, and the mean pairwise Pearson correlation. */
export function r2(): CheckResults {
  const distances = distancesByEncoder(encoderTable().generators);
  const { w, wUncorrected } = kendallW(distances);
  return {
    "kendall-w": wUncorrected,
    "kendall-w-corrected": w,
    "mean-pearson": meanPairwise(distances),
  };
}
