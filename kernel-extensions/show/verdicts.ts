/**
 * What became of the paper's claims: how many of each verdict, and each claim with what was measured.
 *
 * Besides the forms that people read the bundle carries the rows themselves (`VERDICTS_MIME`), so that the report and
 * the ledger collect them from a notebook's outputs.
 */
import { displayText } from "./display-text.js";
import { jupyterDisplay } from "./displayable.js";
import { escapeHtml } from "./escape.js";
import type { MimeBundle } from "./host.js";
import { pad } from "./text-width.js";

/** The mime type of the rows as data: `{ rows: VerdictRow[] }`. */
export const VERDICTS_MIME = "application/vnd.gpic-lab.verdicts+json";

/** What became of a claim. */
export type VerdictKind = "reproduced" | "recomputed" | "contradicted" | "machinery only" | "not run";

/** One claim and its verdict, every field ready to be read. */
export interface VerdictRow {
  readonly id: string;
  /** Where in the paper. */
  readonly place: string;
  readonly statement: string;
  readonly kind: VerdictKind;
  /** The paper's value with its unit. */
  readonly claimed: string;
  readonly measured?: string;
  readonly tolerance?: string;
  /** Why this verdict, in a sentence. */
  readonly why: string;
  /** What it would need to be run. */
  readonly needs?: string;
}

/** A value that can give its verdict as a row. */
export interface HasVerdictRow {
  toVerdictRow(): VerdictRow;
}

/** How each kind is marked: a symbol for those who see no colour, and a colour that is readable on light and dark. */
export const VERDICT_MARKS: Readonly<
  Record<VerdictKind, { readonly symbol: string; readonly colour: string }>
> = {
  reproduced: { symbol: "✓", colour: "#009E73" },
  recomputed: { symbol: "=", colour: "#0072B2" },
  contradicted: { symbol: "✗", colour: "#D55E00" },
  "machinery only": { symbol: "○", colour: "#CC79A7" },
  "not run": { symbol: "·", colour: "#888888" },
};

const KINDS = Object.keys(VERDICT_MARKS) as VerdictKind[];
const FIELD_LIMIT = 600;

/** Verdicts that are displayed when they are the last value of a cell. */
export class Verdicts {
  readonly rows: readonly VerdictRow[];

  /** Use `verdicts`. */
  constructor(rows: readonly VerdictRow[]) {
    this.rows = rows;
  }

  /** How many rows have each verdict. */
  get counts(): Readonly<Record<VerdictKind, number>> {
    const counts = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<VerdictKind, number>;
    for (const row of this.rows) counts[row.kind]++;
    return counts;
  }

  [jupyterDisplay](): MimeBundle {
    return {
      [VERDICTS_MIME]: { rows: this.rows },
      "text/html": verdictsHtml(this),
      "text/plain": verdictsText(this),
    };
  }
}

/**
 * The verdicts as a table with their counts on top.
 * @param rows rows, or values with a `toVerdictRow` method; one or an array
 * @throws {TypeError} for a row without id, or of an unknown kind
 * @example verdicts([claim("table-1.train").compare(100, { on: corpus })])
 */
export function verdicts(
  rows: VerdictRow | HasVerdictRow | readonly (VerdictRow | HasVerdictRow)[],
): Verdicts {
  const list: readonly (VerdictRow | HasVerdictRow)[] = Array.isArray(rows) ? rows : [rows];
  return new Verdicts(list.map((row) => checkRow(hasVerdictRow(row) ? row.toVerdictRow() : row)));
}

/** Whether a value can give its verdict as a row. */
export function hasVerdictRow(value: unknown): value is HasVerdictRow {
  return (
    typeof value === "object" && value !== null && typeof (value as HasVerdictRow).toVerdictRow === "function"
  );
}

function checkRow(row: VerdictRow): VerdictRow {
  for (const field of ["id", "place", "statement", "claimed", "why"] as const)
    if (typeof row[field] !== "string")
      throw new TypeError(`Cannot show a verdict: the text "${field}" is needed, got ${typeof row[field]}`);
  if (!KINDS.includes(row.kind))
    throw new TypeError(`Cannot show a verdict: one of ${KINDS.join(", ")} is needed, got "${row.kind}"`);
  return row;
}

function verdictsHtml(shown: Verdicts): string {
  const counts = KINDS.filter((kind) => shown.counts[kind] > 0).map(
    (kind) => `<strong>${shown.counts[kind]}</strong> ${badge(kind)}`,
  );
  const heads = ["verdict", "claim", "expected", "here"].map((head) => `<th scope="col"${LEFT}>${head}</th>`);
  return [
    `<table class="gpic-verdicts">`,
    `<caption${LEFT}>${counts.join(" &nbsp; ") || "no verdicts"}</caption>`,
    `<thead><tr>${heads.join("")}</tr></thead>`,
    `<tbody>\n${shown.rows.map(rowHtml).join("\n")}\n</tbody>`,
    "</table>",
  ].join("\n");
}

const LEFT = ' align="left" style="text-align:left;vertical-align:top"';

function rowHtml(row: VerdictRow): string {
  const measured =
    row.measured === undefined
      ? "–"
      : row.measured + (row.tolerance === undefined ? "" : ` (within ${row.tolerance})`);
  const why = row.needs === undefined ? row.why : `${row.why} Needs: ${row.needs}`;
  const field = (text: string): string => escapeHtml(displayText(text, FIELD_LIMIT));
  return (
    `<tr><td${LEFT}>${badge(row.kind)}</td>` +
    `<th scope="row" align="left" style="text-align:left;vertical-align:top;font-weight:normal">${field(row.statement)}<br><small>${field(row.place)} · <code>${field(row.id)}</code></small></th>` +
    `<td${LEFT}>${field(row.claimed)}</td>` +
    `<td${LEFT}>${field(measured)}<br><small>${field(why)}</small></td></tr>`
  );
}

function badge(kind: VerdictKind): string {
  const { symbol, colour } = VERDICT_MARKS[kind];
  const style = `border:1px solid ${colour};border-left:6px solid ${colour};border-radius:3px;padding:0 6px;white-space:nowrap`;
  return `<span class="gpic-badge" style="${style}">${symbol} ${kind}</span>`;
}

function verdictsText(shown: Verdicts): string {
  const counts = KINDS.filter((kind) => shown.counts[kind] > 0).map(
    (kind) => `${shown.counts[kind]} ${kind}`,
  );
  const width = Math.max(...KINDS.map((kind) => kind.length));
  const lines = shown.rows.flatMap((row) => {
    const field = (text: string): string => displayText(text, FIELD_LIMIT);
    const measured = row.measured === undefined ? "" : `, here ${field(row.measured)}`;
    const needs = row.needs === undefined ? "" : ` Needs: ${field(row.needs)}`;
    return [
      `${VERDICT_MARKS[row.kind].symbol} ${pad(row.kind, width, "right")}  ${field(row.statement)} (${field(row.place)}, ${field(row.id)})`,
      `${" ".repeat(width + 4)}expected ${field(row.claimed)}${measured}. ${field(row.why)}${needs}`,
    ];
  });
  return [counts.join(", ") || "no verdicts", ...lines].join("\n");
}
