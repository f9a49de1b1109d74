/** What lies in a folder, and what a file of JSON holds, where there may be neither. */
import { readdir, readFile } from "node:fs/promises";

/**
 * The names in a folder.
 * @returns none where it is not there, or is a file
 * @throws the system's error where it cannot be read
 * @example await namesIn("release") // ["decisions", "manifest.json", "test", "train", "val"]
 */
export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

/**
 * What a file of JSON holds.
 * @returns undefined where the file is not there, or holds no JSON: what was cut is as good as missing
 * @throws the system's error where it cannot be read
 * @example (await readJsonFile<{ format?: string }>("release/manifest.json"))?.format // "gpic-lab release"
 */
export async function readJsonFile<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error as NodeJS.ErrnoException)) return undefined;
    throw error;
  }
}

function isMissing({ code }: NodeJS.ErrnoException): boolean {
  return code === "ENOENT" || code === "ENOTDIR";
}
