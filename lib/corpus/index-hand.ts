/** A hand of the builder: indexes one shard at a time, in a thread of its own or in this one. */
import { Worker } from "node:worker_threads";
import type { ClaimToken } from "../io/index.js";
import type { IndexedShard, PartRecord } from "./index-folder.js";
import type { PartWriter } from "./index-part.js";
import type { WorkerAnswer, WorkerOrder, WorkerStart } from "./index-worker.js";
import type { Shard } from "./shards.js";

/** One shard after the other. */
export interface Hand {
  /** The part's record; undefined where another process took the claim over. */
  build(shard: Shard, indexed: IndexedShard, claim: ClaimToken): Promise<PartRecord | undefined>;
  close(): Promise<void>;
}

/**
 * A hand; what it needs is loaded with its first shard.
 * @param threads whether local shards go to a thread; others are read here in any case
 * @param onImages is told how many images were read since the last time
 */
export function openHand(
  folder: string,
  hash: boolean,
  threads: boolean,
  signal: AbortSignal,
  onImages: (count: number) => void,
): Hand {
  let thread: ReturnType<typeof startThread> | undefined;
  let writer: PartWriter | undefined;
  const here = async (shard: Shard, indexed: IndexedShard, claim: ClaimToken) => {
    const { ClaimLost, PartWriter } = await import("./index-part.js");
    writer ??= await PartWriter.open(folder);
    try {
      return await writer.write(shard, indexed, claim, { hash, signal, onImages });
    } catch (error) {
      if (error instanceof ClaimLost) return undefined;
      throw error;
    }
  };
  return {
    build(shard, indexed, claim) {
      if (!threads || shard.path === undefined) return here(shard, indexed, claim);
      thread ??= startThread({ folder, hash }, signal, onImages);
      return thread.build({ path: shard.path, shard: indexed, claim });
    },
    async close() {
      writer?.close();
      await thread?.close();
    },
  };
}

function startThread(start: WorkerStart, signal: AbortSignal, onImages: (count: number) => void) {
  // without the caller's own options: those of a program given on the command line would fail a file
  const worker = new Worker(new URL("./index-worker.js", import.meta.url), {
    workerData: start,
    execArgv: [],
  });
  const order = (message: WorkerOrder) => worker.postMessage(message);
  let settle: { resolve(part: PartRecord | undefined): void; reject(error: unknown): void } | undefined;
  const fail = (error: unknown) => settle?.reject(error);
  const ended = new Promise<void>((resolve) =>
    worker.on("exit", (code) => {
      fail(new Error(`Cannot build the index: its thread ended with code ${code}`));
      resolve();
    }),
  );
  const stop = () => order("stop");
  signal.addEventListener("abort", stop);
  worker.on("error", fail);
  worker.on("message", (answer: WorkerAnswer) => {
    if ("images" in answer) onImages(answer.images);
    else if ("part" in answer) settle?.resolve(answer.part);
    else if ("lost" in answer) settle?.resolve(undefined);
    else fail(signal.aborted ? signal.reason : answer.failed);
  });
  return {
    build: (message: Exclude<WorkerOrder, string>) =>
      new Promise<PartRecord | undefined>((resolve, reject) => {
        settle = { resolve, reject };
        order(message);
        if (signal.aborted) stop();
      }),
    async close() {
      signal.removeEventListener("abort", stop);
      order("end");
      await ended;
    },
  };
}
