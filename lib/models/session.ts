/**
 * A session of ONNX Runtime in a thread of its own: inference blocks the thread that it is called in, and a notebook's
 * must stay free.
 */
import { Worker } from "node:worker_threads";
import type { ImageBatch } from "./encoder.js";
import type { SessionAnswer, SessionOrder, SessionStart } from "./session-worker.js";

/** A session that is open. */
export interface Session {
  /** Versions of the engine's packages. */
  readonly versions: { readonly [name: string]: string };
  /**
   * Infers one batch; batches are taken one after the other. The memory of `data` is handed over where it owns all of
   * its buffer.
   * @returns the features, row by row, and the largest number of images that memory has allowed at once
   * @throws Error with the engine's reason; the session stays open
   */
  run(batch: ImageBatch): Promise<{ readonly features: Float32Array; readonly mostImages: number }>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(answer: { features: Float32Array; mostImages: number }): void;
  reject(error: Error): void;
}

/**
 * Opens a session; it is ready when the promise is fulfilled.
 * @throws Error with the engine's reason where the graph or the device cannot be opened
 */
export async function openSession(start: SessionStart): Promise<Session> {
  // without the caller's own options: those of a program given on the command line would fail a file
  const worker = new Worker(new URL("./session-worker.js", import.meta.url), {
    workerData: start,
    execArgv: [],
  });
  const waiting = new Map<number, Waiting>();
  let orders = 0;
  let ended: Error | undefined;
  let isClosing = false;
  const end = (error: Error) => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  const exited = new Promise<void>((resolve) =>
    worker.once("exit", (code) => {
      end(new Error(`Cannot infer: the session's thread ended (code ${code})`));
      resolve();
    }),
  );
  const order = (message: SessionOrder, transfer: ArrayBuffer[] = []) =>
    worker.postMessage(message, transfer);
  const ready = new Promise<{ readonly [name: string]: string }>((resolve, reject) => {
    worker.once("error", (error) => {
      reject(error);
      end(error instanceof Error ? error : new Error(String(error)));
    });
    worker.once("exit", () => reject(new Error("Cannot open a session: its thread ended")));
    worker.on("message", (answer: SessionAnswer) => {
      if ("versions" in answer) resolve(answer.versions);
      else if ("closed" in answer) reject(new Error(answer.closed));
      else {
        const { resolve, reject } = waiting.get(answer.id) ?? {};
        waiting.delete(answer.id);
        // who closes waits for the end, also where an answer comes late
        if (waiting.size === 0 && !isClosing) worker.unref();
        if ("failed" in answer) reject?.(new Error(answer.failed));
        else resolve?.(answer);
      }
    });
  });
  const versions = await ready.catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  // an open session that nobody waits for keeps no program alive
  worker.unref();
  return {
    versions,
    run: (batch) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        const id = orders++;
        waiting.set(id, { resolve, reject });
        worker.ref();
        order({ id, batch }, ownedBuffer(batch.data));
      }),
    async close() {
      end(new Error("Cannot infer: the encoder is closed"));
      isClosing = true;
      worker.ref();
      order("end");
      await exited;
    },
  };
}

function ownedBuffer({ buffer, byteLength }: Uint8Array | Float32Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
