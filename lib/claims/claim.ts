/**
 * A claim: one number, or one fact, of the paper, with its place, its tolerance and how it can be tested.
 *
 * The files of `data/paper/` hold them by part of the paper; tables stay tables and become one claim a cell here.
 */
import { type ComparedOn, compare, type Verdict } from "./verdict.js";

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
  readonly unit?: string;
  readonly tolerance?: Tolerance;
  readonly test: ClaimTest;
  readonly on: ClaimSubject;
  readonly source: string;
  readonly note?: string;
  /** Why there is no value. */
  readonly missing?: string;
}

/** A claim that can be asked. */
export class Claim {
  readonly id: string;
  /** The part of the paper: the first word of the id. */
  readonly part: string;
  readonly place: string;
  readonly statement: string;
  readonly value: ClaimValue;
  readonly unit: string | undefined;
  readonly tolerance: Tolerance | undefined;
  readonly test: ClaimTest;
  readonly on: ClaimSubject;
  readonly source: string;

  constructor(record: ClaimRecord) {
    this.id = record.id;
    this.part = record.id.split("/", 1)[0] ?? record.id;
    this.place = record.place;
    this.statement = record.statement;
    this.value = record.value;
    this.unit = record.unit;
    this.tolerance = record.tolerance;
    this.test = record.test;
    this.on = record.on;
    this.source = record.source;
  }

  /**
   * The claimed value as a number.
   * @throws TypeError where the claim is no number
   */
  get number(): number {
    if (typeof this.value !== "number")
      throw new TypeError(`Cannot read ${this.id} as a number: the paper says ${JSON.stringify(this.value)}`);
    return this.value;
  }

  /**
   * Sets a measured value beside the claimed one.
   * @param measured in the claim's unit
   * @param options `on`: the corpus that it was measured on, or "published numbers" for a recomputation
   * @returns the verdict; shown by a cell as its last value
   * @throws TypeError where measured has another type than the claim's value, RangeError where it is not finite
   * @example claim("corpus/mean-width").compare(612.4, { on: corpus }).kind // "machinery only" on the sample
   */
  compare(measured: number | string | boolean, options: { readonly on: ComparedOn }): Verdict {
    return compare(this, measured, options.on);
  }
}
