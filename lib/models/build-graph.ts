/**
 * The folder of an encoder's graph: the graph, its few constants, and the publisher's own file as a hard link.
 *
 * ONNX Runtime wants all three in one folder and follows no symbolic link. Where the weights lie on another disk than
 * the cache, they are copied there, once. A folder appears whole or not at all, and is named by everything that it was
 * made from: the weights' SHA-256, protocol, heads, and the version of this code.
 */
import { randomUUID } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { copyFile, link, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Protocol } from "../images/index.js";
import { onnxBytes, openFileSource, openTensors } from "../io/index.js";
import { architectureOf, checkHeads } from "./architecture.js";
import { CONSTANTS_FILE, WEIGHTS_FILE } from "./graph.js";
import { buildAlone } from "./graph-claim.js";
import type { WeightsRecord } from "./weights-cache.js";
import { checkRecorded, hashWeights } from "./weights-check.js";

/** Raised whenever the same weights would give another graph. */
export const GRAPH_BUILDER_VERSION = 1;

const MODEL_FILE = "model.onnx";
const RECORD_FILE = "graph.json";
/** Others may set a stale folder aside at the same moment. */
const MOST_TRIES = 10;

/** A graph that lies ready. */
export interface GraphFolder {
  /** The .onnx file. */
  readonly modelPath: string;
  /** The encoder that the weights are: "dinov2-vitl14". */
  readonly id: string;
  /** Features of one image. */
  readonly width: number;
  readonly weightsSha256: string;
  /** Size of the .onnx file, and of the constants beside it. */
  readonly graphBytes: number;
  readonly constantBytes: number;
  /** How the weights came there. */
  readonly weights: "linked" | "copied";
}

/** What a folder remembers of itself; sizes and times tell whether the weights were changed in place. */
interface GraphRecord extends Omit<GraphFolder, "modelPath"> {
  readonly weightsBytes: number;
  readonly weightsModified: number;
}

/** What a graph is built from. */
export interface GraphOptions {
  /** "dinov2" takes its size from the weights; a full name is checked against them. */
  readonly encoder: string;
  /** Path of the weights: a torch file (.pth, .pt), safetensors or npz. */
  readonly weights: string;
  readonly protocol: Protocol;
  /** What the weights were when they came: others are refused. Left out for weights of one's own. */
  readonly record?: WeightsRecord | undefined;
  /** Attention heads of a DINOv2 that is none of the published ones. */
  readonly heads?: number | undefined;
  /** The folder in which graphs are kept. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  /** Is told how many more bytes of the weights are hashed. */
  readonly onBytes?: (delta: number) => void;
}

/**
 * Builds the graph of an encoder, or finds it where it was built before.
 * @throws TypeError where the weights are those of another network; TensorFileError where they cannot be read;
 *   WeightsError where they are not those of the record; RangeError where heads are said of a network without
 * @example (await buildGraph({ encoder: "dinov2", weights, protocol, folder })).graphBytes // about 33,000
 */
export async function buildGraph(options: GraphOptions): Promise<GraphFolder> {
  const { encoder, weights, record, protocol, heads, folder, signal, onBytes = () => {} } = options;
  const architecture = architectureOf(encoder);
  checkHeads(encoder, heads);
  const { sha256 } = await hashWeights(weights, { signal, onBytes });
  if (record !== undefined) checkRecorded(sha256, record, weights);
  const name = [
    architecture.prefix,
    sha256,
    protocol.id,
    `h${heads ?? "default"}`,
    `v${GRAPH_BUILDER_VERSION}`,
  ];
  const there = join(folder, name.join("-"));
  const found =
    (await readGraph(there)) ??
    (await buildAlone(
      there,
      signal,
      async () => (await readGraph(there)) ?? (await makeGraph(there, sha256, options)),
    ));
  if (encoder !== "dinov2" && found.id !== encoder)
    throw new TypeError(
      `Cannot use ${weights} as ${encoder}: it is ${found.id} by the shapes of its tensors`,
    );
  return found;
}

async function makeGraph(
  there: string,
  weightsSha256: string,
  { encoder, weights, protocol, heads }: GraphOptions,
): Promise<GraphFolder> {
  const { normalisation, size } = protocol;
  if (normalisation === undefined)
    throw new TypeError(
      `Cannot open ${encoder} with the protocol ${protocol.id}: it makes images to look at, not an encoder's input`,
    );
  const source = await openFileSource(weights);
  const making = `${there}.${randomUUID()}`;
  try {
    const file = await openTensors(source);
    const input = {
      type: protocol.pixelType,
      height: size?.height ?? "height",
      width: size?.width ?? "width",
      normalisation,
    };
    const { id, width, model, constants } = await architectureOf(encoder).build(file, input, heads);
    const graph = onnxBytes(model);
    await mkdir(making, { recursive: true });
    await writeFile(join(making, MODEL_FILE), graph);
    await writeFile(join(making, CONSTANTS_FILE), constants);
    const how = await linkOrCopy(weights, join(making, WEIGHTS_FILE));
    const { size: weightsBytes, mtimeMs: weightsModified } = await stat(join(making, WEIGHTS_FILE));
    const record: GraphRecord = {
      ...{ id, width, weightsSha256, graphBytes: graph.length, constantBytes: constants.length },
      ...{ weights: how, weightsBytes, weightsModified },
    };
    await writeFile(join(making, RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`);
    await publish(making, there);
    return { ...record, modelPath: join(there, MODEL_FILE) };
  } finally {
    await source.close();
    await rm(making, { recursive: true, force: true });
  }
}

/** The folder under its name; what is stale there is set aside, and what another process has made meanwhile stays. */
async function publish(making: string, there: string): Promise<void> {
  for (let tries = 0; ; tries++)
    try {
      return await rename(making, there);
    } catch (error) {
      if ((await readGraph(there)) !== undefined) return;
      if (tries === MOST_TRIES || !existsSync(there)) throw error;
      const old = `${there}.${randomUUID()}`;
      await rename(there, old).catch(() => {});
      await rm(old, { recursive: true, force: true });
    }
}

async function readGraph(there: string): Promise<GraphFolder | undefined> {
  try {
    const record: GraphRecord = JSON.parse(await readFile(join(there, RECORD_FILE), "utf8"));
    const { size, mtimeMs } = await stat(join(there, WEIGHTS_FILE));
    const isSound =
      size === record.weightsBytes &&
      mtimeMs === record.weightsModified &&
      (await stat(join(there, MODEL_FILE))).size === record.graphBytes &&
      (await stat(join(there, CONSTANTS_FILE))).size === record.constantBytes;
    return isSound ? { ...record, modelPath: join(there, MODEL_FILE) } : undefined;
  } catch {
    return undefined;
  }
}

async function linkOrCopy(from: string, to: string): Promise<"linked" | "copied"> {
  try {
    await link(from, to);
    return "linked";
  } catch {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    return "copied";
  }
}
