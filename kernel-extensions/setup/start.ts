/**
 * `npm start`: runs every notebook on the corpus in use, writes report/index.html, and prints the ledger.
 *
 * The committed notebooks are left alone; the executed copies lie in `.gpic-lab/run` and feed ledger and report.
 */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { notebookLedger, verdictKinds } from "../../lib/claims/index.js";
import { openCorpus } from "../../lib/corpus/index.js";
import { packageRoot } from "../../lib/io/index.js";
import { readNotebook } from "../headless/notebook.js";
import { type RunRow, runNotebooks } from "../headless/run-all.js";
import { buildReport } from "../report/index.js";

/**
 * Runs it all.
 * @returns 0 where every notebook ran, else 1; the report is written in both cases
 */
export async function runStart(): Promise<number> {
  const started = performance.now();
  const corpus = await openCorpus(process.env.GPIC_CORPUS ?? "sample");
  process.stdout.write(`corpus: ${corpus.describe()}\n`);
  const executed = join(packageRoot, ".gpic-lab", "run");
  rmSync(executed, { recursive: true, force: true });
  mkdirSync(executed, { recursive: true });
  const folder = join(packageRoot, "notebooks");
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".ipynb"))
    .sort();
  const rows = await runNotebooks({
    paths: names.map((name) => join(folder, name)),
    report: executed,
    onRow: (row) => process.stdout.write(`${lineOf(row)}\n`),
  });
  const copies = names.map((name) => ({
    path: `notebooks/${name}`,
    notebook: readNotebook(join(executed, name)),
  }));
  const { counts, rows: claims, problems } = notebookLedger(executed);
  for (const problem of problems) process.stderr.write(`gpic-lab: ${problem}\n`);
  const out = join(packageRoot, "report");
  const { file } = await buildReport({
    notebooks: copies,
    ledger: {
      counts,
      rows: claims.map((row) => ({
        ...row,
        part: row.partTitle,
        notebooks: row.notebooks.map((name) => `notebooks/${name}`),
        asked: row.notebooks.length > 0,
      })),
    },
    corpus: corpus.describe(),
    out,
  });
  process.stdout.write("\nthe ledger of the paper's numbers (npx gpic-lab claims says more)\n");
  for (const kind of verdictKinds) process.stdout.write(`${String(counts[kind]).padStart(6)}  ${kind}\n`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`\nopen ${relative(process.cwd(), file)} in a browser (all in ${seconds} s)\n`);
  return rows.every((row) => row.status === "ok") ? 0 : 1;
}

function lineOf({ notebook, status, seconds, failed }: RunRow): string {
  const name = relative(packageRoot, notebook);
  const why = failed === undefined ? "" : `  cell ${failed.cell}: ${failed.ename}: ${failed.evalue}`;
  return `${status.padEnd(8)} ${name}  ${seconds.toFixed(1)} s${why}`;
}
