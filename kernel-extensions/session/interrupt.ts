/**
 * How a running cell is stopped from another thread.
 *
 * Three places of shared memory say which cell runs, which cell the last interrupt was meant for, and whether loops
 * have to look. A signal to the own process wakes the main thread out of an await, and ends a synchronous call
 * that vm runs. Each signal is counted when sent and when received: the next cell starts only when none is under way,
 * so that a late one cannot hit it; one that Node has kept for the next script that vm runs is given a script of its
 * own to end. (The inspector's `Runtime.terminateExecution` would be simpler; it aborts Node 20.)
 */
import vm from "node:vm";
import { POLL_FLAG } from "./cell-transformers.js";

/** The places of the interrupt memory, each an int32. */
const RUNNING = 0;
const MEANT_FOR = 1;
const SENT = 3;
const RECEIVED = 4;
const PLACES = 8;

/** A signal that has not arrived by then was lost (the process ignored it); the next cell starts all the same. */
const SIGNAL_PATIENCE_MILLISECONDS = 200;

/** What an interrupted cell ends with. */
export class CellInterrupted extends Error {
  override readonly name = "KeyboardInterrupt";
  constructor() {
    super("cell interrupted");
  }
}

/**
 * Interrupts the cell that runs now; callable from any thread of the process.
 * @param memory the session's `interruptMemory`
 * @returns whether a cell was running
 */
export function requestInterrupt(memory: SharedArrayBuffer): boolean {
  const places = new Int32Array(memory);
  Atomics.add(places, SENT, 1);
  const cell = Atomics.load(places, RUNNING);
  if (cell === 0) {
    Atomics.sub(places, SENT, 1);
    return false;
  }
  Atomics.store(places, MEANT_FOR, cell);
  Atomics.store(places, POLL_FLAG, 1);
  process.kill(process.pid, "SIGINT");
  return true;
}

/** The main thread's side of the interrupt memory. */
export class InterruptState {
  readonly memory = new SharedArrayBuffer(PLACES * Int32Array.BYTES_PER_ELEMENT);
  readonly flags: Int32Array = new Int32Array(this.memory);

  /** Resolves once no signal is under way; then marks the cell as the one that runs. */
  async begin(cell: number): Promise<void> {
    const patience = Date.now() + SIGNAL_PATIENCE_MILLISECONDS;
    while (this.#signalUnderWay() && Date.now() < patience) {
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
    vm.runInThisContext("for (const end = Date.now() + 3; Date.now() < end; );", { breakOnSigint: true });
    return false;
  } catch {
    return true;
  }
}
