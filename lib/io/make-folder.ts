/**
 * Makes a folder and those that it lies in, one by one.
 *
 * Node 20's own recursive mkdir does not come back from a place like /proc, where nothing can be made and nothing says so.
 */
import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder where it is not there yet.
 * @throws Error, naming it, where none can be made: a file is in the way, nothing may be written there
 * @example await makeFolder("out/parts");
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await make(resolve(path));
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const found = REASONS[code] ?? code;
    throw new Error(
      `Cannot make the folder ${path}: a place that can be written is needed, got ${found}; choose another`,
      { cause: error },
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "one without permission (EACCES)",
  EPERM: "one without permission (EPERM)",
  EROFS: "one that is read-only (EROFS)",
  EEXIST: "a file in its way (EEXIST)",
  ENOTDIR: "a file in its way (ENOTDIR)",
  ENOENT: "one where nothing can be made (ENOENT)",
  ENOSPC: "a full disk (ENOSPC)",
};

async function make(path: string): Promise<void> {
  if (await isMade(path)) return;
  const above = dirname(path);
  if (above !== path) await make(above);
  await isMade(path, true);
}

/** Makes one folder; false where what it lies in is missing, unless that is an error by now. */
async function isMade(path: string, isLast: boolean = false): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) return true;
    if (code === "ENOENT" && !isLast) return false;
    throw error;
  }
}
