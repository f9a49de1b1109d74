/**
 * Runs one notebook in plain Node: no Python, no Jupyter, one process of its own.
 *
 * Tags as nbclient reads them: a cell tagged `raises-exception` may fail and the next one runs; one tagged
 * `skip-execution` is left as it is, outputs too. Blank cells do not run and have no number. The first cell that fails
 * ends the run; those after it are aborted: counted, and empty in the executed notebook.
 */
import { stripVTControlCharacters } from "node:util";
import { packageRoot } from "../../lib/io/index.js";
import type { CellError } from "../session/messages.js";
import { type Cell, type CodeCell, hasTag, type Notebook, readNotebook } from "./notebook.js";
import { injectParameters, type Parameters } from "./parameters.js";
import { machinePlaces, rename, withoutPlaces } from "./places.js";
import { type CellsRun, runCells } from "./run-cells.js";

/** What to run, and within which limits. */
export interface RunOptions {
  /** The notebook file. */
  readonly path: string;
  readonly parameters?: Parameters;
  /** Time limit of a cell, default 600. */
  readonly cellSeconds?: number;
  /** Time limit of the notebook, default 3600. */
  readonly notebookSeconds?: number;
  /** Stops the run. */
  readonly signal?: AbortSignal;
  /** Called as each cell begins, with its number from 1. */
  readonly onCell?: (cell: number, cells: number) => void;
  /** The module that exports `createSession`; default the kernel's own. */
  readonly sessionModule?: string;
}

/** The cell that ended a run, and why. */
export interface FailedCell {
  /** The cell's number in the executed notebook, from 1, text cells counted; 0 where it was no cell. */
  readonly cell: number;
  readonly id: string;
  readonly ename: string;
  readonly evalue: string;
  /** The line of the cell that the traceback points to, where it says one. */
  readonly source?: string;
}

/** What became of a notebook. */
export interface NotebookRun {
  /** The notebook with this run's outputs. */
  readonly executed: Notebook;
  readonly seconds: number;
  /** Code cells that were to run. */
  readonly cells: number;
  /** Cells that ran to their end or failed. */
  readonly ran: number;
  /** Cells after the failed one. */
  readonly aborted: number;
  readonly failed?: FailedCell;
  readonly notice?: string;
}

const SESSION = new URL("../session/session.js", import.meta.url).href;

/**
 * Runs a notebook; the file stays as it is.
 * @returns the executed notebook; a failing cell, a time limit or a died process is in `failed`
 * @throws NotebookError where the file is no notebook; ParameterError where it lacks a parameter
 * @example (await runNotebook({ path: "notebooks/01-corpus.ipynb" })).failed // undefined
 */
export async function runNotebook(options: RunOptions): Promise<NotebookRun> {
  const start = performance.now();
  const { notebook, notice } = injectParameters(readNotebook(options.path), options.parameters ?? {});
  const cells = notebook.cells.flatMap((cell, index) =>
    isToRun(cell) ? [{ index, source: cell.source, mayRaise: hasTag(cell, "raises-exception") }] : [],
  );
  const run = await runCells(
    {
      cells,
      cellSeconds: options.cellSeconds ?? 600,
      sessionModule: options.sessionModule ?? SESSION,
    },
    {
      root: packageRoot,
      notebookSeconds: options.notebookSeconds ?? 3600,
      ...(options.signal && { signal: options.signal }),
      onCell: (index) => options.onCell?.(index + 1, notebook.cells.length),
    },
  );
  const failed = run.failure && describeFailure(notebook, run.failure);
  const ran = new Set([...run.ended.keys(), ...(failed && failed.cell > 0 ? [failed.cell - 1] : [])]).size;
  return {
    executed: executedNotebook(notebook, run),
    seconds: (performance.now() - start) / 1000,
    cells: cells.length,
    ran,
    aborted: cells.length - ran,
    ...(failed && { failed }),
    ...(notice !== undefined && { notice }),
  };
}

function isToRun(cell: Cell): cell is CodeCell {
  return cell.type === "code" && cell.source.trim() !== "" && !hasTag(cell, "skip-execution");
}

function executedNotebook(notebook: Notebook, run: CellsRun): Notebook {
  const places = machinePlaces(packageRoot);
  let count = 0;
  const cells = notebook.cells.map((cell, index): Cell => {
    if (cell.type !== "code" || hasTag(cell, "skip-execution")) return cell;
    const hasRun = run.ended.has(index) || run.failure?.cell === index;
    if (!hasRun) return { ...cell, executionCount: null, outputs: [] };
    count++;
    const outputs = run.outputs.outputs(index, count);
    const { failure } = run;
    const isKilled = failure?.cell === index && !outputs.some(({ type }) => type === "error");
    if (failure && isKilled) outputs.push({ type: "error", ...failure.error });
    return {
      ...cell,
      executionCount: count,
      outputs: outputs.map((output) => withoutPlaces(output, places)),
    };
  });
  return { metadata: notebook.metadata, cells };
}

function describeFailure(notebook: Notebook, { cell, error }: NonNullable<CellsRun["failure"]>): FailedCell {
  const source = cell === undefined ? undefined : sourceLine(notebook.cells[cell]!, error);
  return {
    cell: cell === undefined ? 0 : cell + 1,
    id: cell === undefined ? "" : notebook.cells[cell]!.id,
    ename: error.ename,
    evalue: rename(error.evalue, machinePlaces(packageRoot)),
    ...(source !== undefined && { source }),
  };
}

/** The line of the cell that the traceback points to: the session marks it with an arrow and its number. */
function sourceLine(cell: Cell, error: CellError): string | undefined {
  const marked = stripVTControlCharacters(error.traceback.join("\n")).match(/^-->\s*(\d+) \|/m);
  return marked ? cell.source.split("\n")[Number(marked[1]) - 1]?.trim() : undefined;
}
