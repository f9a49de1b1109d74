/**
 * A pool of threads that decode images and prepare them as a protocol says.
 *
 * Each thread has one image at a time; what waits, waits with the caller's promise. Whoever calls keeps the order, and
 * bounds memory by how many results it asks for at once: two for each thread keep all of them busy.
 */
import { Worker } from "node:worker_threads";
import type { PreparingInput, PreparingResult, PreparingStart } from "./preparing-messages.js";
import type { ProtocolId } from "./protocol.js";

export type { PreparingInput, PreparingResult } from "./preparing-messages.js";

/** A pool that is open. */
export interface Preparing {
  /**
   * Decodes and prepares one image. The memory of `input` is handed over where that can be, and is empty afterwards:
   * it is not to be used again.
   * @returns the image, or why there is none: a damaged image, or a thread that died of it, is a result and no error
   * @throws Error where the pool is closed
   */
  prepare(input: PreparingInput): Promise<PreparingResult>;
  /** Ends the threads; images that they have or that wait fail. */
  close(): Promise<void>;
  /** Threads at most; each starts with the first image that finds the others busy. */
  readonly workers: number;
}

/** What a pool takes. */
export interface PreparingOptions {
  /** Threads, at least 1. */
  readonly workers: number;
}

interface Job {
  readonly input: PreparingInput;
  resolve(result: PreparingResult): void;
  reject(error: Error): void;
}

interface Hand {
  readonly worker: Worker;
  job: Job | undefined;
}

/**
 * Opens a pool; its threads start as images come.
 * @throws RangeError where `workers` is no whole number above 0
 * @example
 * const pool = openPreparing("gpic-256", { workers: 2 });
 * const result = await pool.prepare({ key: "a.jpg", bytes: await readFile("a.jpg") });
 * if ("image" in result) console.log(result.image.width); // 256
 * await pool.close();
 */
export function openPreparing(protocol: ProtocolId, { workers }: PreparingOptions): Preparing {
  if (!Number.isSafeInteger(workers) || workers < 1)
    throw new RangeError(
      `Cannot prepare images: a whole number of workers above 0 is needed, got ${workers}`,
    );
  const hands = new Set<Hand>();
  const idle: Hand[] = [];
  const waiting: Job[] = [];
  const ended: Promise<void>[] = [];
  let isClosed = false;

  const start = (): Hand => {
    const workerData: PreparingStart = { protocol };
    // without the caller's own options: those of a program given on the command line would fail a file
    const worker = new Worker(new URL("./preparing-worker.js", import.meta.url), {
      workerData,
      execArgv: [],
    });
    const hand: Hand = { worker, job: undefined };
    let reason = "";
    worker.on("error", (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.on("message", (result: PreparingResult) => {
      const job = hand.job;
      hand.job = undefined;
      job?.resolve(result);
      give(hand);
    });
    ended.push(
      new Promise((resolve) =>
        worker.on("exit", (code) => {
          hands.delete(hand);
          const job = hand.job;
          hand.job = undefined;
          job?.resolve(died(job.input.key, reason === "" ? `it ended with code ${code}` : reason));
          resolve();
          const next = isClosed ? undefined : waiting.shift();
          if (next !== undefined) take(start(), next);
        }),
      ),
    );
    hands.add(hand);
    return hand;
  };

  const give = (hand: Hand): void => {
    const next = waiting.shift();
    if (next !== undefined) take(hand, next);
    else {
      // an idle thread keeps no process alive
      hand.worker.unref();
      idle.push(hand);
    }
  };

  return {
    workers,
    prepare(input) {
      if (isClosed) return Promise.reject(closed(input.key));
      return new Promise((resolve, reject) => {
        const job = { input, resolve, reject };
        let hand = idle.pop();
        while (hand !== undefined && !hands.has(hand)) hand = idle.pop();
        if (hand === undefined && hands.size < workers) hand = start();
        if (hand === undefined) waiting.push(job);
        else take(hand, job);
      });
    },
    async close() {
      isClosed = true;
      for (const { job } of hands) job?.reject(closed(job.input.key));
      for (const job of waiting.splice(0)) job.reject(closed(job.input.key));
      await Promise.all([...hands].map(({ worker }) => worker.terminate()));
      await Promise.all(ended);
    },
  };
}

function take(hand: Hand, job: Job): void {
  hand.job = job;
  hand.worker.ref();
  const { input } = job;
  const data = "bytes" in input ? input.bytes : input.pixels.data;
  const { buffer } = data;
  const isWhole = buffer instanceof ArrayBuffer && data.byteLength === buffer.byteLength;
  try {
    hand.worker.postMessage(input, isWhole ? [buffer] : []);
  } catch (error) {
    // memory of libvips, and of Node's own pool, cannot be handed over: Node 20 copies it, later ones throw
    if (!(error instanceof DOMException) || error.name !== "DataCloneError") throw error;
    hand.worker.postMessage(input);
  }
}

function died(key: string, reason: string): PreparingResult {
  const message = `Cannot prepare ${key}: the thread that had it died: ${reason}`;
  return { failed: { kind: "thread died", message } };
}

function closed(key: string): Error {
  return new Error(`Cannot prepare ${key}: the pool is closed`);
}
