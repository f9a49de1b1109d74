/** A claim that can be compared with what was measured. */
import { type CompareOptions, compareClaim } from "./compare.js";
import {
  type ClaimData,
  type ClaimRecord,
  type ClaimValue,
  type TestKind,
  type Tolerance,
  typeName,
} from "./record.js";
import { notRunVerdict, type Verdict } from "./verdict.js";

/** A claim that can be compared with what was measured. `claim(id)` gives it. */
export class Claim implements ClaimRecord {
  declare readonly id: string;
  declare readonly part: string;
  declare readonly place: string;
  declare readonly statement: string;
  declare readonly value: ClaimValue;
  declare readonly unit?: string;
  declare readonly tolerance: Tolerance;
  declare readonly test: { readonly kind: TestKind; readonly needs: string };
  declare readonly on: ClaimData;
  declare readonly against?: ClaimData;
  declare readonly source: string;
  declare readonly note?: string;
  declare readonly missing?: string;
  declare readonly check?: string;
  declare readonly contradictedBy?: string;

  /** @param record a validated row of `data/paper/` */
  constructor(record: ClaimRecord) {
    Object.assign(this, record);
    Object.freeze(this);
  }

  /**
   * The claimed number, for a computation that starts from it.
   * @throws TypeError where the value is no number
   * @example claim("corpus/train-shards").number // 8000
   */
  get number(): number {
    if (typeof this.value !== "number")
      throw new TypeError(
        `Cannot compute with claim "${this.id}": a number is needed, got ${typeName(this.value)}`,
      );
    return this.value;
  }

  /**
   * Compares a measured value with the claim.
   * @param measured in the claim's unit, of the claim's type; a list of the claim's length
   * @param options `on`: the corpus that was measured, or "published numbers" where the value was derived from them
   * @returns reproduced, recomputed, contradicted, or machinery only where the data is not the claim's
   * @throws TypeError where type, unit or shape differ or the paper is silent; RangeError where a number is not finite
   * @example claim("corpus/tiers/nano/shards").compare(80, { on: "published numbers" }).kind // "recomputed"
   */
  compare(measured: Exclude<ClaimValue, null>, options: CompareOptions): Verdict {
    return compareClaim(this, measured, options);
  }

  /**
   * The verdict of a claim that nothing was measured for, with what a test would need.
   * @param why in one sentence; by default that nothing was measured
   * @example claim("table3/1.75/fd").notRun().kind // "not run"
   */
  notRun(why?: string): Verdict {
    return notRunVerdict(this, why);
  }
}
