/**
 * A cell session: runs TypeScript cells one at a time and says what they give, whoever asks.
 *
 * The Jupyter front end and the headless runner are two thin front ends of it, so that what holds in one holds in the
 * other. It takes over the process: its output streams, its exit, its uncaught errors and its SIGINT belong to the
 * cell that runs. An AsyncLocalStorage store follows each cell, so that what comes late still lands in its own cell.
 */
import { AsyncLocalStorage } from "node:async_hooks";
// taken at load: a cell that mocks the global timers must not stop the kernel
import { setImmediate, setTimeout } from "node:timers";
import { enter } from "../setup/enter.js";
import { installHost, type MimeBundle } from "../show/host.js";
import { render } from "../show/render.js";
import { complete, inspectAt } from "./assistance.js";
import { isComplete } from "./completeness.js";
import { Engine } from "./engine.js";
import { CellInterrupted, InterruptState } from "./interrupt.js";
import { type LineMagic, type MagicCell, parseMagic, withoutMagic } from "./magics.js";
import type {
  CellError,
  CellSession,
  Completeness,
  Completion,
  ExecuteReply,
  ExecuteRequest,
  HistoryEntry,
  Output,
  UserExpression,
} from "./messages.js";
import { takeOverProcess } from "./process.js";
import { CellStreams } from "./streams.js";
import { Tracebacks } from "./traceback.js";

/** A loop of an interrupted cell is stopped if it comes round within this time; until then all loops poll slowly. */
const LEFTOVER_MILLISECONDS = 3000;

/** What a session is made with. */
export interface SessionOptions {
  /** The folder from which cells import; becomes the working folder of the process. */
  readonly folder: string;
  readonly frontEnd: "jupyter" | "headless";
  /** The `%name` cells that this session knows. */
  readonly magics?: readonly LineMagic[];
}

/** One run of a cell, from its request until nothing of it is left. */
interface CellRun {
  /** Counts all runs, silent ones too; never 0. */
  readonly number: number;
  readonly emit: (output: Output) => void;
  readonly streams: CellStreams;
  readonly abort: AbortController;
  /** Ends the run although its code goes on. */
  readonly abandon: (reason: unknown) => void;
  interrupted: boolean;
  ended: boolean;
  /** An error that reached nobody while the cell ran. */
  stray: { readonly thrown: unknown } | undefined;
  exit: Error | undefined;
}

/** Loads the language and takes over the process. One session a process. */
export async function createSession(options: SessionOptions): Promise<CellSession> {
  enter();
  return new Session(options);
}

class Session implements CellSession {
  readonly #options: SessionOptions;
  readonly #store = new AsyncLocalStorage<CellRun>();
  readonly #interrupts = new InterruptState();
  readonly #tracebacks: Tracebacks;
  readonly #engine: Engine;
  readonly #history: HistoryEntry[] = [];
  readonly #giveBackProcess: () => void;
  #executionCount = 0;
  #runs = 0;
  #running: CellRun | undefined;
  #last: CellRun | undefined;
  /** Runs that were interrupted a moment ago, whose loops may still go on. */
  readonly #leftovers = new Set<CellRun>();

