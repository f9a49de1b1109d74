/** Reads images and has them prepared, ahead of the encoder and in order. */
import { ImageError, type ImageItem, type PreparedImage, type Preparing } from "../images/index.js";
import type { AheadQueue } from "./extract-queue.js";
import type { ExtractFailure } from "./extract-types.js";
import type { PartStore, PartWork } from "./parts.js";

/** What comes to the encoder, in order: a part begins, its images and failures, it ends. */
export type ExtractStep =
  | { readonly begin: PartWork; readonly atSeconds: number }
  | { readonly key: string; readonly image: PreparedImage }
  | { readonly failure: ExtractFailure }
  | { readonly end: PartWork };

/** Images that are read or decoded at a time, for each thread of the pool: one that it has, one that waits for it. */
const WORKING_PER_THREAD = 2;
/** Threads of the pool that may die one after the other: one dies of its image, so many die of something else. */
const MAX_DEATHS_IN_A_ROW = 8;
/** Errors of the system that are a file's own; any other ends the run, as the next image would meet it too. */
const UNREADABLE = new Set(["EACCES", "EISDIR", "ELOOP", "ENAMETOOLONG", "ENOENT", "ENOTDIR", "EPERM"]);

/**
 * Fills the queue until the store has nothing more to give.
 * @throws what the queue was stopped with; what a container cannot be read for
 */
export async function readAhead(
  store: PartStore,
  preparing: Preparing,
  queue: AheadQueue<ExtractStep>,
  signal: AbortSignal,
  now: () => number,
): Promise<void> {
  const deaths = { inARow: 0 };
  for (;;) {
    const work = await store.next();
    if (work === undefined) return;
    queue.tell({ begin: work, atSeconds: now() });
    const onProblem = ({ key, message }: { readonly key: string; readonly message: string }) =>
      queue.tell({ failure: { key, kind: "record", message } });
    for await (const item of work.part.items({ signal, onProblem })) {
      await queue.room(WORKING_PER_THREAD * preparing.workers);
      queue.put(prepare(item, preparing, deaths));
    }
    queue.tell({ end: work });
  }
}

async function prepare(
  item: ImageItem,
  preparing: Preparing,
  deaths: { inARow: number },
): Promise<ExtractStep> {
  const { key } = item;
  const content = await read(item);
  if ("kind" in content) return { failure: content };
  const result = await preparing.prepare({ key, ...content });
  if ("image" in result) {
    deaths.inARow = 0;
    return { key, image: result.image };
  }
  const { kind, message } = result.failed;
  deaths.inARow = kind === "thread died" ? deaths.inARow + 1 : 0;
  if (deaths.inARow > MAX_DEATHS_IN_A_ROW)
    throw new Error(
      `Cannot extract features: threads that decode are needed, got ${deaths.inARow} deaths in a row; the last: ${message}`,
    );
  return { failure: { key, kind, message } };
}

async function read(item: ImageItem): Promise<Awaited<ReturnType<ImageItem["read"]>> | ExtractFailure> {
  const { key } = item;
  try {
    return await item.read();
  } catch (error) {
    const { message, code = "" } = error as NodeJS.ErrnoException;
    if (error instanceof ImageError) return { key, kind: error.kind, message };
    if (UNREADABLE.has(code)) return { key, kind: "unreadable", message };
    throw new Error(`Cannot extract features: a readable image is needed, got for ${key}: ${message}`, {
      cause: error,
    });
  }
}
