/** The thread of a session: opens it, infers what it is sent, halves a batch that memory is too small for. */
import { parentPort, workerData } from "node:worker_threads";
import ort from "onnxruntime-node";
import type { ImageBatch } from "./encoder.js";

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

/** What the engine and CUDA say when memory does not suffice. */
const OUT_OF_MEMORY = /out of memory|failed to allocate|bad_alloc|cudaErrorMemoryAllocation|cannot allocate/i;
const ERRORS_ONLY = 3;

if (parentPort !== null) {
  const port = parentPort;
  const start: SessionStart = workerData;
  const answer = (message: SessionAnswer, transfer: ArrayBuffer[] = []) =>
    port.postMessage(message, transfer);
  try {
    const session = await openEngine(start);
    const infer = inferrer(session, start);
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
          ({ features, mostImages }) => answer({ id, features, mostImages }, [features.buffer]),
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

/** Infers a batch in as many pieces as memory demands, and remembers how large a piece may be. */
function inferrer(session: ort.InferenceSession, { inputName, outputName, width }: SessionStart) {
  let mostImages = Number.POSITIVE_INFINITY;
  return async (batch: ImageBatch): Promise<{ features: Float32Array<ArrayBuffer>; mostImages: number }> => {
    const { count, data } = batch;
    const features = new Float32Array(count * width);
    const imageValues = batch.height * batch.width * 3;
    for (let done = 0; done < count; ) {
      const images = Math.min(count - done, mostImages);
      const pixels = data.subarray(done * imageValues, (done + images) * imageValues);
      const dims = [images, batch.height, batch.width, 3];
      const tensor =
        pixels instanceof Uint8Array
          ? new ort.Tensor("uint8", pixels, dims)
          : new ort.Tensor("float32", pixels, dims);
      try {
        const output = (await session.run({ [inputName]: tensor }, [outputName]))[outputName];
        features.set(checked(output, images * width), done * width);
        done += images;
      } catch (error) {
        if (images === 1 || !OUT_OF_MEMORY.test(messageOf(error))) throw error;
        mostImages = images >> 1;
      }
    }
    return { features, mostImages };
  };
}

function checked(output: ort.Tensor | undefined, values: number): Float32Array {
  if (output?.data instanceof Float32Array && output.data.length === values) return output.data;
  throw new Error(`Cannot infer: ${values} features are needed, got ${output?.dims.join(" x ") ?? "none"}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
