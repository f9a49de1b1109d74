/**
 * Reads .npz files: zip archives of arrays, as numpy.savez and savez_compressed write them.
 *
 * Only the directory is read at first, then of each array what is asked for. An array of objects beside the one that
 * is wanted does no harm, as it is never opened.
 */
import type { ByteSource } from "./byte-source.js";
import { shownName } from "./hostile-text.js";
import { type NpyFile, openNpy } from "./npy-reader.js";
import { zipEntrySource } from "./zip-entry-source.js";
import { readZipDirectory, type ZipEntry } from "./zip-reader.js";

/** An archive of arrays that is open. */
export interface NpzFile {
  /** What messages call it. */
  readonly name: string;
  /** The entries by the arrays' names (without ".npy"), in the order of the file. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /**
   * Opens an array; its header is read.
   * @returns an array whose `dataOffset` counts from the beginning of its entry; a deflated one is inflated as it is
   *   read, so that going backward begins again
   * @throws RangeError where there is none of that name, and as `openNpy` does
   */
  open(name: string): Promise<NpyFile>;
  /** Gives back what the reading of deflated arrays holds. */
  close(): Promise<void>;
}

/**
 * Opens an archive; nothing but its directory is read.
 * @param source stays the caller's to close
 * @throws ZipError where it is no zip archive, TypeError where no array is in it
 * @example
 * const file = await openNpz(await openFileSource("stats.npz")); // [...file.entries.keys()]: ["mu", "sigma"]
 * const mean = await (await file.open("mu")).readAll();
 */
export async function openNpz(source: ByteSource): Promise<NpzFile> {
  const entries = new Map<string, ZipEntry>();
  const all = await readZipDirectory(source);
  for (const entry of all)
    if (entry.name.endsWith(".npy")) entries.set(entry.name.slice(0, -".npy".length), entry);
  if (entries.size === 0) {
    const found = all.length === 0 ? "an empty archive" : `entries such as ${shownName(all[0]!.name)}`;
    throw new TypeError(`Cannot read ${source.name}: an archive of arrays (.npz) is needed, got ${found}`);
  }
  const opened: ByteSource[] = [];
  return {
    name: source.name,
    entries,
    async open(name: string): Promise<NpyFile> {
      const entry = entries.get(name);
      if (entry === undefined)
        throw new RangeError(
          `Cannot read an array of ${source.name}: one of ${[...entries.keys()].slice(0, 20).map(shownName).join(", ")} ` +
            `is needed, got ${shownName(name)}`,
        );
      const bytes = zipEntrySource(source, entry, `${shownName(name)} in ${source.name}`);
      opened.push(bytes);
      return openNpy(bytes);
    },
    async close(): Promise<void> {
      await Promise.all(opened.splice(0).map((bytes) => bytes.close()));
    },
  };
}
