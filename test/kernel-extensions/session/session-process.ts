/**
 * A session in a process of its own, for tests: a session takes over the streams, exit and signals of its process,
 * which the test runner needs for itself. Run as a program, this file is that process.
 */
import { type ChildProcess, fork } from "node:child_process";
import { type EventEmitter, once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { POLL_FLAG } from "../../../kernel-extensions/session/cell-transformers.js";
import { REQUESTS, requestInterrupt } from "../../../kernel-extensions/session/interrupt.js";
import type {
  CellSession,
  Completeness,
  Completion,
  ExecuteReply,
  ExecuteRequest,
  HistoryEntry,
  Output,
} from "../../../kernel-extensions/session/messages.js";
import { createSession } from "../../../kernel-extensions/session/session.js";
import type { MimeBundle } from "../../../kernel-extensions/show/host.js";
import { packageRoot } from "../../../lib/io/index.js";

/** What one cell gave until its reply. */
export interface Ran {
  readonly reply: ExecuteReply;
  readonly outputs: readonly Output[];
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

const SELF = fileURLToPath(import.meta.url);
/** A process that does not answer for so long hangs: it is killed, and its test fails. */
const PATIENCE_MILLISECONDS = 30_000;

/** A session in another process; every method waits for that process's answer. */
export class SessionProcess {
  readonly child: ChildProcess;
  /** All outputs of all cells so far, with the cell's place in the order of requests (from 1). */
  readonly outputs: { readonly cell: number; readonly output: Output }[] = [];
  /** How many cells were sent. */
  cells = 0;
  #calls = 0;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();

  private constructor(folder: string) {
    this.child = fork(SELF, [folder], {
      execArgv: ["--expose-gc"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.child.on("message", (message: { id?: number; result?: unknown; cell?: number; output?: Output }) => {
      if (message.output !== undefined)
        this.outputs.push({ cell: message.cell as number, output: message.output });
      else if (message.id !== undefined) this.#waiting.get(message.id)?.resolve(message.result);
    });
    this.child.on("exit", (code, signal) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`the session's process ended with ${signal ?? code}`));
    });
  }

  static async open(folder: string = packageRoot): Promise<SessionProcess> {
    const session = new SessionProcess(folder);
    await session.call("ready");
    return session;
  }

  async run(code: string, options: Omit<ExecuteRequest, "code"> = {}): Promise<Ran> {
    const from = this.outputs.length;
    this.cells += 1;
    const reply = await this.call<ExecuteReply>("execute", { code, ...options });
    return { reply, outputs: this.outputs.slice(from).map(({ output }) => output) };
  }

  /** Runs a cell and interrupts it, from another thread, once it has called the global `begin()`. */
  async runInterrupted(code: string, options: Omit<ExecuteRequest, "code"> = {}): Promise<Ran> {
    await this.call("arm");
    return this.run(code, options);
  }

  complete(code: string, cursor: number): Promise<Completion> {
    return this.call("complete", code, cursor);
  }

  inspect(code: string, cursor: number, detail: 0 | 1 = 0): Promise<MimeBundle | undefined> {
    return this.call("inspect", code, cursor, detail);
  }

  isComplete(code: string): Promise<Completeness> {
    return this.call("isComplete", code);
  }

  history(): Promise<readonly HistoryEntry[]> {
    return this.call("history");
  }

  /** The resident memory of the session's process, in bytes. */
  memory(): Promise<number> {
    return this.call("memory");
  }

  /** What is in use of its heap after a collection, in bytes. */
  heap(): Promise<number> {
    return this.call("heap");
  }

  /** Closes the session and waits until its process has ended by itself. */
  async close(): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = once(this.child, "exit");
    this.child.send({ id: 0, method: "close", args: [] } satisfies Call);
    const timer = setTimeout(() => this.child.kill("SIGKILL"), PATIENCE_MILLISECONDS);
    const [code] = await ended;
    clearTimeout(timer);
    return code as number | null;
  }

  call<Result>(method: string, ...args: readonly unknown[]): Promise<Result> {
    const id = ++this.#calls;
    const timer = setTimeout(() => this.child.kill("SIGKILL"), PATIENCE_MILLISECONDS);
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.child.send({ id, method, args } satisfies Call);
    }).finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(id);
    });
  }
}

