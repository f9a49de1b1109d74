/** What comes of a claim: the five verdicts and the rules by which they are given. */
import { formatTolerance, formatValue } from "./format.js";
import type { ClaimRecord } from "./record.js";

/** How a claim came out. Nothing is called reproduced that was not measured on the data that the claim speaks of. */
export type VerdictKind = "reproduced" | "recomputed" | "contradicted" | "machinery only" | "not run";

/** All verdicts, in the order in which ledgers count them. */
export const verdictKinds: readonly VerdictKind[] = [
  "reproduced",
  "recomputed",
  "contradicted",
  "machinery only",
  "not run",
];

/** Which data a value was measured on, as an opened corpus says. */
export interface CorpusIdentity {
  readonly dataset: string;
  readonly revision?: string;
  readonly split?: string;
  readonly tier?: string;
  /** Whether all of that part of the dataset was in use. */
  readonly complete: boolean;
}

/** What a value was measured on. */
export type ComparedOn = "published numbers" | { readonly identity: CorpusIdentity };

/** A verdict with all its fields as text, ready to be shown. */
export interface VerdictRow {
  readonly id: string;
  readonly place: string;
  readonly statement: string;
  readonly kind: VerdictKind;
  readonly claimed: string;
  readonly measured?: string;
  readonly tolerance?: string;
  readonly why: string;
  readonly needs?: string;
}

/** A verdict on one claim. */
export class Verdict {
  readonly claim: VerdictSubject;
  readonly kind: VerdictKind;
  readonly measured: number | string | boolean | undefined;
  readonly why: string;

  constructor(claim: VerdictSubject, kind: VerdictKind, measured: Verdict["measured"], why: string) {
    this.claim = claim;
    this.kind = kind;
    this.measured = measured;
    this.why = why;
  }

  /** The verdict as text; what `gpic-lab/show` draws. */
  toVerdictRow(): VerdictRow {
    const { id, place, statement, value, unit, tolerance, needs } = this.claim;
    return {
      id,
      place,
      statement,
      kind: this.kind,
      claimed: formatValue(value, unit),
      ...(this.measured === undefined ? {} : { measured: formatValue(this.measured, unit) }),
      ...(tolerance === undefined ? {} : { tolerance: formatTolerance(tolerance, unit) }),
      why: this.why,
      ...(this.kind === "not run" || this.kind === "machinery only" ? { needs } : {}),
    };
  }
}

/** What a verdict needs to know of its claim. */
export interface VerdictSubject
  extends Pick<ClaimRecord, "id" | "place" | "statement" | "value" | "unit" | "tolerance"> {
  readonly needs: string;
}

/** The verdict on a measured value; see `Claim.compare`. */
export function compare(claim: ClaimRecord, measured: number | string | boolean, on: ComparedOn): Verdict {
  const subject = subjectOf(claim);
  if (typeof measured === "number" && !Number.isFinite(measured))
    throw new RangeError(`Cannot compare ${claim.id}: measured is a finite number, got ${measured}`);
  if (claim.value === null)
    return new Verdict(subject, "not run", undefined, "the paper gives no value to compare with");
  if (typeof measured !== typeof claim.value)
    throw new TypeError(
      `Cannot compare ${claim.id}: measured is a ${typeof claim.value} as in the paper, got a ${typeof measured}`,
    );
  if (on === "published numbers") {
    const holds = isWithin(claim, measured);
    return new Verdict(
      subject,
      holds ? "recomputed" : "contradicted",
      measured,
      holds
        ? "derived again from published numbers"
        : "derived from published numbers, outside the tolerance",
    );
  }
  const gap = differenceOfData(claim, on.identity);
  if (gap !== undefined)
    return new Verdict(subject, "machinery only", measured, `${gap}; the value is not compared`);
  const holds = isWithin(claim, measured);
  return new Verdict(
    subject,
    holds ? "reproduced" : "contradicted",
    measured,
    holds
      ? "measured on the data that the claim speaks of"
      : "measured on the data that the claim speaks of, outside the tolerance",
  );
}

/** The verdict of a claim that nothing was measured for. */
export function notRun(claim: ClaimRecord): Verdict {
  const why = claim.value === null ? "the paper is silent" : "nothing was measured";
  return new Verdict(subjectOf(claim), "not run", undefined, why);
}

/** Whether a value lies within the claim's tolerance; values that are no numbers have to be equal. */
export function isWithin(
  claim: Pick<ClaimRecord, "value" | "tolerance">,
  measured: number | string | boolean,
): boolean {
  const { value, tolerance } = claim;
  if (typeof value !== "number" || typeof measured !== "number") return measured === value;
  if (tolerance === undefined) return measured === value;
  const width = tolerance.absolute ?? tolerance.relative * Math.abs(value);
  // one unit in the last place more: a decimal tolerance such as 0.005 has no exact binary form
  return (
    Math.abs(measured - value) <=
    width + Number.EPSILON * Math.max(Math.abs(measured), Math.abs(value), width)
  );
}

function subjectOf(claim: ClaimRecord): VerdictSubject {
  const { id, place, statement, value, unit, tolerance, test } = claim;
  return { id, place, statement, value, unit, tolerance, needs: test.needs };
}

/** Why the data is not what the claim speaks of; undefined where it is. */
function differenceOfData(claim: ClaimRecord, identity: CorpusIdentity): string | undefined {
  const { on } = claim;
  if (on === "published numbers") return "the claim speaks of published numbers";
  if (identity.dataset !== on.dataset)
    return `measured on ${identity.dataset}, the claim speaks of ${on.dataset}`;
  if (on.shards !== undefined) return `the claim speaks of shard ${on.shards} alone`;
  for (const part of ["split", "tier"] as const)
    if (identity[part] !== on[part])
      return `measured on ${identity[part] ?? "all of it"}, the claim speaks of ${on[part] ?? "all of it"}`;
  return identity.complete ? undefined : `measured on a part of ${on.dataset}`;
}
