/**
 * Opens an encoder by its name: weights found or given, graph built or found, device chosen, session started.
 *
 * The way from pixels to features of the paper's section 3. What ran (device and why, protocol, hash of the weights)
 * is in the result; nothing is replaced silently.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Protocol, protocolById } from "../images/index.js";
import { currentSettings } from "../io/index.js";
import { architectureOf, checkHeads } from "./architecture.js";
import { buildGraph, GRAPH_BUILDER_VERSION } from "./build-graph.js";
import { chooseDevice, type DeviceChoice, type DeviceWish } from "./device.js";
import { gatherDeviceFacts } from "./device-facts.js";
import type { DeviceReport, Encoder, EncoderIdentity, ImageBatch } from "./encoder.js";
import { modelEntry } from "./manifest.js";
import { openSession } from "./session.js";
import type { SessionStart } from "./session-worker.js";
import { requireWeights, type WeightsRecord } from "./weights-cache.js";
import { checkRecorded, hashWeights } from "./weights-check.js";

/** How an encoder is opened. */
export interface EncoderOptions {
  /** Path of the weights; by default those that `gpic-lab models fetch` has put into the cache. */
  readonly weights?: string | undefined;
  /** Attention heads of a DINOv2 that is none of the published ones. */
  readonly heads?: number | undefined;
  /** How images are prepared; by default as the benchmark does it for this encoder. */
  readonly protocol?: string | undefined;
  /** "auto" (the default) takes a GPU where one can be had. */
  readonly device?: DeviceWish | undefined;
  /** Threads of the CPU for one inference; all by default. */
  readonly threads?: number | undefined;
  /** Images at once; by default 8 on the CPU, 64 on a GPU. */
  readonly batchSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Is told how many more bytes of the weights are hashed. */
  readonly onBytes?: (delta: number) => void;
}

/** Beyond 8 images a CPU gains nothing; a GPU is kept busy by 64. */
const BATCH = { cpu: 8, cuda: 64 } as const;

/**
 * Opens an encoder; close it when done.
 * @param id "dinov2-vitl14" and the other published names, "dinov2" (size from the weights), "inception-fid", "sscd",
 *   "sscd-int8"
 * @throws Error where the weights are not there or another network's, or the device cannot be had; WeightsError where they
 *   are no longer those that came; RangeError where something is asked for that the encoder has not
 * @example
 * const encoder = await openEncoder("dinov2-vitb14");
 * const features = await encoder.infer({ count: 1, height: 224, width: 224, data: pixels }); // 768 numbers
 * await encoder.close();
 */
export async function openEncoder(id: string, options: EncoderOptions = {}): Promise<Encoder> {
  const { threads = availableParallelism() } = options;
  checkWhole("threads", threads);
  if (options.batchSize !== undefined) checkWhole("images in a batch", options.batchSize);
  checkHeads(id, options.heads);
  const facts = await gatherDeviceFacts({ environment: currentSettings().gpuEnvironment });
  const choice = chooseDevice(options.device ?? "auto", facts);
  const { start, ...about } = await (id === "sscd-int8" ? readyMade(id, options) : built(id, options));
  const session = await openSession({ ...start, width: about.width, device: choice, threads });
  let { batchSize = BATCH[choice.device] } = options;
  return {
    ...about,
    device: reportOf(choice, threads),
    versions: session.versions,
    get batchSize() {
      return batchSize;
    },
    async infer(batch) {
      checkBatch(batch, about.protocol);
      const { features, mostImages } = await session.run(batch);
      batchSize = Math.min(batchSize, mostImages);
      return features;
    },
    close: session.close,
  };
}

type Start = Pick<SessionStart, "modelPath" | "inputName" | "outputName">;
type About = Pick<Encoder, "identity" | "prefix" | "width" | "protocol"> & { readonly start: Start };

/** An encoder whose graph is built here over the publisher's weights. */
async function built(id: string, options: EncoderOptions): Promise<About> {
  const { prefix, layer, protocol: usual } = architectureOf(id);
  const protocol = protocolById(options.protocol ?? usual);
  const { path, record }: { readonly path: string; readonly record?: WeightsRecord } =
    options.weights === undefined ? await weightsOf(id) : { path: options.weights };
  const graph = await buildGraph({
    ...options,
    encoder: id,
    weights: path,
    record,
    protocol,
    folder: join(currentSettings().cache, "graphs"),
  });
  const { weightsSha256, width, modelPath } = graph;
  return {
    identity: { id: graph.id, layer, weightsSha256, builder: GRAPH_BUILDER_VERSION },
    prefix,
    width,
    protocol,
    start: { modelPath, inputName: "pixels", outputName: "features" },
  };
}

/** The int8 build of SSCD, used as the package carries it; its graph normalises pixels itself. */
async function readyMade(id: string, options: EncoderOptions): Promise<About> {
  if (options.weights !== undefined)
    throw new TypeError(`Cannot open ${id} with weights of your own: it is used as its package carries it`);
  const { path, record } = await weightsOf(id);
  const { prefix, layer, protocol: usual } = architectureOf("sscd");
  const protocol = protocolById(options.protocol ?? usual);
  if (protocol.id !== usual)
    throw new RangeError(
      `Cannot open ${id} with the protocol ${protocol.id}: its graph is made for ${usual}`,
    );
  const { sha256 } = await hashWeights(path, options);
  checkRecorded(sha256, record, path);
  const identity: EncoderIdentity = { id, layer, weightsSha256: sha256, builder: GRAPH_BUILDER_VERSION };
  return {
    identity,
    prefix,
    width: 512,
    protocol,
    start: { modelPath: path, inputName: "image", outputName: "embedding" },
  };
}

async function weightsOf(id: string): ReturnType<typeof requireWeights> {
  if (id === "dinov2" || id === "dinov2-custom")
    throw new TypeError(`Cannot open ${id}: the path of its weights is needed (--weights FILE), got none`);
  return requireWeights(modelEntry(id).id);
}

function reportOf(choice: DeviceChoice, threads: number): DeviceReport {
  return choice.device === "cpu"
    ? { device: "cpu", why: choice.why, tf32: "not applicable", threads }
    : { device: `cuda:${choice.index}`, why: choice.why, tf32: "off", threads };
}

function checkBatch({ count, height, width, data }: ImageBatch, { id, size, pixelType }: Protocol): void {
  const isSize = size === undefined || (size.height === height && size.width === width);
  const type = data instanceof Uint8Array ? "uint8" : "float32";
  if (isSize && type === pixelType && count >= 1 && data.length === count * height * width * 3) return;
  throw new RangeError(
    `Cannot infer: images of the protocol ${id} (${size === undefined ? "any size" : `${size.width} x ${size.height}`}, ${pixelType}) are needed, got ${count} of ${width} x ${height}, ${data.length} values of ${type}`,
  );
}

function checkWhole(what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`Cannot open an encoder: a whole number of ${what} above 0 is needed, got ${value}`);
}
