/** The form of a claim: the fields that the files of `data/paper/` hold, and what each can say. */

/** What a claim can say: a number, a text, yes or no, a list or record of them; null where the paper is silent. */
export type ClaimValue =
  | number
  | string
  | boolean
  | null
  | readonly unknown[]
  | { readonly [name: string]: unknown };

/** How far a measured value may lie from the claimed one, and why so far. */
export type Tolerance =
  | { readonly absolute: number; readonly relative?: undefined; readonly why: string }
  | { readonly relative: number; readonly absolute?: undefined; readonly why: string };

/** Which data a claim speaks of: numbers that were published, or a dataset and the part of it. */
export type ClaimSubject =
  | "published numbers"
  | { readonly dataset: string; readonly split?: string; readonly tier?: string; readonly shards?: string };

/** How a claim can be tested. */
export interface ClaimTest {
  readonly kind: "corpus" | "published numbers" | "gpu" | "training" | "not testable";
  /** What it takes. */
  readonly needs: string;
}

/** The fields of a claim as the files of `data/paper/` hold them. */
export interface ClaimRecord {
  /** Stable: `part/what`, such as `corpus/mean-width` or `table2/val/fd`. */
  readonly id: string;
  readonly place: string;
  readonly statement: string;
  readonly value: ClaimValue;
  readonly unit?: string | undefined;
  readonly tolerance?: Tolerance | undefined;
  readonly test: ClaimTest;
  readonly on: ClaimSubject;
  readonly source: string;
  readonly note?: string;
  /** Why there is no value. */
  readonly missing?: string;
}
