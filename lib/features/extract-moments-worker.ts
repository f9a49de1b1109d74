/** The thread that takes rows into moments: of each part until it is asked for them. */
import { parentPort, workerData } from "node:worker_threads";
import { Moments } from "./moments.js";

/** What the thread is started with. */
export interface MomentsThreadStart {
  /** Features of one image. */
  readonly width: number;
}

/** What it is told: rows of a part, or to give the part's moments. */
export type MomentsOrder =
  | { readonly part: number; readonly rows: Float32Array; readonly count: number }
  | { readonly part: number };

/** What it answers, in the order of what it was told. */
export type MomentsAnswer =
  /** The moments, where they were asked for. */
  { readonly moments?: Float64Array } | { readonly failed: Error };

if (parentPort !== null) {
  const port = parentPort;
  const { width }: MomentsThreadStart = workerData;
  const parts = new Map<number, Moments>();
  const answerTo = (order: MomentsOrder): { readonly moments?: Float64Array } => {
    const moments = parts.get(order.part) ?? Moments.of(width);
    if ("rows" in order) {
      moments.add(order.rows, order.count);
      parts.set(order.part, moments);
      return {};
    }
    parts.delete(order.part);
    return { moments: moments.toBinary() };
  };
  port.on("message", (order: MomentsOrder) => {
    try {
      const answer = answerTo(order);
      port.postMessage(answer, answer.moments === undefined ? [] : [answer.moments.buffer as ArrayBuffer]);
    } catch (error) {
      port.postMessage({ failed: error instanceof Error ? error : new Error(String(error)) });
    }
  });
}
