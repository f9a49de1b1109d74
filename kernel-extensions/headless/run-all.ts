/** Runs several notebooks, some at a time, and gives each one's row in the order in which they were named. */
import { mkdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { packageRoot } from "../../lib/io/index.js";
import { compareNotebooks, type Difference } from "./compare.js";
import { readNotebook } from "./notebook.js";
import { injectParameters } from "./parameters.js";
import { machinePlaces, rename } from "./places.js";
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
 * @returns a row for each, in the order of `paths`; what goes wrong with one is in its row and ends no other
 * @throws NotebookError where one of them is no notebook, ParameterError where one does not declare a parameter; both
 * before anything runs or is written
 */
export async function runNotebooks(options: RunAllOptions): Promise<RunRow[]> {
  const { paths, report } = options;
  for (const path of paths) injectParameters(readNotebook(path), options.parameters ?? {});
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
  const { onCell, onRow: _, paths: __, jobs: ___, ...rest } = options;
  const start = performance.now();
  let run: NotebookRun | undefined;
  let differences: readonly Difference[] = [];
  let broken: FailedCell | undefined;
  try {
    const committed = readNotebook(path);
    run = await runNotebook({
      ...rest,
      path,
      ...(onCell && { onCell: (cell: number, cells: number) => onCell(path, cell, cells) }),
    });
    if (options.check && !run.failed) differences = await compareNotebooks(committed, run.executed);
    if (!options.signal?.aborted) keep(run, path, copy, options);
  } catch (error) {
    broken = describeError(error);
  }
  const failed = run?.failed ?? broken;
  const seconds = run?.seconds ?? (performance.now() - start) / 1000;
  return {
    notebook: path,
    status: failed ? "failed" : differences.length > 0 ? "different" : "ok",
    seconds: Math.round(seconds * 100) / 100,
    cells: run?.cells ?? 0,
    ran: run?.ran ?? 0,
    aborted: run?.aborted ?? 0,
    ...(run?.notice !== undefined && { notice: run.notice }),
    ...(failed && { failed }),
    differences,
    ...(options.report !== undefined && !broken && { copy }),
  };
}

function keep({ executed, failed }: NotebookRun, path: string, copy: string, options: RunAllOptions): void {
  const text = formatNotebook(executed);
  if (options.report !== undefined) writeAtomically(join(options.report, copy), text);
  if (options.write && !failed) writeAtomically(path, text);
}

/** What went wrong outside the cells: the file, its outputs, the disk. */
function describeError(error: unknown): FailedCell {
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  return { cell: 0, id: "", ename: name, evalue: rename(message, machinePlaces(packageRoot)) };
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
