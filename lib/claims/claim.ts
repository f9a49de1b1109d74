/**
 * A claim: one number, or one fact, of the paper, with its place, its tolerance and how it can be tested.
 *
 * The files of `data/paper/` hold them by part of the paper; tables stay tables and become one claim a cell here.
 */
import type { ClaimRecord, ClaimSubject, ClaimTest, ClaimValue, Tolerance } from "./record.js";
import { type ComparedOn, compare, type Verdict } from "./verdict.js";

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