/** The text that a run wrote to one of its streams. */
export function streamText(outputs: readonly Output[], name: "stdout" | "stderr" = "stdout"): string {
  return outputs
    .map((output) => (output.type === "stream" && output.name === name ? output.text : ""))
    .join("");
}

/** The plain text of a run's result. */
export function resultText(outputs: readonly Output[]): unknown {
  const results = outputs.filter((output) => output.type === "execute_result");
  return results.length === 1 ? results[0]?.data["text/plain"] : undefined;
}

/** The error of a run, with its traceback as one text without colours. */
export function errorOf({ reply }: Ran): { ename: string; evalue: string; traceback: string } {
  if (reply.status !== "error") return { ename: "", evalue: "", traceback: "" };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character of ANSI colours
  const traceback = reply.traceback.join("\n").replace(/\u001b\[\d+m/g, "");
  return { ename: reply.ename, evalue: reply.evalue, traceback };
}

const INTERRUPTER = `
const { parentPort, workerData } = require("node:worker_threads");
parentPort.on("message", () => {
  import(workerData.interrupt).then(({ requestInterrupt }) => {
    parentPort.postMessage("armed");
    Atomics.wait(workerData.started, 0, 0);
    requestInterrupt(workerData.memory);
  });
});
`;

async function serve(folder: string): Promise<void> {
  const started = new Int32Array(new SharedArrayBuffer(4));
  const begin = (): void => {
    Atomics.store(started, 0, 1);
    Atomics.notify(started, 0);
  };
  const session: CellSession = await createSession({
    folder,
    frontEnd: "headless",
    magics: [
      { name: "greet", summary: "greets", run: async (words) => `hello ${words.join(" ")}` },
      {
        name: "wait",
        summary: "waits without end",
        run: () => {
          begin();
          return new Promise(() => {});
        },
      },
    ],
  });
  const interrupter = new Worker(INTERRUPTER, {
    eval: true,
    workerData: {
      started,
      memory: session.interruptMemory,
      interrupt: new URL("../../../kernel-extensions/session/interrupt.js", import.meta.url).href,
    },
  });
  interrupter.unref();
  const asked = (): number => Atomics.load(new Int32Array(session.interruptMemory), REQUESTS);
  const polling = (): boolean => Atomics.load(new Int32Array(session.interruptMemory), POLL_FLAG) !== 0;
  Object.assign(globalThis, { begin, asked, polling });
  let cells = 0;
  const methods: Record<string, (...args: never[]) => unknown> = {
    ready: () => true,
    execute: (request: ExecuteRequest) => {
      const cell = ++cells;
      return session.execute(request, (output) => process.send?.({ cell, output }));
    },
    executeInterrupted: (request: ExecuteRequest) => {
      const reply = session.execute(request, () => {});
      requestInterrupt(session.interruptMemory);
      return reply;
    },
    complete: (code: string, cursor: number) => session.complete(code, cursor),
    inspect: (code: string, cursor: number, detail: 0 | 1) => session.inspect(code, cursor, detail),
    isComplete: (code: string) => session.isComplete(code),
    history: () => session.history,
    memory: () => process.memoryUsage().rss,
    heap: () => {
      globalThis.gc?.();
      return process.memoryUsage().heapUsed;
    },
    interruptNow: () => requestInterrupt(session.interruptMemory),
    arm: async () => {
      Atomics.store(started, 0, 0);
      const armed = once(interrupter, "message");
      interrupter.postMessage("arm");
      await armed;
    },
    ringAndClose: () => {
      (globalThis as { bell?: EventEmitter }).bell?.emit("ring");
      session.close();
    },
    close: async () => {
      session.close();
      await interrupter.terminate();
      process.disconnect();
    },
  };
  process.on("message", async ({ id, method, args }: Call) => {
    const result = await methods[method]?.(...(args as never[]));
    if (process.connected) process.send?.({ id, result });
  });
}

if (process.argv[1] === SELF) await serve(process.argv[2] as string);
