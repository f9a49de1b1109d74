/** Runs several notebooks, some at a time, and gives each one's row in the order in which they were named. */
import { mkdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { compareNotebooks, type Difference } from "./compare.js";
import { readNotebook } from "./notebook.js";
import { type FailedCell, type NotebookRun, type RunOptions, runNotebook } from "./run-notebook.js";
import { formatNotebook, writeAtomically } from "./write-notebook.js";

/** One notebook's row in the result of `gpic-lab run`. */
export interface RunRow {
  /** The path as it was named. */
  readonly notebook: string;
  readonly status: "ok" | "failed" | "different";
  readonly seconds: number;
  readonly cells: number;
  readonly ran: number;
  readonly failed?: FailedCell;
  readonly aborted: number;
  readonly differences: readonly Difference[];
  /** What the person should know although nothing failed. */
  readonly notice?: string;
  /** The executed copy's file name in the report folder. */
  readonly copy?: string;
}

/** What to do with the notebooks besides running them. */
export interface RunAllOptions extends Omit<RunOptions, "path" | "onCell"> {
  readonly paths: readonly string[];
  /** Notebooks that run at the same time, default 2. */
  readonly jobs?: number;
  /** Write the outputs back; a notebook that failed stays as it was. */
  readonly write?: boolean;
  /** Compare with the outputs that the file holds. */
  readonly check?: boolean;
  /** A folder for executed copies and `run.json`. */
  readonly report?: string;
  readonly onCell?: (path: string, cell: number, cells: number) => void;
  /** Called once for each notebook, in the order of `paths`. */
  readonly onRow?: (row: RunRow) => void;
}

/**
 * Runs notebooks.
 * @returns a row for each, in the order of `paths`
 * @throws NotebookError before anything runs where one of them is no notebook
 */
export async function runNotebooks(options: RunAllOptions): Promise<RunRow[]> {
  const { paths, report } = options;
  for (const path of paths) readNotebook(path);
  if (report !== undefined) mkdirSync(report, { recursive: true });
  const copies = copyNames(paths);
  const rows: (RunRow | undefined)[] = paths.map(() => undefined);
  let next = 0;
  let shown = 0;
  const work = async () => {
    while (next < paths.length) {
      const index = next++;
      rows[index] = await runOne(paths[index]!, copies[index]!, options);
      for (; rows[shown] !== undefined; shown++) options.onRow?.(rows[shown]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs ?? 2, paths.length) }, work));
  const result = rows.filter((row) => row !== undefined);
  if (report !== undefined && !options.signal?.aborted)
    writeAtomically(join(report, "run.json"), `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

async function runOne(path: string, copy: string, options: RunAllOptions): Promise<RunRow> {
  const committed = readNotebook(path);
  const { onCell, onRow: _, paths: __, jobs: ___, ...rest } = options;
  const run: NotebookRun = await runNotebook({
    ...rest,
    path,
    ...(onCell && { onCell: (cell: number, cells: number) => onCell(path, cell, cells) }),
  });
  const { executed, failed, ...counts } = run;
  const differences = options.check && !failed ? await compareNotebooks(committed, executed) : [];
  if (!options.signal?.aborted) {
    const text = formatNotebook(executed);
    if (options.report !== undefined) writeAtomically(join(options.report, copy), text);
    if (options.write && !failed) writeAtomically(path, text);
  }
  return {
    notebook: path,
    status: failed ? "failed" : differences.length > 0 ? "different" : "ok",
    ...counts,
    seconds: Math.round(counts.seconds * 100) / 100,
    ...(failed && { failed }),
    differences,
    ...(options.report !== undefined && { copy }),
  };
}

/** File names for copies in one folder: the notebook's own, numbered where two are alike. */
function copyNames(paths: readonly string[]): string[] {
  const taken = new Set<string>();
  return paths.map((path) => {
    const name = basename(relative(".", path));
    let copy = name;
    for (let n = 2; taken.has(copy); n++) copy = name.replace(/(\.ipynb)?$/, `-${n}$1`);
    taken.add(copy);
    return copy;
  });
}
