/**
 * What a claim is: one number, name or wording of the paper (or of a document beside it), with how far a
 * measured value may lie from it, and what a test of it would need.
 */

/** What a claim says; null where the paper is silent. */
export type ClaimValue = number | string | boolean | null | readonly (number | string | boolean)[];

/** How far a measured number may lie from the claimed one, and why so far. */
export type Tolerance =
  | { readonly kind: "exact"; readonly reason: string }
  /** |measured - claimed| <= amount, in the claim's unit. */
  | { readonly kind: "absolute"; readonly amount: number; readonly reason: string }
  /** |measured - claimed| <= amount x |claimed|. */
  | { readonly kind: "relative"; readonly amount: number; readonly reason: string }
  /** At most half a unit of the `digits`-th decimal. */
  | { readonly kind: "rounding"; readonly digits: number; readonly reason: string };

/** How a claim can be tested, from cheapest to dearest. */
export type TestKind = "published-numbers" | "corpus" | "weights" | "gpu" | "training" | "not-testable";

/** The data that a claim speaks of. */
export interface ClaimData {
  /** "gpic", or a name that `data/paper/sources.json` describes. */
  readonly dataset: string;
  readonly revision?: string;
  readonly split?: string;
  readonly tier?: string;
}

/** Which data a value was measured on. `lib/corpus` gives one for each corpus. */
export interface CorpusIdentity {
  /** "gpic" only with evidence; "sample", "local" or any other name. */
  readonly dataset: string;
  readonly revision?: string;
  readonly split?: string;
  readonly tier?: string;
  /** Whether all of that part of the dataset is in use. */
  readonly complete: boolean;
}

/** Anything that says which data it is: a corpus, a set of features. */
export interface CorpusHandle {
  readonly identity: CorpusIdentity;
}

/** A claim as `data/paper/` holds it. */
export interface ClaimRecord {
  /** Stable, for example "corpus/train-images" or "table2/val/fd". */
  readonly id: string;
  /** The part of the ledger, for example "corpus". */
  readonly part: string;
  /** Where the source says it: section, table or figure. */
  readonly place: string;
  /** One sentence in this project's words, with the value in it. */
  readonly statement: string;
  readonly value: ClaimValue;
  /** Absent where the value has none. */
  readonly unit?: string;
  readonly tolerance: Tolerance;
  readonly test: { readonly kind: TestKind; readonly needs: string };
  readonly on: ClaimData;
  /** The reference data, where the value is a distance of two. */
  readonly against?: ClaimData;
  /** A document that `data/paper/sources.json` names. */
  readonly source: string;
  readonly note?: string;
  /** What the source does not say, where the value is null. */
  readonly missing?: string;
  /** The check whose computation gives the value, for example "C4". */
  readonly check?: string;
  /** The id of the claim that this one misquotes. */
  readonly contradictedBy?: string;
}

/** The name of a value's type, for error texts. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? `a list of ${value.length}` : `${typeof value}`;
}
