/** Reads verdicts back from a notebook's outputs, which anybody may have edited: nothing in them is trusted. */
import { loadClaims } from "./load.js";
import { type VerdictKind, type VerdictRow, verdictKinds } from "./verdict.js";

/** The mime type under which `gpic-lab/show` displays verdicts: `{ rows: VerdictRow[] }`. */
export const verdictMimeType = "application/vnd.gpic-lab.verdicts+json";

/** A verdict that a notebook's output shows. */
export interface CollectedVerdict {
  readonly notebook: string;
  readonly id: string;
  readonly kind: VerdictKind;
  readonly measured?: string;
  readonly why: string;
}

/** What a notebook's outputs say, and what of them was refused. */
export interface Collected {
  readonly verdicts: readonly CollectedVerdict[];
  /** One sentence for each row that was refused. */
  readonly problems: readonly string[];
}

/** A row's text is cut here: no honest one is longer. */
const MAX_TEXT = 500;
/** More rows than there are claims several times over are no notebook's. */
const MAX_ROWS = 20_000;

/**
 * The verdicts in a notebook's committed outputs.
 *
 * Ids and kinds are checked against the claims; statement, claimed value and tolerance are not read at all, as the
 * ledger takes them from `data/paper/`. Control characters are taken out of the rest.
 * @param notebook the parsed .ipynb
 * @param name what the ledger calls the notebook
 * @example collectVerdicts(JSON.parse(text), "01-corpus").verdicts.map(({ id }) => id)
 */
export function collectVerdicts(notebook: unknown, name: string): Collected {
  const verdicts: CollectedVerdict[] = [];
  const problems: string[] = [];
  const label = clean(name);
  let count = 0;
  for (const row of rowsOf(notebook)) {
    if (++count > MAX_ROWS) {
      problems.push(`${label}: more than ${MAX_ROWS} rows; the rest was not read`);
      break;
    }
    const problem = refusal(row);
    if (problem !== undefined) {
      problems.push(`${label}: ${problem}`);
      continue;
    }
    const { id, kind, measured, why } = row as unknown as VerdictRow;
    verdicts.push({
      notebook: label,
      id,
      kind,
      ...(typeof measured === "string" ? { measured: clean(measured) } : {}),
      why: typeof why === "string" ? clean(why) : "",
    });
  }
  return { verdicts, problems };
}

function* rowsOf(notebook: unknown): Generator<Record<string, unknown>> {
  for (const cell of list(object(notebook)?.cells))
    for (const output of list(object(cell)?.outputs)) {
      const data = object(object(output)?.data);
      if (data === undefined || !Object.hasOwn(data, verdictMimeType)) continue;
      for (const row of list(object(data[verdictMimeType])?.rows)) yield object(row) ?? {};
    }
}

function refusal(row: Record<string, unknown>): string | undefined {
  const { id, kind } = row;
  const known = typeof id === "string" ? loadClaims().get(id) : undefined;
  if (known === undefined) return `a verdict on an unknown claim "${shown(id)}"`;
  if (!verdictKinds.includes(kind as VerdictKind))
    return `an unknown verdict "${shown(kind)}" on ${known.id}`;
  if (known.value === null && kind !== "not run")
    return `"${String(kind)}" on ${known.id}, which has no value`;
  if (known.test.kind === "published-numbers" && kind === "reproduced")
    return `"reproduced" on ${known.id}, which can only be recomputed`;
  return undefined;
}

function object(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text that was refused, or what else stood in its place. */
function shown(value: unknown): string {
  return typeof value === "string" ? clean(value) : typeof value;
}

function clean(text: string): string {
  return (
    text
      .slice(0, MAX_TEXT)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "\ufffd")
  );
}
