/** The thread that takes rows into moments: of each part until it is asked for them. */
import { parentPort, workerData } from "node:worker_threads";
import { Moments } from "./moments.js";

/** What the thread is started with. */
export interface MomentsThreadStart {
  /** Features of one image. */
  readonly width: number;
}

/** What it is told: rows of a part, to give the part's moments, or to end when all before is done. */
export type MomentsOrder =
  | { readonly part: number; readonly rows: Float32Array; readonly count: number }
  | { readonly part: number }
  | "end";

/** What it answers, in the order of what it was told. */
export type MomentsAnswer =
  /** The moments, where they were asked for. */
  { readonly moments?: Float64Array } | { readonly failed: Error };

if (parentPort !== null) {
  const port = parentPort;
  const { width }: MomentsThreadStart = workerData;
  const parts = new Map<number, Moments>();
  const answerTo = async (order: Exclude<MomentsOrder, "end">): Promise<{ moments?: Float64Array }> => {
    const moments = parts.get(order.part) ?? Moments.of(width);
    if ("rows" in order) {
      await moments.addRows(order.rows, order.count);
      parts.set(order.part, moments);
      return {};
    }
    parts.delete(order.part);
    return { moments: moments.toBinary() };
  };
  const take = async (order: MomentsOrder): Promise<void> => {
    if (order === "end") return port.close();
    try {
      const answer = await answerTo(order);
      port.postMessage(answer, answer.moments === undefined ? [] : [answer.moments.buffer as ArrayBuffer]);
    } catch (error) {
      port.postMessage({ failed: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  // one after the other: rows of a part in their order
  let last: Promise<void> = Promise.resolve();
  port.on("message", (order: MomentsOrder) => {
    last = last.then(() => take(order));
  });
}
