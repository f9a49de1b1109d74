/** A worker of the resize benchmark: resizes one picture as often as it is told, and answers when it is done. */
import { parentPort } from "node:worker_threads";
import { type Pixels, resize } from "../lib/images/index.js";

/** What a worker is told to do. */
export interface ResizeWork {
  readonly pixels: Pixels;
  readonly side: number;
  readonly count: number;
}

parentPort?.on("message", ({ pixels, side, count }: ResizeWork) => {
  for (let i = 0; i < count; i++) resize(pixels, { width: side, height: side }, "bicubic");
  parentPort?.postMessage("done");
});
