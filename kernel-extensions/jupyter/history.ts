/** `history_request`: the cells that this kernel has run, as tail, range or search. Nothing is kept over a restart. */
import type { HistoryEntry } from "../session/messages.js";
import { matchesGlob } from "./glob.js";

/** The number of the running kernel's session; clients also name it 0. */
const SESSION = 1;
/** How many entries a tail has where the request does not say. */
const TAIL = 1000;

type Row = [session: number, line: number, input: string | [input: string, output: null]];

/**
 * The rows that a request asks for, oldest first.
 * @param content the request's content; `output: true` gives pairs of input and output, the output always null
 */
export function historyRows(
  history: readonly HistoryEntry[],
  content: Readonly<Record<string, unknown>>,
): Row[] {
  return select(history, content).map((entry) => [
    SESSION,
    entry.executionCount,
    content.output === true ? [entry.code, null] : entry.code,
  ]);
}

function select(
  history: readonly HistoryEntry[],
  content: Readonly<Record<string, unknown>>,
): readonly HistoryEntry[] {
  switch (content.hist_access_type) {
    case "range":
      return range(history, content);
    case "search":
      return search(history, content);
    default:
      return last(history, count(content.n) ?? TAIL);
  }
}

/** From `start` up to and without `stop`, by execution count. */
function range(
  history: readonly HistoryEntry[],
  { session, start, stop }: Readonly<Record<string, unknown>>,
): readonly HistoryEntry[] {
  if (session !== undefined && session !== null && session !== 0 && session !== SESSION) return [];
  const from = count(start) ?? 0;
  const to = count(stop) ?? Number.POSITIVE_INFINITY;
  return history.filter((entry) => from <= entry.executionCount && entry.executionCount < to);
}

function search(
  history: readonly HistoryEntry[],
  { pattern, unique, n }: Readonly<Record<string, unknown>>,
): readonly HistoryEntry[] {
  const found = history.filter((entry) =>
    matchesGlob(typeof pattern === "string" ? pattern : "*", entry.code),
  );
  const latest = new Map(found.map((entry) => [entry.code, entry]));
  const kept = unique === true ? found.filter((entry) => latest.get(entry.code) === entry) : found;
  return last(kept, count(n) ?? kept.length);
}

function last(history: readonly HistoryEntry[], n: number): readonly HistoryEntry[] {
  return history.slice(Math.max(0, history.length - n));
}

function count(value: unknown): number | undefined {
  return Number.isInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}
