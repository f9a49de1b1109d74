/**
 * What a verdict is. Nothing is called reproduced that was not measured on the data that the claim speaks of.
 */

import { formatMeasured, formatValue } from "./format.js";
import type { ClaimRecord, ClaimValue, Tolerance } from "./record.js";

/** The five verdicts, the ones that say most first. */
export const verdictKinds = [
  "contradicted",
  "reproduced",
  "recomputed",
  "machinery only",
  "not run",
] as const satisfies readonly string[];

/** reproduced: measured on the claim's data, within tolerance. recomputed: derived from published numbers. */
export type VerdictKind = (typeof verdictKinds)[number];

/** A verdict as text, ready to be shown. */
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

/** What came of a claim. */
export interface Verdict {
  readonly kind: VerdictKind;
  readonly claim: ClaimRecord;
  /** Absent where nothing was measured. */
  readonly measured?: Exclude<ClaimValue, null>;
  /** One sentence. */
  readonly why: string;
  /** What a test on the claim's own data would need; absent where there was one. */
  readonly needs?: string;
  /** The verdict as text, for `verdicts(rows)` of `gpic-lab/show`. */
  toVerdictRow(): VerdictRow;
}

/** Makes a verdict of its parts. */
export function makeVerdict(parts: Omit<Verdict, "toVerdictRow">): Verdict {
  return Object.freeze({ ...parts, toVerdictRow: () => verdictRow(parts) });
}

/** The verdict of a claim for which nothing was measured. */
export function notRunVerdict(claim: ClaimRecord, why = "nothing was measured for it"): Verdict {
  return makeVerdict({
    kind: "not run",
    claim,
    why: claim.value === null ? `the source is silent: ${claim.missing ?? "no value"}` : why,
    needs: claim.test.needs,
  });
}

/** A tolerance in words, or undefined where the value must be met exactly. */
export function describeTolerance(tolerance: Tolerance, unit?: string): string | undefined {
  switch (tolerance.kind) {
    case "exact":
      return undefined;
    case "absolute":
      return `\u00b1 ${formatValue(tolerance.amount, unit)} (${tolerance.reason})`;
    case "relative":
      return `\u00b1 ${formatValue(tolerance.amount, "share")} of the value (${tolerance.reason})`;
    case "rounding":
      return `\u00b1 ${formatValue(0.5 * 10 ** -tolerance.digits, unit)} (${tolerance.reason})`;
  }
}

function verdictRow(verdict: Omit<Verdict, "toVerdictRow">): VerdictRow {
  const { claim, measured, needs } = verdict;
  const tolerance = describeTolerance(claim.tolerance, claim.unit);
  return {
    id: claim.id,
    place: claim.place,
    statement: claim.statement,
    kind: verdict.kind,
    claimed: formatValue(claim.value, claim.unit),
    ...(measured === undefined ? {} : { measured: formatMeasured(measured, claim.unit) }),
    ...(tolerance === undefined ? {} : { tolerance }),
    why: verdict.why,
    ...(needs === undefined ? {} : { needs }),
  };
}