  /** Streams that may hold output back. */
  readonly #unfinished = new Set<CellStreams>();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#tracebacks = new Tracebacks(options.folder);
    this.#engine = new Engine(options.folder, this.#tracebacks, {
      flags: this.#interrupts.flags,
      stop: () => this.#stopHere(),
      broken: () => {
        this.#interrupts.signalArrived();
        if (this.#running !== undefined) this.#interrupt(this.#running);
      },
    });
    installHost({
      frontEnd: options.frontEnd,
      display: (data, { id, update, metadata }) =>
        this.#emit({
          type: update === true ? "update_display_data" : "display_data",
          data,
          metadata: metadata ?? {},
          ...(id === undefined ? {} : { displayId: id }),
        }),
      clearOutput: ({ wait }) => this.#emit({ type: "clear_output", wait }),
      signal: () => this.#owner()?.abort.signal ?? new AbortController().signal,
    });
    this.#giveBackProcess = takeOverProcess({
      write: (name, chunk) => {
        const owner = this.#owner();
        if (owner === undefined) return false;
        this.#unfinished.add(owner.streams);
        owner.streams.write(name, chunk);
        return true;
      },
      exit: (error) => {
        const owner = this.#store.getStore();
        if (owner === undefined) return false;
        owner.exit ??= error;
        return true;
      },
      stray: (thrown) => this.#takeStray(thrown),
      signal: () => {
        this.#interrupts.signalArrived();
        this.#lookForInterrupt();
      },
    });
    this.#interrupts.listen(() => this.#lookForInterrupt());
  }

  get history(): readonly HistoryEntry[] {
    return this.#history;
  }

  get executionCount(): number {
    return this.#executionCount;
  }

  get interruptMemory(): SharedArrayBuffer {
    return this.#interrupts.memory;
  }

  async execute(request: ExecuteRequest, emit: (output: Output) => void): Promise<ExecuteReply> {
    const silent = request.silent === true;
    const keepsCount = !silent && request.storeHistory !== false;
    if (keepsCount) this.#history.push({ executionCount: ++this.#executionCount, code: request.code });
    const executionCount = keepsCount ? this.#executionCount : this.#executionCount + (silent ? 0 : 1);
    let emitted = emit;
    let abandon: (reason: unknown) => void = () => {};
    const abandoned = new Promise<never>((_, reject) => {
      abandon = reject;
    });
    abandoned.catch(() => {});
    const streams = new CellStreams((output) => emitted(output));
    const run: CellRun = {
      number: ++this.#runs,
      emit: (output) => emitted(output),
      streams,
      abort: new AbortController(),
      abandon,
      interrupted: false,
      ended: false,
      stray: undefined,
      exit: undefined,
    };
    await this.#interrupts.begin(run.number);
    this.#running = this.#last = run;
    this.#updatePolling();
    let error: CellError | undefined;
    let userExpressions: Record<string, UserExpression> = {};
    try {
      const cell = parseMagic(request.code, this.#options.magics ?? []);
      const captured: Output[] = [];
      if (cell.kind === "capture") emitted = (output) => captured.push(output);
      const started = performance.now();
      const fileName = keepsCount ? `Cell[${executionCount}]` : `Silent[${run.number}]`;
      const value = await this.#runCell(cell, fileName, run, abandoned);
      if (cell.kind === "time")
        streams.write("stdout", `wall time: ${elapsed(performance.now() - started)}\n`);
      if (value !== undefined && !silent) {
        const data = await this.#store.run(run, () => Promise.race([render(value), abandoned]));
        streams.flush();
        run.emit({ type: "execute_result", executionCount, data, metadata: {} });
      }
      await new Promise((resolve) => setImmediate(resolve));
      if (run.exit) throw run.exit;
      if (run.stray) throw run.stray.thrown;
      streams.finish();
      emitted = emit;
      if (cell.kind === "capture" && cell.variable !== undefined)
        this.#engine.define(
          cell.variable,
          captured,
          "{ readonly type: string; readonly [field: string]: unknown }[]",
        );
      userExpressions = await this.#evaluate(request.userExpressions ?? {}, run, abandoned);
    } catch (thrown) {
      error = this.#errorOf(run.exit ?? thrown);
    }
    run.ended = true;
    this.#running = undefined;
    this.#interrupts.end();
    this.#updatePolling();
    streams.finish();
    this.#unfinished.delete(streams);
    emitted = emit;
    if (error === undefined) return { status: "ok", executionCount, userExpressions };
    emit({ type: "error", ...error });
    return { status: "error", executionCount, ...error };
  }

  complete(code: string, cursor: number): Completion {
    return complete(
      this.#engine.language,
      this.#engine.declarations,
      code,
      cursor,
      this.#options.magics ?? [],
    );
  }

  inspect(code: string, cursor: number, detailLevel: 0 | 1): MimeBundle | undefined {
    return inspectAt(this.#engine.language, this.#engine.declarations, code, cursor, detailLevel);
  }

  isComplete(code: string): Completeness {
    return isComplete(this.#engine.language.typescript, withoutMagic(code));
  }

  close(): void {
    for (const streams of this.#unfinished) streams.finish();
    this.#giveBackProcess();
    this.#interrupts.close();
    installHost(undefined);
    this.#engine.close();
  }

  async #runCell(
    cell: MagicCell,
    fileName: string,
    run: CellRun,
    abandoned: Promise<never>,
  ): Promise<unknown> {
    if (cell.kind === "line")
      return this.#store.run(run, () => Promise.race([cell.magic.run(cell.words), abandoned]));
    const prepared = await this.#engine.prepare(cell.code, fileName, true);
    if (prepared.error) throw new RefusedCell(prepared.error);
    this.#lookForInterrupt();
    if (run.interrupted) throw new CellInterrupted();
    return (await this.#store.run(run, () => prepared.run(abandoned))).value;
  }

  async #evaluate(
    expressions: Readonly<Record<string, string>>,
    run: CellRun,
    abandoned: Promise<never>,
  ): Promise<Record<string, UserExpression>> {
    const results: Record<string, UserExpression> = {};
    for (const [name, expression] of Object.entries(expressions)) {
      try {
        if (run.interrupted) throw new CellInterrupted();
        const prepared = await this.#engine.prepare(`(${expression})`, `Expression[${name}]`, false);
        if (prepared.error) throw new RefusedCell(prepared.error);
        const data = await this.#store.run(run, async () => {
          const { value } = await prepared.run(abandoned);
          return Promise.race([abandoned, render(value)]);
        });
        results[name] = { status: "ok", data, metadata: {} };
      } catch (thrown) {
        results[name] = { status: "error", ...this.#errorOf(thrown) };
      }
    }
    return results;
  }

  #errorOf(thrown: unknown): CellError {
    return isA(thrown, RefusedCell) ? thrown.error : this.#tracebacks.describe(thrown);
  }

  /** The run that the calling code belongs to: by its async context, else the last one. */
  #owner(): CellRun | undefined {
    return this.#store.getStore() ?? this.#running ?? this.#last;
  }

  #emit(output: Output): void {
    const owner = this.#owner();
    if (owner === undefined) return;
    const admitted = owner.streams.admit(output);
    owner.streams.flush();
    if (admitted) owner.emit(output);
  }

  /** An error that nobody caught: the cell's own while it runs, a message on its stderr afterwards. */
  #takeStray(thrown: unknown): void {
    if (isA(thrown, CellInterrupted)) return;
    const owner = this.#owner();
    if (owner === undefined) return;
    if (!owner.ended) {
      owner.stray ??= { thrown };
      return;
    }
    const { traceback } = this.#tracebacks.describe(thrown);
    owner.streams.write("stderr", `uncaught after the cell had ended:\n${traceback.join("\n")}\n`);
    owner.streams.flush();
  }

  /** Called by a loop that found the flag: it ends if its own cell is interrupted, and goes on if another's is. */
  #stopHere(): void {
    const owner = this.#store.getStore() ?? this.#running;
    if (owner === undefined) return;
    if (!owner.interrupted && owner === this.#running && this.#interrupts.isMeantFor(owner.number))
      this.#interrupt(owner);
    if (owner.interrupted) throw new CellInterrupted();
  }

  #lookForInterrupt(): void {
    const running = this.#running;
    if (running !== undefined && this.#interrupts.isMeantFor(running.number)) this.#interrupt(running);
  }

  #interrupt(run: CellRun): void {
    if (run.interrupted) return;
    run.interrupted = true;
    this.#interrupts.taken(run.number);
    this.#leftovers.add(run);
    setTimeout(() => {
      this.#leftovers.delete(run);
      this.#updatePolling();
    }, LEFTOVER_MILLISECONDS).unref();
    const reason = new CellInterrupted();
    run.abort.abort(reason);
    run.abandon(reason);
  }

  /** Lets loops ask `stop` only where there is something to stop. */
  #updatePolling(): void {
    this.#interrupts.setPolling(this.#leftovers.size > 0);
    const running = this.#running;
    // an interrupt that came just before from another thread had its flag taken down
    if (running !== undefined && !running.interrupted && this.#interrupts.isMeantFor(running.number))
      this.#interrupts.setPolling(true);
  }
}

/** A cell that does not type-check, with its error ready. */
class RefusedCell extends Error {
  constructor(readonly error: CellError) {
    super(error.evalue);
  }
}

/** `instanceof` for values of cells, whose own traps may throw. */
function isA<T>(value: unknown, kind: abstract new (...args: never[]) => T): value is T {
  try {
    return value instanceof kind;
  } catch {
    return false;
  }
}

function elapsed(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}
