/**
 * Prepares every image of a set into a folder of PNG files; the paper's appendix B.1 with protocol `gpic-256`.
 *
 * Parts come one after the other, images of a part side by side: threads decode and prepare, libvips encodes. What is
 * there already is not made again, so that a run that was killed goes on; what fails is counted and listed.
 */
import { type ProcessIdentity, withLock } from "../hub/index.js";
import type { ImageSet } from "./image-set.js";
import {
  type FailedImage,
  lockOf,
  openPreparedFolder,
  type PreparedFolder,
  type PreparedPart,
} from "./prepare-folder.js";
import { PreparedNames } from "./prepare-names.js";
import { preparePart } from "./prepare-part.js";
import { openPreparing, type Preparing } from "./preparing.js";
import type { Protocol } from "./protocol.js";

/** How far a run is. */
export interface PrepareProgress {
  /** Images that are there, failed ones included. */
  readonly done: number;
  /** Images that this run made: what a rate is made of. */
  readonly written: number;
  readonly failed: number;
  /** Images in all, where the set knows. */
  readonly total?: number;
}

/** What preparing takes. */
export interface PrepareOptions {
  /** A protocol of 8 bits. */
  readonly protocol: Protocol;
  /** Threads, at least 1. */
  readonly workers: number;
  /** Tells whether another process that holds the folder lives; without it one that was killed is waited for 10 s. */
  readonly process?: ProcessIdentity | undefined;
  /** Stops between two images; the same call goes on from there. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PrepareProgress) => void) | undefined;
  /** Is told of each image that fails in this run. */
  readonly onFailed?: ((failed: FailedImage) => void) | undefined;
}

/** What there is in the end. */
export interface PreparedSet {
  /** Files that this run wrote. */
  readonly written: number;
  /** Files that were there. */
  readonly there: number;
  readonly failed: readonly FailedImage[];
}

/**
 * Prepares a set into a folder: one 8-bit RGB PNG an image, named by its key; `failed.json` lists what failed.
 * @param folder is made where it is not there
 * @throws RangeError where the protocol gives floats; Error where the folder holds another set's images, or cannot be
 *   written; the signal's reason
 * @example await prepareImages(await openImages("photos"), "out", { protocol: protocolById("gpic-256"), workers: 4 });
 */
export async function prepareImages(
  set: ImageSet,
  folder: string,
  options: PrepareOptions,
): Promise<PreparedSet> {
  const { protocol, workers, process, signal } = options;
  if (protocol.pixelType !== "uint8")
    throw new RangeError(
      `Cannot prepare images as ${protocol.id}: a protocol of 8 bits is needed, got one of floats, which no PNG holds`,
    );
  const preparing = openPreparing(protocol.id, { workers });
  try {
    return await withLock(
      lockOf(folder),
      async (held) =>
        prepareParts(set, await openPreparedFolder(folder, set, protocol.id), preparing, {
          ...options,
          signal: held,
        }),
      { process, signal },
    );
  } finally {
    await preparing.close();
  }
}

async function prepareParts(
  set: ImageSet,
  folder: PreparedFolder,
  preparing: Preparing,
  { signal, onProgress, onFailed }: PrepareOptions,
): Promise<PreparedSet> {
  const names = new PreparedNames();
  const failed: FailedImage[] = [];
  let written = 0;
  let there = 0;
  let failures = 0;
  const tell = () => {
    const done = there + written + failures;
    const total = set.count === undefined ? {} : { total: set.count };
    onProgress?.({ done, written, failed: failures, ...total });
  };
  const onImage = (what: "written" | "there" | FailedImage) => {
    if (what === "written") written++;
    else if (what === "there") there++;
    else {
      failures++;
      onFailed?.(what);
    }
    tell();
  };
  for (const part of set.parts) {
    signal?.throwIfAborted();
    const before = await finishedPart(part.name, folder);
    if (before !== undefined) {
      for (const name of [...before.files, ...before.unused]) names.take(name);
      there += before.files.length;
      failures += before.failed.length;
      failed.push(...before.failed);
      tell();
      continue;
    }
    const { isDone, ...now } = await preparePart(part, { folder, names, preparing, signal, onImage });
    failed.push(...now.failed);
    if (isDone) await folder.finishPart(part.name, now);
  }
  await folder.writeFailed(failed);
  return { written, there, failed };
}

/** What an earlier run wrote of a part, where its files are still there. */
async function finishedPart(name: string, folder: PreparedFolder): Promise<PreparedPart | undefined> {
  const before = await folder.part(name);
  for (const file of before?.files ?? []) if (!(await folder.has(file))) return undefined;
  return before;
}
