/** C9: whether the caption benchmark's parts and the caption shares are complete (Section 2.4, Appendix E). */
import { type CheckResults, value } from "./value.js";

/** Both sums. */
export function c9(): CheckResults {
  const sum = (folder: string, names: readonly string[]): number =>
    names.reduce((total, name) => total + value(`${folder}/${name}`), 0);
  return {
    "benchmark-images": sum("captions/microbenchmark", ["short", "medium", "long"]),
    "type-shares": sum("captions/types", ["tag", "short", "medium", "long"]),
  };
}
