/** The thread that prepares images: takes one, answers with it as the protocol makes it, or with why there is none. */
import { parentPort, workerData } from "node:worker_threads";
import sharp from "sharp";
import { decode } from "./decode.js";
import { ImageError } from "./image-error.js";
import type { PreparingInput, PreparingResult, PreparingStart } from "./preparing-messages.js";
import { protocolById } from "./protocols.js";

if (parentPort !== null) {
  const port = parentPort;
  // images come once each: nothing to keep; and they are decoded side by side, each in one thread
  sharp.cache(false);
  sharp.concurrency(1);
  const protocol = protocolById((workerData as PreparingStart).protocol);
  const work = async (input: PreparingInput): Promise<PreparingResult> => {
    const pixels = "bytes" in input ? await decode(input.bytes, input.key) : input.pixels;
    return { image: protocol.prepare(pixels) };
  };
  port.on("message", (input: PreparingInput) => {
    work(input).then(
      (result) =>
        port.postMessage(result, "image" in result ? [result.image.data.buffer as ArrayBuffer] : []),
      (error: unknown) => port.postMessage({ failed: failureOf(input.key, error) } satisfies PreparingResult),
    );
  });
}

function failureOf(key: string, error: unknown): { readonly kind: string; readonly message: string } {
  if (error instanceof ImageError) return { kind: error.kind, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "failed", message: `Cannot prepare ${key}: ${message}` };
}
