/** The thread of a session: opens it, infers what it is sent. */
import { parentPort, workerData } from "node:worker_threads";
import ort from "onnxruntime-node";
import type { ImageBatch } from "./encoder.js";
import { type InferPiece, inPieces } from "./infer-in-pieces.js";

/** What the thread is started with. */
export interface SessionStart {
  readonly modelPath: string;
  readonly inputName: string;
  readonly outputName: string;
  /** Features of one image. */
  readonly width: number;
  readonly device: { readonly device: "cpu" } | { readonly device: "cuda"; readonly index: number };
  /** Threads of the CPU that one inference uses. */
  readonly threads: number;
}

/** What it is told. */
export type SessionOrder = { readonly id: number; readonly batch: ImageBatch } | "end";

/** What it answers: first that it is ready, or why not; then one answer for each batch. */
export type SessionAnswer =
  | { readonly versions: { readonly [name: string]: string } }
  | { readonly closed: string }
  | { readonly id: number; readonly failed: string }
  | { readonly id: number; readonly features: Float32Array; readonly mostImages: number };

const ERRORS_ONLY = 3;

if (parentPort !== null) {
  const port = parentPort;
  const start: SessionStart = workerData;
  const answer = (message: SessionAnswer, transfer: ArrayBuffer[] = []) =>
    port.postMessage(message, transfer);
  try {
    const session = await openEngine(start);
    const infer = inPieces(engineRun(session, start), start.width);
    // one after the other: two runs at once would share the threads and double the memory
    let last: Promise<void> = Promise.resolve();
    port.on("message", (order: SessionOrder) => {
      last = last.then(async () => {
        if (order === "end") {
          await session.release();
          port.close();
          return;
        }
        const { id, batch } = order;
        await infer(batch).then(
          ({ features, mostImages }) =>
            answer({ id, features, mostImages }, [features.buffer as ArrayBuffer]),
          (error) => answer({ id, failed: messageOf(error) }),
        );
      });
    });
    answer({ versions: { "onnxruntime-node": ort.env.versions.node ?? ort.env.versions.common } });
  } catch (error) {
    answer({ closed: messageOf(error) });
  }
}

function openEngine({ modelPath, device, threads }: SessionStart): Promise<ort.InferenceSession> {
  const provider = device.device === "cuda" ? { name: "cuda" as const, deviceId: device.index } : "cpu";
  return ort.InferenceSession.create(modelPath, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    logSeverityLevel: ERRORS_ONLY,
  });
}

/** One call of the engine. */
function engineRun(session: ort.InferenceSession, { inputName, outputName }: SessionStart): InferPiece {
  return async ({ count, height, width, data }) => {
    const dims = [count, height, width, 3];
    const tensor =
      data instanceof Uint8Array
        ? new ort.Tensor("uint8", data, dims)
        : new ort.Tensor("float32", data, dims);
    const output = (await session.run({ [inputName]: tensor }, [outputName]))[outputName];
    if (output?.data instanceof Float32Array) return output.data;
    throw new Error(`Cannot infer: float32 features are needed, got ${output?.type ?? "none"}`);
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
