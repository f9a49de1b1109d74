/** The thread that indexes shards: takes one at a time, tells how far it is, answers with the part's record. */
import { parentPort, workerData } from "node:worker_threads";
import type { ClaimToken } from "../io/index.js";
import type { IndexedShard, PartRecord } from "./index-folder.js";
import { ClaimLost, PartWriter } from "./index-part.js";
import { shardAt } from "./shards.js";

/** What the thread is started with. */
export interface WorkerStart {
  readonly folder: string;
  readonly hash: boolean;
}

/** What it is told: a shard, or to stop the one it is at. */
export type WorkerOrder =
  | { readonly path: string; readonly shard: IndexedShard; readonly claim: ClaimToken }
  | "stop"
  | "end";

/** What it answers. */
export type WorkerAnswer =
  | { readonly images: number }
  | { readonly part: PartRecord }
  | { readonly lost: string }
  | { readonly failed: Error };

if (parentPort !== null) {
  const port = parentPort;
  const { folder, hash }: WorkerStart = workerData;
  const answer = (message: WorkerAnswer) => port.postMessage(message);
  let stop = new AbortController();
  let writer: PartWriter | undefined;
  const index = async ({ path, shard, claim }: Exclude<WorkerOrder, string>) => {
    stop = new AbortController();
    writer ??= await PartWriter.open(folder);
    const onImages = (images: number) => answer({ images });
    const options = { hash, signal: stop.signal, onImages };
    return writer.write(shardAt(path, shard.name), shard, claim, options);
  };
  port.on("message", (order: WorkerOrder) => {
    if (order === "stop") stop.abort();
    else if (order === "end") {
      writer?.close();
      port.close();
    } else
      index(order).then(
        (part) => answer({ part }),
        (error) => answer(error instanceof ClaimLost ? { lost: error.message } : { failed: asError(error) }),
      );
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
