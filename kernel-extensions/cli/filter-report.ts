/** What `gpic-lab filter` prints: a table for people, the same as JSON. */
import type { FilterDecision, FilterTally } from "../../lib/filters/index.js";
import { oneLine } from "../show/escape.js";
import { columns } from "./columns.js";

/** Images that are listed by name; all of them are in --out. */
const MOST_LISTED = 20;
/** The same of --json: a document that is read whole, and a run that must not hold millions of decisions. */
export const MOST_LISTED_JSON = 1000;

/** What a run of the filters came to. */
export interface FilterReport {
  readonly set: string;
  readonly tally: FilterTally;
  /** The first images that are not kept, at most `MOST_LISTED_JSON`. */
  readonly removed: readonly FilterDecision[];
  readonly judge: { readonly ran: boolean; readonly why: string; readonly model: string | null };
  readonly out: string | undefined;
  readonly seconds: number;
}

/** The report as JSON. */
export function filterJson({ tally, removed, judge, out, seconds }: FilterReport): object {
  const { kappa, table } = tally.agreement;
  return {
    images: tally.images,
    ...{ kept: tally.count("kept"), dropped: tally.count("dropped") },
    ...{ undecided: tally.count("undecided"), unreadable: tally.count("unreadable") },
    funnel: tally.funnel,
    judge,
    agreement: kappa === undefined ? null : { ...kappa, kappa: finite(kappa.kappa), table },
    removed: removed.map(({ key, outcome, stage, reason }) => ({ key, outcome, stage, reason })),
    removedLeftOut: removedCount(tally) - removed.length,
    ...{ out: out ?? null, seconds },
  };
}

/** The report as a table. */
export function filterTable({ set, tally, removed, judge, out, seconds }: FilterReport): string {
  const counts = (["kept", "dropped", "undecided", "unreadable"] as const)
    .map((outcome) => `${tally.count(outcome)} ${outcome}`)
    .join(", ");
  const rows = tally.funnel.map(({ stage, in: before, out: after, reasons }) => {
    const why = Object.entries(reasons).map(([reason, count]) => `${count} ${reason}`);
    const isSkipped = stage === "safety" && !judge.ran;
    return [stage, String(before), String(after), isSkipped ? "not judged" : why.join(", ")];
  });
  const listed = removed.slice(0, MOST_LISTED).map(({ key, outcome, stage, reason, message }) => {
    const more = outcome === "dropped" || message === "" ? "" : ` (${message})`;
    return [shortKey(key), outcome, stage ?? "", `${reason}${more}`];
  });
  const rest = removedCount(tally) - listed.length;
  return [
    `${oneLine(set)}: ${counts}, ${seconds.toFixed(1)} s\n`,
    columns([["stage", "in", "out", "what goes"], ...rows]),
    `${judgeText(judge)}\n`,
    agreementText(tally),
    listed.length > 0 ? `\n${columns([["image", "outcome", "stage", "why"], ...listed])}` : "",
    rest > 0 ? `  and ${rest} more: --out lists all\n` : "",
    out === undefined ? "" : `every decision: ${oneLine(out)}\n`,
  ].join("");
}

function removedCount(tally: FilterTally): number {
  return tally.images - tally.count("kept");
}

function judgeText({ ran, why, model }: FilterReport["judge"]): string {
  if (ran) return `judge: ${oneLine(model ?? "")}, by prompts of our own; the paper's are not published`;
  return `judge: did not run (${why}). Quality is by measures alone, and nothing was judged for safety`;
}

function agreementText(tally: FilterTally): string {
  const { kappa, table } = tally.agreement;
  if (kappa === undefined) return "";
  const [[both, judgeOnly] = [], [measuresOnly, neither] = []] = table;
  const value = Number.isFinite(kappa.kappa)
    ? `kappa ${kappa.kappa.toFixed(2)} [${kappa.low.toFixed(2)}, ${kappa.high.toFixed(2)}]`
    : "kappa undefined, as both say the same of every image";
  return `measures and judge on quality: ${value}; both drop ${neither}, judge alone ${judgeOnly}, measures alone ${measuresOnly}, neither ${both}\n`;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function shortKey(key: string): string {
  return /^[0-9a-f]{64}$/.test(key) ? key.slice(0, 12) : key;
}
