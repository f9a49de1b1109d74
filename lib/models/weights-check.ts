/**
 * Whether a file is the weights that it is said to be: its size, its SHA-256, and what kind of file it is.
 *
 * A hash is held against what the publisher states and against the record of the first time; the kind is looked at
 * because a first download has neither, and a web page saved under the name of weights is the usual accident.
 */
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { hashFile } from "../io/index.js";
import type { ModelEntry, PublishedFile } from "./manifest.js";
import type { WeightsRecord } from "./weights-cache.js";

/** Weights that are not those that are needed. */
export class WeightsError extends Error {
  override readonly name = "WeightsError";
}

/** Bytes that are hashed at once. */
/** How a file of torch's older format begins: a pickle of the number 0x1950a86a20f9469cfc6c. */
const LEGACY_MAGIC = "8a0a6cfc9c46f9206aa85019";

/**
 * The SHA-256 of a file, and its size.
 * @param onBytes is told how many more bytes are hashed
 * @throws WeightsError where it cannot be read; the signal's reason where it stops
 */
export async function hashWeights(
  path: string,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onBytes?: ((delta: number) => void) | undefined;
  } = {},
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  try {
    return await hashFile(path, options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || options.signal?.aborted) throw error;
    throw new WeightsError(`Cannot read ${path}: a file that can be read is needed, got ${code}`);
  }
}

/**
 * Looks whether a file is torch's, by how it begins.
 * @param what names it in the message
 * @throws WeightsError where it is something else, saying what
 */
export async function checkIsTorch(path: string, what: string): Promise<void> {
  const handle = await open(path, "r");
  let start: Buffer;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    start = buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
  const isZip = start.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 3, 4]));
  const isLegacy = start[0] === 0x80 && start.subarray(2, 14).toString("hex") === LEGACY_MAGIC;
  if (isZip || isLegacy) return;
  throw new WeightsError(`Cannot use ${what}: a file of torch's is needed, got ${kindOf(start)}`);
}

function kindOf(start: Buffer): string {
  if (start.length === 0) return "an empty file";
  if (/^\s*<(!doctype|html|\?xml)/i.test(start.toString("latin1"))) return "a web page";
  if (start.toString("latin1").startsWith("version https://git-lfs"))
    return "a pointer of Git LFS instead of the file";
  return `one that begins with the bytes ${start.subarray(0, 8).toString("hex")}`;
}

/**
 * What the SHA-256 of an encoder's one file must be, as far as anything states it.
 * @returns undefined where nothing is known but perhaps its first digits
 */
export function knownHash(
  file: PublishedFile,
  record: WeightsRecord | undefined,
): { readonly sha256: string; readonly by: string } | undefined {
  if (file.sha256 !== null) return { sha256: file.sha256, by: "as its publisher states" };
  const recorded = record?.files.find(({ name }) => name === file.name);
  if (record === undefined || recorded === undefined) return undefined;
  return { sha256: recorded.sha256, by: `as recorded on ${record.date} (${record.source})` };
}

/**
 * Holds a hash against all that is known of it.
 * @param what names the file in the message
 * @throws WeightsError that names both hashes
 */
export function checkHash(
  found: string,
  file: PublishedFile,
  record: WeightsRecord | undefined,
  what: string,
): void {
  const known = knownHash(file, record);
  if (known !== undefined && known.sha256 !== found)
    throw new WeightsError(
      `Cannot use ${what}: the SHA-256 ${known.sha256} is needed, ${known.by}, got ${found}`,
    );
  if (file.sha256Begins !== null && !found.startsWith(file.sha256Begins))
    throw new WeightsError(
      `Cannot use ${what}: a SHA-256 that begins with ${file.sha256Begins} is needed, as its publisher's file name states, got ${found}`,
    );
}

/**
 * Holds the hash of an encoder's own file against its record, right before the file is used.
 * @throws WeightsError that names both hashes and what to do
 */
export function checkRecorded(found: string, record: WeightsRecord, path: string): void {
  const { encoder, date, source } = record;
  const [recorded] = record.files;
  if (recorded?.sha256 !== found)
    throw new WeightsError(
      `Cannot use ${path} as ${encoder}: the SHA-256 ${recorded?.sha256} is needed, as recorded on ${date} (${source}), got ${found}; remove ${dirname(path)}, then: gpic-lab models fetch ${encoder}`,
    );
}

/** What a record says of how far its hashes can be trusted. */
export function hashWords({ weights }: ModelEntry): string {
  if (weights.kind === "package") return "as in the manifest";
  if (weights.sha256 !== null) return "as the publisher states";
  return weights.sha256Begins === null
    ? "recorded when the file first came here; the publisher states none"
    : `recorded when the file first came here; the publisher states its first digits, ${weights.sha256Begins}`;
}
