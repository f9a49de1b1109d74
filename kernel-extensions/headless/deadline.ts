/**
 * The time limit of a cell: a thread of its own watches the clock, because a cell in a loop leaves the main thread none.
 * The same thread ends the process when the runner that started it has died.
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { requestInterrupt } from "../session/interrupt.js";

/** How often the thread looks whether the runner still lives, in milliseconds. */
const PARENT_CHECK_MILLISECONDS = 1000;

interface WatchData {
  readonly deadlineOf: SharedArrayBuffer;
  readonly interruptMemory: SharedArrayBuffer;
  readonly parent: number;
}

/** Watches one cell at a time. */
export class Deadline {
  readonly #fired = new SharedArrayBuffer(4);
  readonly #worker: Worker;
  #turn = 0;

  /** @param interruptMemory the session's, see `requestInterrupt` */
  constructor(interruptMemory: SharedArrayBuffer) {
    const data: WatchData = { deadlineOf: this.#fired, interruptMemory, parent: process.ppid };
    this.#worker = new Worker(new URL(import.meta.url), { workerData: data, stdout: false });
    this.#worker.unref();
  }

  /** Starts the time of a cell, in seconds. */
  begin(seconds: number): void {
    this.#worker.postMessage({ turn: ++this.#turn, seconds });
  }

  /** Ends the time of the cell. @returns whether it was up */
  end(): boolean {
    this.#worker.postMessage({ turn: this.#turn, seconds: undefined });
    return Atomics.load(new Int32Array(this.#fired), 0) === this.#turn;
  }
}

function watch({ deadlineOf, interruptMemory, parent }: WatchData): void {
  let timer: NodeJS.Timeout | undefined;
  parentPort!.on("message", ({ turn, seconds }: { turn: number; seconds: number | undefined }) => {
    clearTimeout(timer);
    if (seconds === undefined) return;
    timer = setTimeout(() => {
      Atomics.store(new Int32Array(deadlineOf), 0, turn);
      requestInterrupt(interruptMemory);
    }, seconds * 1000);
  });
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, PARENT_CHECK_MILLISECONDS);
}

if (!isMainThread && (workerData as Partial<WatchData> | null)?.deadlineOf) watch(workerData as WatchData);
