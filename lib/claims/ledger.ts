/** The ledger: every claim with its verdict, and which notebook asked for it. */
import type { Claim } from "./claim.js";
import type { CollectedVerdict } from "./collect.js";
import { loadClaims, partTitle } from "./load.js";
import type { TestKind } from "./record.js";
import { notRunVerdict, type Verdict, type VerdictKind, type VerdictRow, verdictKinds } from "./verdict.js";

/** A claim's line in the ledger. */
export interface LedgerRow extends VerdictRow {
  readonly part: string;
  readonly partTitle: string;
  readonly source: string;
  readonly test: TestKind;
  /** The notebooks that ask for it; empty where none does. */
  readonly notebooks: readonly string[];
}

/** All claims and their verdicts. */
export interface Ledger {
  /** In the order of the paper. */
  readonly rows: readonly LedgerRow[];
  readonly counts: Readonly<Record<VerdictKind, number>>;
  /** The ids of the claims that no notebook asks for. */
  readonly unasked: readonly string[];
}

/**
 * Makes the ledger. Where a claim has several verdicts the row shows the one that says most, a contradiction before all.
 * @param verdicts those of this process, and those that `collectVerdicts` read from notebooks
 * @throws RangeError where a verdict is on an unknown claim
 * @example ledger({ verdicts: derivedVerdicts() }).counts.contradicted // 4
 */
export function ledger({ verdicts }: { readonly verdicts: readonly (Verdict | CollectedVerdict)[] }): Ledger {
  const claims = loadClaims();
  const byClaim = new Map<string, (Verdict | CollectedVerdict)[]>();
  for (const verdict of verdicts) {
    const id = idOf(verdict);
    if (!claims.has(id))
      throw new RangeError(`Cannot make a ledger: verdicts are on known claims, got "${id.slice(0, 80)}"`);
    byClaim.set(id, [...(byClaim.get(id) ?? []), verdict]);
  }
  const rows = [...claims.values()].map((claim) => ledgerRow(claim, byClaim.get(claim.id) ?? []));
  const counts = Object.fromEntries(verdictKinds.map((kind) => [kind, 0])) as Record<VerdictKind, number>;
  for (const { kind } of rows) counts[kind] += 1;
  return {
    rows,
    counts,
    unasked: rows.filter(({ notebooks }) => notebooks.length === 0).map(({ id }) => id),
  };
}

function ledgerRow(claim: Claim, verdicts: readonly (Verdict | CollectedVerdict)[]): LedgerRow {
  const [best] = [...verdicts].sort((a, b) => verdictKinds.indexOf(a.kind) - verdictKinds.indexOf(b.kind));
  const notebooks = [...new Set(verdicts.flatMap((one) => ("notebook" in one ? [one.notebook] : [])))].sort();
  return {
    ...rowOf(claim, best),
    part: claim.part,
    partTitle: partTitle(claim.part),
    source: claim.source,
    test: claim.test.kind,
    notebooks,
  };
}

function rowOf(claim: Claim, verdict: Verdict | CollectedVerdict | undefined): VerdictRow {
  const blank = notRunVerdict(claim).toVerdictRow();
  if (verdict === undefined) return blank;
  if ("claim" in verdict) return verdict.toVerdictRow();
  const { needs, ...row } = blank;
  const open = verdict.kind === "machinery only" || verdict.kind === "not run";
  return {
    ...row,
    kind: verdict.kind,
    ...(verdict.measured === undefined ? {} : { measured: verdict.measured }),
    why: verdict.why,
    ...(open && needs !== undefined ? { needs } : {}),
  };
}

function idOf(verdict: Verdict | CollectedVerdict): string {
  return "claim" in verdict ? verdict.claim.id : verdict.id;
}
