/** `gpic-lab claims`: the ledger of the paper's numbers, with the verdicts that the notebooks' outputs show. */
import { parseArgs } from "node:util";
import {
  claim,
  describeData,
  describeSource,
  type Ledger,
  type LedgerRow,
  notebookLedger,
  verdictKinds,
} from "../../lib/claims/index.js";
import { oneLine } from "../show/escape.js";
import { columns } from "./columns.js";
import { type Command, printJson, UsageError } from "./command.js";

const help = `
gpic-lab claims: the ledger of the paper's numbers

Every number of the paper is a claim. A notebook compares what it measures with the claim; the ledger shows what came
of it, or what a test would need. What follows from published numbers alone is computed at each call.

  reproduced      measured on the data that the claim speaks of, within the tolerance
  recomputed      derived again from published numbers
  contradicted    measured or derived, and outside the tolerance
  machinery only  the same code ran on other data; the value was not compared
  not run         with what it would need

usage: gpic-lab claims [--kind KIND] [--part PART] [--unasked] [--all] [--id ID] [--json]

  --kind KIND   only claims with this verdict
  --part PART   only this part of the paper
  --unasked     only claims that no notebook asks for
  --all         every claim (without a choice only the counts are printed)
  --id ID       one claim in full
  --json        the chosen rows as a list; all of them without a choice

example:
  gpic-lab claims --kind contradicted
  contradicted  misprint/1  20,000 images  200,000 images  ...
`;

/** `gpic-lab claims`. */
export const command: Command = { help, run };

async function run(args: readonly string[]): Promise<0 | 1 | 2> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kind: { type: "string" },
      part: { type: "string" },
      unasked: { type: "boolean" },
      all: { type: "boolean" },
      id: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const whole = notebookLedger();
  const { problems } = whole;
  const rows = choose(whole, values);
  if (values.json) printJson(rows);
  else if (values.id !== undefined) process.stdout.write(inFull(rows[0] as LedgerRow));
  else process.stdout.write(forPeople(whole, rows, values));
  for (const problem of problems)
    process.stderr.write(`gpic-lab: ${oneLine(problem)}; run the notebook again\n`);
  return problems.length === 0 ? 0 : 1;
}

interface Choice {
  readonly kind?: string | undefined;
  readonly part?: string | undefined;
  readonly unasked?: boolean | undefined;
  readonly all?: boolean | undefined;
  readonly id?: string | undefined;
}

function choose(whole: Ledger, choice: Choice): readonly LedgerRow[] {
  const parts = [...new Set(whole.rows.map(({ part }) => part))];
  if (choice.kind !== undefined && !verdictKinds.some((kind) => kind === choice.kind))
    throw new UsageError(
      `Cannot choose claims: KIND is one of ${verdictKinds.join(", ")}, got "${choice.kind}"`,
    );
  if (choice.part !== undefined && !parts.includes(choice.part))
    throw new UsageError(`Cannot choose claims: PART is one of ${parts.join(", ")}, got "${choice.part}"`);
  if (choice.id !== undefined) requireClaim(choice.id);
  return whole.rows.filter(
    (row) =>
      (choice.kind === undefined || row.kind === choice.kind) &&
      (choice.part === undefined || row.part === choice.part) &&
      (choice.id === undefined || row.id === choice.id) &&
      (!choice.unasked || row.notebooks.length === 0),
  );
}

function requireClaim(id: string): void {
  try {
    claim(id);
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

function forPeople(whole: Ledger, rows: readonly LedgerRow[], choice: Choice): string {
  const chosen = choice.all || choice.unasked || choice.kind !== undefined || choice.part !== undefined;
  const total = `${whole.rows.length} claims: ${verdictKinds.map((kind) => `${whole.counts[kind]} ${kind}`).join(", ")}\n`;
  const asked = `${whole.rows.length - whole.unasked.length} are asked for by a notebook, ${whole.unasked.length} by none\n`;
  if (!chosen)
    return `${total}${asked}\n${byPart(whole)}\nEvery row: gpic-lab claims --all; a part: --part PART\n`;
  const parts = [...new Set(rows.map(({ part }) => part))];
  const blocks = parts.map((part) => {
    const own = rows.filter((row) => row.part === part);
    return `\n${own[0]?.partTitle ?? part} (${part}, ${own.length})\n${columns(own.map(line))}`;
  });
  return `${total}${asked}${blocks.join("")}`;
}

function byPart(whole: Ledger): string {
  const parts = [...new Set(whole.rows.map(({ part }) => part))];
  const rows = parts.map((part) => {
    const own = whole.rows.filter((row) => row.part === part);
    return [
      part,
      String(own.length),
      ...verdictKinds.map((kind) => String(own.filter((row) => row.kind === kind).length)),
      own[0]?.partTitle ?? "",
    ];
  });
  return columns([["part", "claims", ...verdictKinds, "about"], ...rows]);
}

function line(row: LedgerRow): string[] {
  return [
    row.kind,
    row.id,
    short(row.claimed, 40),
    short(row.measured ?? "", 30),
    oneLine(row.notebooks.join(" ")) || "(no notebook)",
    row.kind === "not run" || row.kind === "machinery only"
      ? `needs: ${row.needs ?? ""}`
      : short(row.why, 90),
  ];
}

function inFull(row: LedgerRow): string {
  const { on, against, note, missing } = claim(row.id);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["claim", row.id],
    ["says", row.statement],
    ["place", row.place],
    [
      "source",
      `${row.source}${describeSource(row.source) === row.source ? "" : `: ${describeSource(row.source)}`}`,
    ],
    ["about", `${describeData(on)}${against === undefined ? "" : `, against ${describeData(against)}`}`],
    ["claimed", row.claimed],
    ["tolerance", row.tolerance ?? "exact"],
    ["missing", missing],
    ["note", note],
    ["verdict", row.kind],
    ["measured", row.measured],
    ["why", row.why],
    ["test", row.test],
    ["needs", row.needs],
    ["notebooks", row.notebooks.join(", ") || "none asks for it"],
  ];
  return facts
    .flatMap(([name, text]) => (text === undefined ? [] : [`${name.padEnd(10)} ${oneLine(text)}\n`]))
    .join("");
}

function short(text: string, length: number): string {
  const line = oneLine(text);
  return line.length <= length ? line : `${line.slice(0, length - 1)}\u2026`;
}
