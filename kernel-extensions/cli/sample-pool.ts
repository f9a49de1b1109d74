/** The word by which commands know the pool of the sample. */
import { packageFile } from "../../lib/io/index.js";

/** What the word "sample-pool" names; any other word is a name as it is. */
export function samplePoolOr(name: string): string {
  return name === "sample-pool" ? packageFile("data", "sample", "pool") : name;
}
