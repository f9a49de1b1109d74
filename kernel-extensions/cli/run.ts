/** `gpic-lab run`: notebooks in plain Node, one line each, and a line for whatever is wrong. */
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { packageFile } from "../../lib/io/index.js";
import { NotebookError } from "../headless/notebook.js";
import { ParameterError, parseParameters } from "../headless/parameters.js";
import { type RunRow, runNotebooks } from "../headless/run-all.js";
import { visibleText } from "../show/escape.js";
import { type Command, printJson, UsageError } from "./command.js";

const help = `
gpic-lab run [NOTEBOOK...]: run notebooks headless, without Python; all of notebooks/ where none is named

  --parameter NAME=VALUE    set a variable of the cell tagged "parameters" (JSON, or else text); repeat for more
  --write                   write the outputs back into the notebooks that ran without failure
  --check                   compare with the outputs in the files; a difference is exit status 1
  --report DIR              put executed copies and run.json into DIR
  --timeout S               seconds a cell may take (600)
  --notebook-timeout S      seconds a notebook may take (3600)
  --jobs N                  notebooks that run at the same time (2)
  --json                    a list of rows: notebook, status, seconds, cells, ran, failed, aborted, differences

Cell tags: parameters; raises-exception (the cell may fail); skip-execution; volatile (--check compares mime types only).
Pictures are compared by their size in pixels. Cells run in the package's folder. Exit: 0 all ran (and equal), 1 not, 2
wrong call.

  gpic-lab run notebooks/01-corpus.ipynb --check
  ok         notebooks/01-corpus.ipynb  12 cells  5.1 s
`;

/** `gpic-lab run`. */
export const command: Command = { help, run };

async function run(args: readonly string[]): Promise<0 | 1 | 2> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      parameter: { type: "string", multiple: true },
      write: { type: "boolean" },
      check: { type: "boolean" },
      report: { type: "string" },
      timeout: { type: "string" },
      "notebook-timeout": { type: "string" },
      jobs: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const paths = positionals.length > 0 ? positionals : packageNotebooks();
  if (paths.length === 0) throw new UsageError("Cannot run notebooks: notebooks/ holds none, name one");
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, onSignal);
  const progress = progressLine();
  try {
    const rows = await runNotebooks({
      paths,
      parameters: parseParameters(values.parameter ?? []),
      write: values.write ?? false,
      check: values.check ?? false,
      ...(values.report !== undefined && { report: values.report }),
      cellSeconds: positive("--timeout", values.timeout, 600),
      notebookSeconds: positive("--notebook-timeout", values["notebook-timeout"], 3600),
      jobs: Math.ceil(positive("--jobs", values.jobs, 2)),
      signal: stop.signal,
      onCell: progress.show,
      onRow: (row) => {
        progress.clear();
        if (!values.json) process.stdout.write(describe(row));
      },
    });
    if (values.json) printJson(rows);
    return rows.every(({ status }) => status === "ok") ? 0 : 1;
  } catch (error) {
    if (error instanceof NotebookError || error instanceof ParameterError)
      throw new UsageError(error.message);
    throw error;
  } finally {
    progress.clear();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, onSignal);
  }
}

function packageNotebooks(): string[] {
  const folder = packageFile("notebooks");
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".ipynb"))
      .sort()
      .map((name) => relative(process.cwd(), join(folder, name)));
  } catch {
    return [];
  }
}

function positive(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!(value > 0 && value < 2_000_000))
    // the longest timer that Node has is 2^31 milliseconds
    throw new UsageError(`Cannot read ${option}: a number above 0 is needed, got "${text}"`);
  return value;
}

/** One line for the notebook, and one for whatever is wrong with it. */
function describe(row: RunRow): string {
  const lines = [`${row.status.padEnd(11)}${row.notebook}  ${row.ran} cells  ${row.seconds.toFixed(1)} s`];
  if (row.notice) lines.push(`  ${row.notebook}: ${row.notice}`);
  if (row.failed) {
    const { cell, id, ename, evalue, source } = row.failed;
    const where =
      cell > 0 ? `cell ${cell} (${id})` : row.ran > 0 ? "after its last cell" : "before its first cell";
    const after = row.aborted > 0 ? `; aborted after it: ${row.aborted}` : "";
    lines.push(`  ${row.notebook}, ${where}: ${ename}: ${evalue}${source ? `, at: ${source}` : ""}${after}`);
  }
  for (const { cell, id, expected, found } of row.differences)
    lines.push(`  ${row.notebook}, cell ${cell} (${id}): expected ${expected}, found ${found}`);
  return lines.map((line) => `${terminalLine(line)}\n`).join("");
}

/** One line; white space within it stays, as it may be what differs. */
function terminalLine(text: string): string {
  return visibleText(text.replace(/\s*[\r\n]+\s*/g, " "));
}

/** The cell that runs now, on standard error where that is a terminal. */
function progressLine(): { show(path: string, cell: number, cells: number): void; clear(): void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => {}, clear: () => {} };
  return {
    show: (path, cell, cells) =>
      stderr.write(
        `\r\u001b[K${terminalLine(`${path}: cell ${cell} of ${cells}`).slice(0, (stderr.columns ?? 80) - 1)}`,
      ),
    clear: () => stderr.write("\r\u001b[K"),
  };
}
