/**
 * Moments of the rows of an extraction, in a thread of their own where rows are wide.
 *
 * The products of 512 rows of 1,024 features are 300 million multiplications: tens of milliseconds of the engine, which
 * works in the thread that asks it. The one that feeds the encoder, and a notebook with it, would answer nobody.
 */
import { Worker } from "node:worker_threads";
import type { MomentsAnswer, MomentsOrder, MomentsThreadStart } from "./extract-moments-worker.js";
import { Moments } from "./moments.js";

/** Features of an image below which a thread costs more than it takes over. */
const THREAD_FROM_WIDTH = 256;

/** Moments of one part. */
export interface PartMoments {
  /** Features of one image. */
  readonly width: number;
  /** Adds rows: count x width; they are taken up when the promise is fulfilled. */
  add(rows: Float32Array, count: number): Promise<void>;
  /** The moments of all rows, as `Moments.toBinary` gives them; none can be added afterwards. */
  finish(): Promise<Float64Array>;
}

/** Where moments are computed. */
export interface MomentsHand {
  begin(): PartMoments;
  close(): Promise<void>;
}

/**
 * Opens a hand for moments; a thread starts with the first part.
 * @param width features of one image
 */
export function openMoments(width: number): MomentsHand {
  if (width >= THREAD_FROM_WIDTH) return momentsThread(width);
  return {
    begin() {
      const moments = Moments.of(width);
      return {
        width,
        add: async (rows, count) => moments.add(rows, count),
        finish: async () => moments.toBinary(),
      };
    },
    async close() {},
  };
}

function momentsThread(width: number): MomentsHand {
  let worker: Worker | undefined;
  let failure: Error | undefined;
  let ended: Promise<void> | undefined;
  let parts = 0;
  const waiting: { resolve(moments: Float64Array | undefined): void; reject(error: Error): void }[] = [];
  const fail = (error: Error) => {
    failure ??= error;
    for (const one of waiting.splice(0)) one.reject(failure);
  };
  const start = (): Worker => {
    const workerData: MomentsThreadStart = { width };
    // without the caller's own options: those of a program given on the command line would fail a file
    const made = new Worker(new URL("./extract-moments-worker.js", import.meta.url), {
      workerData,
      execArgv: [],
    });
    made.on("error", fail);
    ended = new Promise((resolve) =>
      made.on("exit", (code) => {
        fail(new Error(`Cannot compute moments: their thread ended with code ${code}`));
        resolve();
      }),
    );
    // answers come in the order of the questions
    made.on("message", (answer: MomentsAnswer) =>
      "failed" in answer ? waiting.shift()?.reject(answer.failed) : waiting.shift()?.resolve(answer.moments),
    );
    return made;
  };
  const ask = (order: MomentsOrder) =>
    new Promise<Float64Array | undefined>((resolve, reject) => {
      if (failure !== undefined) return reject(failure);
      worker ??= start();
      waiting.push({ resolve, reject });
      worker.postMessage(order);
    });
  return {
    begin() {
      const part = parts++;
      return {
        width,
        add: async (rows, count) => void (await ask({ part, rows, count })),
        finish: async () => (await ask({ part })) as Float64Array,
      };
    },
    async close() {
      if (worker === undefined) return;
      const order: MomentsOrder = "end";
      worker.postMessage(order);
      await ended;
    },
  };
}
