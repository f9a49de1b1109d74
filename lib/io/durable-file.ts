/**
 * Files that are there whole or not at all, whenever the process is killed or the machine loses its power: written
 * under another name, brought to the disk, and only then given their own.
 */
import { randomUUID } from "node:crypto";
import { open, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeFolder } from "./make-folder.js";

/**
 * A name beside `path` for what becomes it: hidden, of nobody else, and known by its end for what a killed process left.
 * @example temporaryName("parts/00000.part") // "parts/.00000.part.0b6c6f0e-….tmp"
 */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
}

/**
 * Gives a finished file its name: it is on the disk before it has it.
 * @param from in the folder of `to`
 */
export async function publishFile(from: string, to: string): Promise<void> {
  const handle = await open(from, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(from, to);
  await syncFolder(dirname(to));
}

/**
 * Makes a file under another name and gives it its own when it is whole; what stood there stays until then. Its folder is
 * made.
 * @param make writes the file at the path that it is given
 * @throws what `make` throws, with nothing left behind; Error where the disk fails
 * @example await replaceFile("stats.npz", (beside) => writeStatistics(beside));
 */
export async function replaceFile(path: string, make: (beside: string) => Promise<void>): Promise<void> {
  await makeFolder(dirname(path));
  const beside = temporaryName(path);
  try {
    await make(beside);
    await publishFile(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw error;
  }
}

/**
 * Writes a small text whole, as `replaceFile` does.
 * @example await writeDurably("index/index.json", "{}\n");
 */
export function writeDurably(path: string, text: string): Promise<void> {
  return replaceFile(path, (beside) => writeFile(beside, text, { flag: "wx" }));
}

/** A rename is only safe from a power cut once its folder is on the disk; systems without that call need none. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!["EISDIR", "EPERM", "EINVAL", "EACCES", "ENOTSUP", "EBADF"].includes(code ?? "")) throw error;
  }
}
