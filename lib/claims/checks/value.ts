/** What a check computes with: other claims by their ids, and its results by name. */
import { claim } from "../load.js";

/** The results of a check by name; each is compared with the claim `check/ID/NAME`. */
export type CheckResults = Readonly<Record<string, number | boolean>>;

/** A check: computes its results from published numbers alone. */
export type Check = () => CheckResults;

/** The number that a claim states. */
export function value(id: string): number {
  return claim(id).number;
}
