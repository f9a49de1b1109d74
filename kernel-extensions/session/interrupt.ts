/**
 * How a running cell is stopped from another thread.
 *
 * Shared memory says which cell runs, which cell the last interrupt was meant for, and whether loops have to look: a
 * loop stops at its poll. `Atomics.waitAsync` wakes the main thread out of an await. Only where neither is heard in
 * time, in synchronous code without loops, a signal is sent to the own process, which ends what vm runs. Signals are
 * counted when sent and when received: the next cell starts only when none is under way, so that a late one cannot
 * hit it. (The inspector's `Runtime.terminateExecution` would be simpler; it aborts Node 20.)
 */
// taken at load: a cell that mocks the global timers must not stop the kernel
import { setImmediate } from "node:timers";
import vm from "node:vm";
import { isMainThread } from "node:worker_threads";
import { POLL_FLAG } from "./cell-transformers.js";

/** The places of the interrupt memory, each an int32. */
const RUNNING = 0;
const MEANT_FOR = 1;
const SENT = 3;
const RECEIVED = 4;
/** Counts the interrupts; the main thread waits for it to change. */
export const REQUESTS = 5;
/** The last cell that was interrupted. */
const TAKEN = 6;
const PLACES = 8;

const now = performance.now.bind(performance);

/** A loop polls, and an await ends, well within this time; code that does neither gets the signal. */
const POLL_PATIENCE_MILLISECONDS = 100;

/** A signal that has not arrived by then was lost (vm drops one that comes as it ends); the next cell starts. */
const SIGNAL_PATIENCE_MILLISECONDS = 200;

/** What an interrupted cell ends with. */
export class CellInterrupted extends Error {
  override readonly name = "KeyboardInterrupt";
  constructor() {
    super("cell interrupted");
  }
}

/**
 * Interrupts the cell that runs now; callable from any thread of the process. Blocks the calling thread for a tenth
 * of a second where the cell neither polls nor waits.
 * @param memory the session's `interruptMemory`
 * @returns whether a cell was running
 */
export function requestInterrupt(memory: SharedArrayBuffer): boolean {
  const places = new Int32Array(memory);
  const cell = Atomics.load(places, RUNNING);
  if (cell === 0) return false;
  Atomics.store(places, MEANT_FOR, cell);
  Atomics.store(places, POLL_FLAG, 1);
  Atomics.add(places, REQUESTS, 1);
  Atomics.notify(places, REQUESTS);
  if (isMainThread || waitUntilTaken(places, cell)) return true;
  Atomics.add(places, SENT, 1);
  if (Atomics.load(places, RUNNING) === cell) process.kill(process.pid, "SIGINT");
  else Atomics.sub(places, SENT, 1);
  return true;
}

function waitUntilTaken(places: Int32Array, cell: number): boolean {
  const patience = now() + POLL_PATIENCE_MILLISECONDS;
  for (;;) {
    const taken = Atomics.load(places, TAKEN);
    const left = patience - now();
    if (taken === cell || Atomics.load(places, RUNNING) !== cell) return true;
    if (left <= 0) return false;
    Atomics.wait(places, TAKEN, taken, left);
  }
}

/** The main thread's side of the interrupt memory. */
export class InterruptState {
  readonly memory = new SharedArrayBuffer(PLACES * Int32Array.BYTES_PER_ELEMENT);
  readonly flags: Int32Array = new Int32Array(this.memory);

  #closed = false;

  /** Calls back on the main thread after each interrupt, as soon as that thread is free. */
  listen(onInterrupt: () => void): void {
    const wait = (): void => {
      const { async, value } = waitAsync(this.flags, REQUESTS, Atomics.load(this.flags, REQUESTS));
      const heard = (): void => {
        if (this.#closed) return;
        wait();
        onInterrupt();
      };
      if (async) value.then(heard);
      else queueMicrotask(heard);
    };
    wait();
  }

  /** Ends the waiting of `listen`. */
  close(): void {
    this.#closed = true;
    Atomics.notify(this.flags, REQUESTS);
  }

  /** Tells the thread that asked that this cell is being stopped. */
  taken(cell: number): void {
    Atomics.store(this.flags, TAKEN, cell);
    Atomics.notify(this.flags, TAKEN);
  }

  /** Resolves once no signal is under way; then marks the cell as the one that runs. */
  async begin(cell: number): Promise<void> {
    const patience = now() + SIGNAL_PATIENCE_MILLISECONDS;
    while (this.#signalUnderWay() && now() < patience) {
      if (swallowSignal()) this.signalArrived();
      await new Promise((resolve) => setImmediate(resolve));
    }
    Atomics.store(this.flags, RECEIVED, Atomics.load(this.flags, SENT));
    Atomics.store(this.flags, RUNNING, cell);
  }

  end(): void {
    Atomics.store(this.flags, RUNNING, 0);
  }

  /** Whether the last interrupt was meant for this cell. */
  isMeantFor(cell: number): boolean {
    return Atomics.load(this.flags, MEANT_FOR) === cell;
  }

  /** Counts a signal as arrived, in a listener or as vm's error. */
  signalArrived(): void {
    if (this.#signalUnderWay()) Atomics.add(this.flags, RECEIVED, 1);
  }

  /** Says whether loops have to ask `stop`: while an interrupt is open or interrupted work still goes on. */
  setPolling(on: boolean): void {
    Atomics.store(this.flags, POLL_FLAG, on ? 1 : 0);
  }

  #signalUnderWay(): boolean {
    return Atomics.load(this.flags, SENT) > Atomics.load(this.flags, RECEIVED);
  }
}

/**
 * Runs a script for a moment, to be ended in place of a cell. A signal that comes while vm is leaving a script stays
 * behind in Node's watchdog, and ends the next script at once.
 * @returns whether a signal was there
 */
function swallowSignal(): boolean {
  try {
    vm.runInThisContext("for (let i = 0; i < 5e6; i++);", { breakOnSigint: true });
    return false;
  } catch {
    return true;
  }
}

/** `Atomics.waitAsync`, which Node has since version 16 and TypeScript's ES2023 library has not. */
const { waitAsync } = Atomics as unknown as {
  waitAsync(
    array: Int32Array,
    place: number,
    value: number,
  ): { async: false; value: string } | { async: true; value: Promise<string> };
};
