/** The ledger at the head of the report: five figures, then every claim, folded by part of the paper. */
import { escapeHtml } from "./escape.js";
import { notebookAnchor, notebookName } from "./notebook.js";

/** What became of a claim. */
export type VerdictKind = "reproduced" | "recomputed" | "contradicted" | "machinery only" | "not run";

/** One claim of the paper and its verdict, as text for people. */
export interface LedgerRow {
  readonly id: string;
  readonly place: string;
  readonly statement: string;
  readonly kind: VerdictKind;
  readonly claimed: string;
  readonly measured?: string | undefined;
  readonly tolerance?: string | undefined;
  readonly why: string;
  readonly needs?: string | undefined;
  /** The part of the paper that the claim belongs to. */
  readonly part: string;
  /** Paths of the notebooks that compare it. */
  readonly notebooks: readonly string[];
  /** Whether a notebook asks for it at all. */
  readonly asked: boolean;
}

/** All claims, and how many there are of each verdict. */
export interface LedgerView {
  readonly counts: Readonly<Record<string, number>>;
  readonly rows: readonly LedgerRow[];
}

/** The verdicts in the order in which they are shown, each with its sign and its meaning. */
export const VERDICTS: readonly {
  readonly kind: VerdictKind;
  readonly sign: string;
  readonly meaning: string;
}[] = [
  {
    kind: "reproduced",
    sign: "✓",
    meaning: "Measured on the data that the claim speaks of, and within the stated tolerance.",
  },
  {
    kind: "recomputed",
    sign: "=",
    meaning: "Derived again from numbers that are published: a sum, a law, a correlation.",
  },
  { kind: "contradicted", sign: "✗", meaning: "Measured or derived, and outside the stated tolerance." },
  {
    kind: "machinery only",
    sign: "○",
    meaning: "The same code ran, but on other data: the value is not comparable and is not compared.",
  },
  { kind: "not run", sign: "·", meaning: "Not measured here; the row says what it would need." },
];

/**
 * The ledger as HTML.
 * @param shown paths of the notebooks that the report holds, which rows link to
 * @throws RangeError where a count is not the number of its rows, or a verdict is not known
 */
export function ledgerHtml(ledger: LedgerView, shown: readonly string[]): string {
  checkCounts(ledger);
  const names = new Set(shown.map(notebookName));
  const parts = new Map<string, LedgerRow[]>();
  for (const row of ledger.rows) parts.set(row.part, [...(parts.get(row.part) ?? []), row]);
  const unasked = ledger.rows.filter(({ asked }) => !asked).length;
  return [
    `<dl class="figures">${VERDICTS.map((verdict) => figure(verdict, ledger.counts)).join("")}</dl>`,
    `<p class="tally">${plural(ledger.rows.length, "claim")} in all. ${unaskedText(unasked)}</p>`,
    controls(ledger.rows.length),
    ...[...parts].map(([part, rows]) => partHtml(part, rows, names)),
  ].join("\n");
}

function checkCounts({ counts, rows }: LedgerView): void {
  const found = new Map<string, number>(VERDICTS.map(({ kind }) => [kind, 0]));
  for (const { kind, id } of rows) {
    const before = found.get(kind);
    if (before === undefined)
      throw new RangeError(
        `Cannot show the ledger: one of the five verdicts is needed, got ${kind} for ${id}`,
      );
    found.set(kind, before + 1);
  }
  for (const kind of new Set([...found.keys(), ...Object.keys(counts)])) {
    const stated = counts[kind] ?? 0;
    const real = found.get(kind) ?? 0;
    if (stated !== real)
      throw new RangeError(
        `Cannot show the ledger: the count of its ${real} rows "${kind}" is needed, got ${stated}`,
      );
  }
}

function figure(
  { kind, sign, meaning }: (typeof VERDICTS)[number],
  counts: Readonly<Record<string, number>>,
): string {
  return (
    `<div class="figure ${kindClass(kind)}"><dt><span class="sign" aria-hidden="true">${sign}</span> ${kind}</dt>` +
    `<dd class="count" data-kind="${kind}">${counts[kind] ?? 0}</dd><dd class="meaning">${meaning}</dd></div>`
  );
}

