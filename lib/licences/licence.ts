/** What a licence is here: the result of `normaliseLicence`. */

/** The paper's four categories, what it rejects, and what nobody recognised. */
export type LicenceCategory =
  | "CC BY"
  | "CC0"
  | "Public Domain"
  | "No known restrictions"
  | "rejected"
  | "unknown";

/** Every category, the accepted four first. */
export const licenceCategories: readonly LicenceCategory[] = [
  ...(["CC BY", "CC0", "Public Domain", "No known restrictions", "rejected", "unknown"] as const),
];

/** A licence as (license, license_url) name it. */
export interface Licence {
  /** SPDX identifier, or a `LicenseRef-` of ours where SPDX has none; undefined where it was not recognised. */
  readonly spdx?: string;
  /** For people: "CC BY 3.0 DE", "Public domain"; undefined where it was not recognised. */
  readonly name?: string;
  /** Where the licence can be read: the canonical deed of a Creative Commons licence, without language. */
  readonly url?: string;
  /** "2.0", "4.0"; undefined where there is none. */
  readonly version?: string;
  /** Port of the licence, as SPDX writes it: "DE", "IGO". */
  readonly jurisdiction?: string;
  readonly category: LicenceCategory;
  /** Whether one of the paper's four categories holds it. */
  readonly permissive: boolean;
  /** Why it is permissive, or not, in one sentence. */
  readonly reason: string;
  /** Where name and URL say different things: what each says. */
  readonly disagreement?: string;
}
