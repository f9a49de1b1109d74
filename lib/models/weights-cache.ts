/**
 * Weights on this machine: one folder for each encoder under `weights/` of the cache, its files as they were published,
 * and beside them a record of what came when from where.
 *
 * The record holds the SHA-256 that the files had when they first came. A file whose record is gone counts as not
 * checked; a record whose file is gone still says what the next download must be.
 */
import { randomUUID } from "node:crypto";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { currentSettings } from "../io/index.js";
import { type EncoderId, type ModelEntry, modelEntry, type PackagedFile } from "./manifest.js";

/** A file of weights, as it was when it came. */
export interface WeightsFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What is known of weights that came to this machine: the content of `weights.json`. */
export interface WeightsRecord {
  readonly encoder: EncoderId;
  /** "download from https://...", "--from /data/x.pth". */
  readonly source: string;
  /** What the hashes can be held against: what the publisher states, or only the day when they were recorded. */
  readonly hash: string;
  /** The date on which they came, as the program gave it: "2026-11-25". */
  readonly date: string;
  /** The encoder's own file first. */
  readonly files: readonly WeightsFile[];
}

/** Whether an encoder's weights are here. */
export type WeightsState =
  | {
      readonly state: "there";
      /** The encoder's own file. */
      readonly path: string;
      readonly record: WeightsRecord;
    }
  | { readonly state: "not there" }
  /** Something is there, but not what the record says, or without a record. */
  | { readonly state: "doubtful"; readonly why: string };

/** The folder of an encoder's weights. */
export function weightsFolder(id: EncoderId, cache: string = currentSettings().cache): string {
  return join(cache, "weights", id);
}

/** The names of an encoder's files, its own file first, and what the manifest states of them. */
export function expectedFiles(
  entry: ModelEntry,
): readonly { readonly name: string; readonly bytes: number | null; readonly sha256: string | null }[] {
  const { weights } = entry;
  return weights.kind === "file"
    ? [weights]
    : (weights.files satisfies readonly Omit<PackagedFile, "path">[]);
}

/**
 * Looks for an encoder's weights, by their sizes and their record; their content is not read. With a record that is none
 * they are doubtful: that is one encoder's trouble.
 * @throws Error with the system's reason where the cache cannot be read
 * @example (await findWeights("dinov2-vitl14")).state // "not there"
 */
export async function findWeights(
  id: EncoderId,
  cache: string = currentSettings().cache,
): Promise<WeightsState> {
  const folder = weightsFolder(id, cache);
  const record = await readRecord(id, cache).catch((error: unknown) => {
    if (error instanceof TypeError) return error;
    throw error;
  });
  if (record instanceof TypeError) return { state: "doubtful", why: record.message };
  const names = expectedFiles(modelEntry(id)).map(({ name }) => name);
  const sizes = await Promise.all(names.map((name) => sizeOf(join(folder, name))));
  if (sizes[0] === undefined) return { state: "not there" };
  if (record === undefined) return { state: "doubtful", why: `${join(folder, names[0]!)} has no record` };
  for (const [i, name] of names.entries()) {
    const known = record.files.find((file) => file.name === name);
    if (known === undefined || sizes[i] !== known.bytes)
      return {
        state: "doubtful",
        why: `${join(folder, name)}: ${known?.bytes ?? "recorded"} bytes are needed, got ${sizes[i] ?? "no file"}`,
      };
  }
  return { state: "there", path: join(folder, names[0]!), record };
}

/**
 * An encoder's weights, for whoever cannot go on without them.
 * @throws Error with the command that fetches them
 */
export async function requireWeights(
  id: EncoderId,
  cache: string = currentSettings().cache,
): Promise<{ readonly path: string; readonly record: WeightsRecord }> {
  const found = await findWeights(id, cache);
  if (found.state === "there") return found;
  const got =
    found.state === "doubtful" ? `doubtful ones (${found.why})` : `none in ${weightsFolder(id, cache)}`;
  throw new Error(
    `Cannot open ${id}: its weights are needed, got ${got}; fetch them with: gpic-lab models fetch ${id}`,
  );
}

/**
 * The record of an encoder's weights; undefined where there is none.
 * @throws TypeError where what is there is no record
 */
export async function readRecord(id: EncoderId, cache: string): Promise<WeightsRecord | undefined> {
  const path = join(weightsFolder(id, cache), "weights.json");
  const json = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (json === undefined) return undefined;
  const record = parse(json);
  if (record !== undefined && record.encoder === id) return record;
  throw new TypeError(
    `Cannot read ${path}: the record of the weights of ${id} is needed, got something else; remove the file, then: gpic-lab models fetch ${id}`,
  );
}

/** Writes a record so that it is whole or not there. */
export async function writeRecord(record: WeightsRecord, cache: string): Promise<void> {
  const path = join(weightsFolder(record.encoder, cache), "weights.json");
  const made = `${path}.${randomUUID()}`;
  await writeFile(made, `${JSON.stringify(record, null, 2)}\n`);
  await rename(made, path);
}

function parse(json: string): WeightsRecord | undefined {
  try {
    const { encoder, source, hash, date, files } = JSON.parse(json);
    const isText = [encoder, source, hash, date].every((one) => typeof one === "string");
    return isText && Array.isArray(files) && files.length > 0 && files.every(isFile)
      ? { encoder, source, hash, date, files }
      : undefined;
  } catch {
    return undefined;
  }
}

function isFile(value: Partial<WeightsFile> | null): boolean {
  return (
    typeof value?.name === "string" &&
    Number.isSafeInteger(value.bytes) &&
    typeof value.sha256 === "string" &&
    /^[0-9a-f]{64}$/.test(value.sha256)
  );
}

/**
 * The size of a file; undefined where there is none.
 * @throws Error with the system's reason where that cannot be told
 */
export async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  return found?.isFile() ? found.size : undefined;
}
