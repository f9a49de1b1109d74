/** Files that are there whole or not at all: written beside their place, then moved. */
import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";

/**
 * Makes a file beside its place and moves it there when it is whole and on the disk; what stood there stays until then.
 * @param make writes the file at the path that it is given
 * @throws what `make` throws, with nothing left beside; Error where the disk fails
 * @example await replaceFile("stats.json", (beside) => writeFile(beside, "{}"));
 */
export async function replaceFile(path: string, make: (beside: string) => Promise<void>): Promise<void> {
  const beside = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    await make(beside);
    await sync(beside);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** A name that survives a power cut must not point to bytes that did not. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
