/** Long loops of our own: the thread has turns between their pieces, and a signal stops them there. */
import { setImmediate } from "node:timers/promises";

/** What long work can be told. */
export interface Stoppable {
  /** Stops the work between two pieces, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Operations between two turns: some hundredths of a second of plain loops. */
const OPERATIONS = 2 ** 24;

/** Counts what a loop does. */
export interface Pauses {
  /** Adds operations; whether it is time for a turn. */
  isDue(operations: number): boolean;
  /** @throws the signal's reason */
  take(): Promise<void>;
}

/**
 * The turns of one piece of work.
 * @example
 * const pauses = pausesFor(options);
 * for (const row of rows) {
 *   work(row);
 *   if (pauses.isDue(row.length)) await pauses.take();
 * }
 */
export function pausesFor({ signal }: Stoppable): Pauses {
  let done = 0;
  return {
    isDue(operations) {
      done += operations;
      return done >= OPERATIONS;
    },
    async take() {
      done = 0;
      await setImmediate();
      signal?.throwIfAborted();
    },
  };
}
