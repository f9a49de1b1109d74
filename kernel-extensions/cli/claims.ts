/** `gpic-lab claims`: the ledger of the paper's numbers. */
import { parseArgs } from "node:util";
import { type LedgerRow, ledger, notebookVerdicts, silences, verdictKinds } from "../../lib/claims/index.js";
import { type Command, printJson, UsageError } from "./command.js";

export const command: Command = {
  help: `
gpic-lab claims [--kind KIND] [--part PART] [--unasked] [--id ID] [--all] [--silences] [--json]

The ledger: every number of the paper with its verdict, and what it would need.
Without a choice it prints the counts and every claim that has a verdict other than "not run".

  --kind KIND    reproduced, recomputed, contradicted, "machinery only" or "not run"
  --part PART    corpus, dedup, captions, table2, checks, ... (the first word of the ids)
  --unasked      only claims that no notebook asks for
  --id ID        one claim, with everything that is known of it
  --all          every claim
  --silences     where the paper is silent, and what was chosen here
  --json         a list of rows

example:
  $ gpic-lab claims --id corpus/train-images
  corpus/train-images   not run
    The train split holds 100 million images (Section 2.5)
    paper      100,000,000 images, ± 500,000 images (rounding of the last printed digit)
    needs      the 8,000 train shards
`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        kind: { type: "string" },
        part: { type: "string" },
        unasked: { type: "boolean" },
        id: { type: "string" },
        all: { type: "boolean" },
        silences: { type: "boolean" },
        json: { type: "boolean" },
      },
    });
    if (values.silences) return printSilences(values.json === true);
    const { rows, counts } = ledger(notebookVerdicts());
    const known = verdictKinds.find((kind) => kind === values.kind);
    if (values.kind !== undefined && known === undefined)
      throw new UsageError(`--kind is one of ${verdictKinds.join(", ")}, got "${values.kind}"`);
    const parts = [...new Set(rows.map((row) => row.part))];
    if (values.part !== undefined && !parts.includes(values.part))
      throw new UsageError(`--part is one of ${parts.join(", ")}, got "${values.part}"`);
    const chosen = rows.filter(
      (row) =>
        (known === undefined || row.kind === known) &&
        (values.part === undefined || row.part === values.part) &&
        (values.unasked !== true || !row.asked) &&
        (values.id === undefined || row.id === values.id),
    );
    if (values.id !== undefined && chosen.length === 0)
      throw new UsageError(`no claim has the id "${values.id}"`);
    if (values.json) printJson(chosen);
    else if (values.id !== undefined) process.stdout.write(chosen.map(details).join("\n"));
    else {
      const selective =
        known !== undefined || values.part !== undefined || values.unasked === true || values.all === true;
      const listed = selective ? chosen : chosen.filter((row) => row.kind !== "not run");
      process.stdout.write(
        overview(counts, rows) + listing(listed) + (selective ? "" : hint(counts["not run"])),
      );
    }
    return 0;
  },
};

function overview(counts: Readonly<Record<string, number>>, rows: readonly LedgerRow[]): string {
  const unasked = rows.filter((row) => !row.asked).length;
  const lines = verdictKinds.map((kind) => `${String(counts[kind]).padStart(6)}  ${kind}`);
  return `${rows.length.toLocaleString("en-US")} claims; ${unasked.toLocaleString("en-US")} of them no notebook asks for yet\n${lines.join("\n")}\n\n`;
}

function listing(rows: readonly LedgerRow[]): string {
  const idWidth = Math.max(0, ...rows.map((row) => row.id.length));
  return rows
    .map((row) => {
      const here = row.measured === undefined ? "" : `  here ${row.measured}`;
      return `${row.kind.padEnd(14)}  ${row.id.padEnd(idWidth)}  paper ${row.claimed}${here}\n`;
    })
    .join("");
}

function hint(notRun: number): string {
  return `\n${notRun.toLocaleString("en-US")} more are not run: gpic-lab claims --kind "not run" lists them with what they need\n`;
}

function details(row: LedgerRow): string {
  const fields = [
    ["paper", row.tolerance === undefined ? row.claimed : `${row.claimed}, ${row.tolerance}`],
    ["here", row.measured],
    ["why", row.why],
    ["needs", row.needs],
    ["notebooks", row.notebooks.join(", ") || "none asks for it"],
  ];
  const lines = fields
    .filter(([, text]) => text !== undefined)
    .map(([name, text]) => `  ${name?.padEnd(10)} ${text}\n`);
  return `${row.id}   ${row.kind}\n  ${row.statement} (${row.place})\n${lines.join("")}`;
}

function printSilences(json: boolean): 0 {
  const all = silences();
  if (json) printJson(all);
  else
    for (const { id, question, choice } of all)
      process.stdout.write(`${id}\n  ${question}\n  here: ${choice ?? "no choice was needed yet"}\n`);
  return 0;
}
