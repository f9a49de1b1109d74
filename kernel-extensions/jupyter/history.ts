/** The history of the running kernel, as `history_request` asks for it. */
import type { HistoryEntry } from "../session/messages.js";

/** One row of a history reply: session (always 0, the running one), line, and the input or [input, output]. */
export type HistoryRow = [number, number, string | [string, null]];

/**
 * Selects entries by `hist_access_type`: `tail` (the last n), `range` (from start up to, not including, stop) or
 * `search` (those that match a glob `pattern` whole, the last n, each text once where `unique`).
 */
export function selectHistory(
  history: readonly HistoryEntry[],
  request: Readonly<Record<string, unknown>>,
): HistoryRow[] {
  const last = typeof request.n === "number" && request.n >= 0 ? request.n : undefined;
  let chosen: readonly HistoryEntry[];
  if (request.hist_access_type === "range") {
    const start = typeof request.start === "number" ? request.start : 1;
    const stop = typeof request.stop === "number" ? request.stop : Number.POSITIVE_INFINITY;
    const sameSession = request.session === undefined || request.session === 0;
    chosen = sameSession
      ? history.filter(({ executionCount }) => executionCount >= start && executionCount < stop)
      : [];
  } else {
    chosen = history;
    if (request.hist_access_type === "search") {
      const matches = globMatcher(typeof request.pattern === "string" ? request.pattern : "*");
      chosen = history.filter(({ code }) => matches(code));
      if (request.unique === true)
        chosen = chosen.filter(({ code }, i) => chosen.findLastIndex((other) => other.code === code) === i);
    }
    if (last !== undefined) chosen = last === 0 ? [] : chosen.slice(-last);
  }
  return chosen.map(({ executionCount, code }) => [
    0,
    executionCount,
    request.output === true ? [code, null] : code,
  ]);
}

/** `*` stands for any text and `?` for one character, as in IPython; matched without backtracking explosions. */
function globMatcher(pattern: string): (text: string) => boolean {
  const parts = pattern.split(/\*+/);
  return (text) => {
    const [head = "", ...rest] = parts;
    if (rest.length === 0) return text.length === head.length && matchesAt(text, head, 0);
    if (!matchesAt(text, head, 0)) return false;
    const tail = rest.pop() ?? "";
    let at = head.length;
    for (const part of rest) {
      while (at <= text.length - part.length && !matchesAt(text, part, at)) at++;
      if (at > text.length - part.length) return false;
      at += part.length;
    }
    return text.length - tail.length >= at && matchesAt(text, tail, text.length - tail.length);
  };
}

function matchesAt(text: string, part: string, at: number): boolean {
  for (let i = 0; i < part.length; i++) if (part[i] !== "?" && part[i] !== text[at + i]) return false;
  return at + part.length <= text.length;
}
