/**
 * The time limit of a cell: a thread of its own watches the clock, because a cell in a loop leaves the main thread none.
 * The same thread ends the process when the runner that started it has died.
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { requestInterrupt } from "../session/interrupt.js";

/** How often the thread looks whether the runner still lives, in milliseconds. */
const PARENT_CHECK_MILLISECONDS = 1000;

interface WatchData {
  readonly turnMemory: SharedArrayBuffer;
  readonly interruptMemory: SharedArrayBuffer;
  readonly parent: number;
}

/** Watches one cell at a time. */
export class Deadline {
  /** One int32: the turn whose time runs, the same below 0 once it was up, 0 between cells. */
  readonly turnMemory: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  readonly #worker: Worker;
  #turn = 0;

  /** @param interruptMemory the session's, see `requestInterrupt` */
  constructor(interruptMemory: SharedArrayBuffer) {
    const data: WatchData = { turnMemory: this.turnMemory, interruptMemory, parent: process.ppid };
    this.#worker = new Worker(new URL(import.meta.url), { workerData: data, stdout: false });
    this.#worker.unref();
  }

  /** Starts the time of a cell, in seconds. */
  begin(seconds: number): void {
    Atomics.store(new Int32Array(this.turnMemory), 0, ++this.#turn);
    this.#worker.postMessage({ turn: this.#turn, seconds });
  }

  /** Ends the time of the cell. @returns whether it was up */
  end(): boolean {
    this.#worker.postMessage({ turn: this.#turn, seconds: undefined });
    return Atomics.exchange(new Int32Array(this.turnMemory), 0, 0) < 0;
  }
}

/**
 * Says that the time of a turn is up.
 *
 * Either this or `end` comes first, never both: a timer that fires as its cell ends must not hit the next one.
 * @param turnMemory the deadline's
 * @returns whether the turn still ran
 */
export function expire(turnMemory: SharedArrayBuffer, turn: number): boolean {
  return Atomics.compareExchange(new Int32Array(turnMemory), 0, turn, -turn) === turn;
}

function watch({ turnMemory, interruptMemory, parent }: WatchData): void {
  let timer: NodeJS.Timeout | undefined;
  parentPort!.on("message", ({ turn, seconds }: { turn: number; seconds: number | undefined }) => {
    clearTimeout(timer);
    if (seconds === undefined) return;
    timer = setTimeout(() => {
      if (expire(turnMemory, turn)) requestInterrupt(interruptMemory);
    }, seconds * 1000);
  });
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, PARENT_CHECK_MILLISECONDS);
}

if (!isMainThread && (workerData as Partial<WatchData> | null)?.turnMemory) watch(workerData as WatchData);
