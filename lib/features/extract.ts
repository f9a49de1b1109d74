/**
 * From images to features: read, decode and prepare, infer, write, all at once.
 *
 * The paper's section 3 measures on features of DINOv2 ViT-L/14, its appendix B.1 says how images are prepared.
 * gpic-eval, as its public port reads, takes a folder's images sorted by path or an array's in their order, prepares
 * each by the protocol `gpic`, and keeps one float32 row an image. Here the same is a pipeline of bounded memory:
 * threads prepare what the encoder will need next while it infers, and a part of the set that is finished lies on disk.
 *
 * Known differences. Damaged images are left out and told of; what gpic-eval does with one is not known. Batches are cut
 * within a part, so the last of each part is smaller. Rows do not depend on the number of threads, on an interruption or
 * on who shared the work; on batch size and device they depend by rounding alone.
 */
import { availableParallelism } from "node:os";
import { type ImageSet, openPreparing, type Preparing } from "../images/index.js";
import { ExtractCounts } from "./extract-counts.js";
import { Inferring } from "./extract-inferring.js";
import { type MomentsHand, openMoments } from "./extract-moments.js";
import { AheadQueue } from "./extract-queue.js";
import { type ExtractStep, readAhead } from "./extract-reading.js";
import { extractResult } from "./extract-result.js";
import type { ExtractOptions, ExtractResult } from "./extract-types.js";
import type { PartStore } from "./parts.js";
import { folderParts } from "./parts-folder.js";
import { memoryParts } from "./parts-memory.js";
import { type PartsUse, usePartsFolder } from "./parts-use.js";

/** Prepared images that wait for a batch: a GPU's usual one has 70 MB at most. */
const MOST_AHEAD_BYTES: number = 256 << 20;

/**
 * Extracts the features of a set of images, in the order of the set.
 *
 * With a folder, finished parts stay whatever happens: called again, it goes on after them, and processes that are given
 * the same folder share the parts between them; each returns when all are there. A part of an earlier call with an image
 * that could not be read then, though it is not damaged, is tried again.
 * @param images stays open
 * @returns sound images' rows and moments, and which images failed
 * @throws OtherExtractionError where the folder holds the parts of other images or another encoder; the signal's reason
 * where it was stopped, after the batch that the encoder has; Error where the encoder fails or a part cannot be kept
 * @example
 * const result = await extractFeatures(images, { encoder, folder: "parts" });
 * result.images; // 152, of the sample
 * await writeFeatures("F.npz", await featuresToWrite(result));
 */
export async function extractFeatures(images: ImageSet, options: ExtractOptions): Promise<ExtractResult> {
  checkOptions(images, options);
  options.signal?.throwIfAborted();
  const { encoder } = options;
  const stop = new AbortController();
  const abort = () => stop.abort(options.signal?.reason);
  options.signal?.addEventListener("abort", abort);
  const moments = openMoments(encoder.width);
  let use: PartsUse | undefined;
  let store: PartStore | undefined;
  let preparing = options.preparing;
  try {
    if (options.folder !== undefined) use = await usePartsFolder(options.folder, stop.signal);
    store = await openStore(images, options, moments, stop.signal);
    preparing ??= openPreparing(encoder.protocol.id, {
      workers: options.workers ?? availableParallelism(),
    });
    const counts = new ExtractCounts(images, store, options);
    const now = options.now ?? (() => 0);
    const inferring = new Inferring(encoder, counts, stop.signal, now);
    counts.tell(inferring);
    await extractParts(store, preparing, inferring, stop, encoder.batchSize, now);
    return extractResult(images, encoder, options.keep ?? "rows", store, counts.measured(inferring));
  } finally {
    options.signal?.removeEventListener("abort", abort);
    if (options.preparing === undefined) await preparing?.close();
    await moments.close();
    await store?.close();
    await use?.close();
  }
}

function checkOptions(
  images: ImageSet,
  { workers, preparing, keep = "rows", encoder }: ExtractOptions,
): void {
  const refuse = (needed: string, got: unknown): never => {
    throw new RangeError(`Cannot extract features: ${needed}, got ${got}`);
  };
  if (workers !== undefined && !(Number.isSafeInteger(workers) && workers >= 1))
    refuse("a whole number of workers from 1 on is needed", workers);
  if (workers !== undefined && preparing !== undefined) refuse("workers or an open pool is needed", "both");
  if (keep !== "rows" && keep !== "moments") refuse('keep is "rows" or "moments"', keep);
  if (!(Number.isSafeInteger(encoder.batchSize) && encoder.batchSize >= 1))
    refuse("a batch of 1 image or more is needed of the encoder", encoder.batchSize);
  const names = new Set<string>();
  for (const { name } of images.parts) {
    // names of parts become names of files
    if (!/^[\w-][\w.-]{0,127}$/.test(name))
      refuse("parts whose names are safe are needed", JSON.stringify(name));
    if (names.has(name)) refuse("parts of different names are needed", `two called ${name}`);
    names.add(name);
  }
}

async function openStore(
  images: ImageSet,
  options: ExtractOptions,
  moments: MomentsHand,
  signal: AbortSignal,
): Promise<PartStore> {
  const { encoder, folder, keep = "rows" } = options;
  const { width, identity, batchSize, versions, device, protocol } = encoder;
  const maker = { device: device.device, batchSize, versions };
  if (folder === undefined) return memoryParts(images.parts, width, moments, keep, maker);
  const { id, layer, weightsSha256, builder } = identity;
  const manifest = {
    images: images.fingerprint,
    parts: images.parts.length,
    ...{ encoder: id, layer, weightsSha256, builder, width },
    protocol: protocol.id,
    keep,
  };
  return folderParts(folder, images.parts, { moments, keep, maker, manifest, signal });
}

/** Reads and infers until every part is finished: more than once where parts were lost to processes that died. */
async function extractParts(
  store: PartStore,
  preparing: Preparing,
  inferring: Inferring,
  stop: AbortController,
  batchSize: number,
  now: () => number,
): Promise<void> {
  do {
    const queue = new AheadQueue<ExtractStep>({
      places: Math.max(batchSize, 2 * preparing.workers),
      bytes: MOST_AHEAD_BYTES,
      bytesOf: (step) => ("image" in step ? step.image.data.byteLength : 0),
    });
    const abort = () => queue.stop(stop.signal.reason);
    stop.signal.addEventListener("abort", abort);
    const filling = readAhead(store, preparing, queue, stop.signal, now).then(
      () => queue.end(),
      (error) => queue.stop(error),
    );
    try {
      await inferring.run(queue);
    } catch (error) {
      stop.abort(error);
      throw error;
    } finally {
      // nothing of it goes on when the caller is told
      await Promise.all([filling, queue.settled(), inferring.settled()]);
      stop.signal.removeEventListener("abort", abort);
    }
  } while (store.hasMore);
}
