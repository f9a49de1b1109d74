/** Runs cells in a process of their own, and says of each what it gave and how it ended, also where the process died. */
import { type ChildProcess, fork } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { CellError } from "../session/messages.js";
import type { Job, Report } from "./child-messages.js";
import { OutputCollector } from "./collect.js";

/** How long an interrupted cell may take to end before its process is killed, in seconds. */
const GRACE_SECONDS = 5;
/** How much of the process's own standard error is kept, to say why it died. */
const LAST_WORDS = 8192;
const CHILD = fileURLToPath(new URL("./child.js", import.meta.url));

/** The cells of a run by the index that the job gave them. */
export interface CellsRun {
  readonly outputs: OutputCollector;
  /** Cells that ended, in order; with the error of those that raised one. */
  readonly ended: ReadonlyMap<number, CellError | undefined>;
  /** What ended the run before its last cell; `cell` is undefined where no cell had begun. */
  readonly failure?: { readonly cell: number | undefined; readonly error: CellError };
}

/** The limits of a run, and its stop. */
export interface CellsRunOptions {
  readonly root: string;
  readonly notebookSeconds: number;
  readonly signal?: AbortSignal;
  readonly onCell?: (cell: number) => void;
}

/**
 * Runs a job in a fresh process, in the package's folder, with this process's environment.
 * @returns what its cells gave; never rejects for what a cell or the process does
 */
export function runCells(job: Job, options: CellsRunOptions): Promise<CellsRun> {
  const outputs = new OutputCollector();
  const ended = new Map<number, CellError | undefined>();
  let failure: CellsRun["failure"];
  let current: number | undefined;
  let cellTimer: NodeJS.Timeout | undefined;
  let done = false;
  const child = startChild(options.root);
  const lastWords = keepLastWords(child);
  const fail = (ename: string, evalue: string, traceback: readonly string[] = []) => {
    failure ??= { cell: current, error: { ename, evalue, traceback } };
  };
  const kill = (ename: string, evalue: string) => {
    fail(ename, evalue);
    child.kill("SIGKILL");
  };
  const stop = () => kill("Interrupted", "the run was stopped");
  const notebookTimer = setTimeout(
    () => kill("TimeoutError", `the notebook ran longer than ${options.notebookSeconds} s`),
    options.notebookSeconds * 1000,
  );
  const timeOut = `the cell ran longer than ${job.cellSeconds} s`;
  child.on("message", (report: Report) => {
    switch (report.type) {
      case "begin":
        current = report.cell;
        options.onCell?.(current);
        cellTimer = setTimeout(
          () => kill("TimeoutError", `${timeOut} and did not stop when interrupted`),
          (job.cellSeconds + GRACE_SECONDS) * 1000,
        );
        break;
      case "output":
        outputs.add(report.cell, report.output);
        break;
      case "end": {
        clearTimeout(cellTimer);
        const { reply, cell } = report;
        const mayRaise = job.cells.some(({ index, mayRaise }) => index === cell && mayRaise);
        ended.set(cell, reply.status === "error" ? errorOf(reply) : undefined);
        if (report.timedOut) fail("TimeoutError", timeOut);
        else if (reply.status === "error" && !mayRaise) fail(reply.ename, reply.evalue, reply.traceback);
        break;
      }
      case "broken":
        fail("SessionError", report.message);
        child.kill("SIGKILL");
        break;
      case "done":
        done = true;
        child.kill("SIGKILL"); // whatever timers and sockets the cells left open
        break;
    }
  });
  options.signal?.addEventListener("abort", stop);
  if (options.signal?.aborted) stop();
  else child.send(job, () => {});
  return new Promise((settle) => {
    const finish = (code: number | null, signal: string | null) => {
      clearTimeout(cellTimer);
      clearTimeout(notebookTimer);
      options.signal?.removeEventListener("abort", stop);
      if (!done) fail("ProcessDied", causeOfDeath(code, signal, lastWords()));
      settle({ outputs, ended, ...(failure && { failure }) });
    };
    child.once("error", (error) => {
      fail("ProcessDied", error.message);
      if (child.pid === undefined) finish(null, null);
    });
    child.once("close", finish);
  });
}

function startChild(root: string): ChildProcess {
  return fork(CHILD, [], {
    cwd: root,
    env: childEnvironment(),
    execArgv: ["--enable-source-maps"],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

/** This process's environment; a corpus named by a relative path is one of this process's folder, not the cells'. */
function childEnvironment(): NodeJS.ProcessEnv {
  const corpus = process.env.GPIC_CORPUS;
  const isPath = corpus && corpus !== "sample" && !/^[a-z][a-z0-9+.-]*:\/\//i.test(corpus);
  return isPath ? { ...process.env, GPIC_CORPUS: resolve(corpus) } : process.env;
}

function keepLastWords(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
    text = (text + piece).slice(-LAST_WORDS);
  });
  return () => text;
}

function causeOfDeath(code: number | null, signal: string | null, lastWords: string): string {
  if (/heap out of memory|Reached heap limit/.test(lastWords))
    return "the notebook's process ran out of memory (NODE_OPTIONS=--max-old-space-size=MB gives it more)";
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  const why = lastWords.trim().split("\n").at(-1)?.trim();
  return `the notebook's process ${how}${why ? `: ${why.slice(0, 200)}` : ""}`;
}

function errorOf({ ename, evalue, traceback }: CellError): CellError {
  return { ename, evalue, traceback };
}