function unaskedText(count: number): string {
  if (count === 0) return "Every one is asked for by a notebook.";
  return count === 1
    ? "One of them is asked for by no notebook."
    : `${count.toLocaleString("en-US")} of them are asked for by no notebook.`;
}

function controls(count: number): string {
  const boxes = VERDICTS.map(
    ({ kind, sign }) =>
      `<label class="${kindClass(kind)}"><input type="checkbox" value="${kind}" checked> <span class="sign" aria-hidden="true">${sign}</span> ${kind}</label>`,
  ).join("");
  return (
    `<form class="controls needs-script" id="ledger-controls" role="search" aria-label="Filter the claims">` +
    `<input type="search" id="ledger-search" aria-label="Search the claims" placeholder="Search: id, place, words" autocomplete="off" spellcheck="false">` +
    `<fieldset><legend>Verdicts shown</legend>${boxes}</fieldset>` +
    `<p class="status"><output id="ledger-status">${plural(count, "claim")}</output> <button type="button" id="ledger-open">Open all</button></p></form>`
  );
}

function partHtml(part: string, rows: readonly LedgerRow[], shown: ReadonlySet<string>): string {
  const tally = VERDICTS.map(({ kind, sign }) => {
    const count = rows.filter((row) => row.kind === kind).length;
    return count === 0
      ? ""
      : `<span class="${kindClass(kind)}" title="${kind}"><span class="sign" aria-hidden="true">${sign}</span><span class="unseen">${kind}</span> ${count}</span>`;
  }).join(" ");
  const head = ["Verdict", "Claim", "Claimed", "Measured", "Tolerance", "Why, and its needs"]
    .map(
      (name, column) =>
        `<th scope="col"${column > 1 && column < 5 ? ' class="number-head"' : ""}>${name}</th>`,
    )
    .join("");
  return (
    `<details class="part"><summary><span class="name">${escapeHtml(part)}</span> <span class="tallies">${tally}</span></summary>` +
    `<div class="scroll" tabindex="0"><table class="claims"><caption class="unseen">Claims of ${escapeHtml(part)}</caption>` +
    `<thead><tr>${head}</tr></thead><tbody>${rows.map((row) => rowHtml(row, shown)).join("\n")}</tbody></table></div></details>`
  );
}

function rowHtml(row: LedgerRow, shown: ReadonlySet<string>): string {
  const sign = VERDICTS.find(({ kind }) => kind === row.kind)!.sign;
  const where = row.notebooks.map((path) => {
    const name = escapeHtml(notebookName(path));
    return shown.has(notebookName(path)) ? `<a href="#${notebookAnchor(path)}">${name}</a>` : name;
  });
  const asked = row.asked ? where.join(", ") : "asked for by no notebook";
  const needs = row.needs === undefined ? "" : ` <span class="needs">Needs ${escapeHtml(row.needs)}</span>`;
  return (
    `<tr data-kind="${row.kind}"><td class="verdict ${kindClass(row.kind)}"><span class="sign" aria-hidden="true">${sign}</span> ${row.kind}</td>` +
    `<td class="claim"><p class="statement">${escapeHtml(row.statement)}</p><p class="place"><code>${escapeHtml(row.id)}</code> ${escapeHtml(row.place)}${asked === "" ? "" : ` · ${asked}`}</p></td>` +
    `<td class="number" data-label="Claimed">${escapeHtml(row.claimed)}</td><td class="number" data-label="Measured">${escapeHtml(row.measured ?? "–")}</td>` +
    `<td class="number" data-label="Tolerance">${escapeHtml(row.tolerance ?? "–")}</td><td class="why">${escapeHtml(row.why)}${needs}</td></tr>`
  );
}

function kindClass(kind: VerdictKind): string {
  return `is-${kind.replace(" ", "-")}`;
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
