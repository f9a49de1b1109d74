/** The ledger: every claim with its verdict, what it would need, and which notebook asked for it. */
import { allChecks } from "./checks.js";
import { loadClaims } from "./find.js";
import { misprintVerdicts } from "./misprints.js";
import { notRun, type VerdictKind, type VerdictRow, verdictKinds } from "./verdict.js";

/** The mime type under which notebook outputs carry verdicts. */
export const VERDICTS_MIME = "application/vnd.gpic-lab.verdicts+json";

/** A row of the ledger. */
export interface LedgerRow extends VerdictRow {
  readonly part: string;
  /** The notebooks that ask for this claim, by file name. */
  readonly notebooks: readonly string[];
  readonly asked: boolean;
}

/** All rows with their counts. */
export interface Ledger {
  readonly counts: Readonly<Record<VerdictKind, number>>;
  readonly rows: readonly LedgerRow[];
}

/** A notebook and the verdicts that its outputs carry. */
export interface NotebookVerdicts {
  readonly notebook: string;
  readonly rows: readonly VerdictRow[];
}

/** When several notebooks ask for one claim, the verdict that says most is the ledger's. */
const weight: Readonly<Record<VerdictKind, number>> = {
  contradicted: 4,
  reproduced: 3,
  recomputed: 2,
  "machinery only": 1,
  "not run": 0,
};

/**
 * Puts the ledger together.
 * @param collected what notebooks found; checks and misprints are computed here, all else is *not run*
 */
export function ledger(collected: readonly NotebookVerdicts[] = []): Ledger {
  const rows = new Map<string, VerdictRow>();
  for (const claim of loadClaims().values()) rows.set(claim.id, notRun(claim).toVerdictRow());
  for (const verdict of [...allChecks(), ...misprintVerdicts()])
    rows.set(verdict.claim.id, verdict.toVerdictRow());
  const askers = new Map<string, Set<string>>();
  for (const { notebook, rows: found } of collected)
    for (const row of found) {
      const known = rows.get(row.id);
      if (known === undefined) continue;
      const names = askers.get(row.id);
      if (names === undefined) askers.set(row.id, new Set([notebook]));
      else names.add(notebook);
      // a check is always computed here; a notebook can only add what was measured
      if (weight[row.kind] > weight[known.kind]) rows.set(row.id, row);
    }
  const all = [...rows.values()].map((row) => {
    const notebooks = [...(askers.get(row.id) ?? [])].sort();
    return { ...row, part: partOf(row.id), notebooks, asked: notebooks.length > 0 };
  });
  const counts = Object.fromEntries(
    verdictKinds.map((kind) => [kind, all.filter((row) => row.kind === kind).length]),
  ) as Record<VerdictKind, number>;
  return { counts, rows: all };
}

/**
 * The verdicts in a notebook's outputs. The file may come from anywhere: what is no verdict is passed over.
 * @param notebook a parsed .ipynb
 */
export function collectVerdicts(notebook: unknown): VerdictRow[] {
  const found: VerdictRow[] = [];
  for (const cell of list(field(notebook, "cells")))
    for (const output of list(field(cell, "outputs")))
      for (const row of list(field(field(field(output, "data"), VERDICTS_MIME), "rows")))
        if (isVerdictRow(row)) found.push(row);
  return found;
}

function isVerdictRow(row: unknown): row is VerdictRow {
  const texts = ["id", "place", "statement", "claimed", "why"];
  const optional = ["measured", "tolerance", "needs"];
  return (
    typeof row === "object" &&
    row !== null &&
    texts.every((name) => typeof field(row, name) === "string") &&
    optional.every((name) => ["string", "undefined"].includes(typeof field(row, name))) &&
    verdictKinds.includes(field(row, "kind") as VerdictKind)
  );
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? value[name as keyof typeof value]
    : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function partOf(id: string): string {
  return /^C\d+\//.test(id) ? "checks" : (id.split("/", 1)[0] ?? id);
}
