/** Where the files that the package carries lie: the paper's numbers, the sample corpus. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json, in a checkout as in an installed package. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

/**
 * The path of a file of the package.
 * @example packageFile("data", "sample") // <root>/data/sample
 */
export function packageFile(...parts: readonly string[]): string {
  return join(packageRoot, ...parts);
}

/** What package.json says of the package. */
export function readPackageJson(): { readonly name: string; readonly version: string } {
  return JSON.parse(readFileSync(packageFile("package.json"), "utf8"));
}

function findRoot(folder: string): string {
  for (let here = folder; ; here = dirname(here)) {
    if (existsSync(join(here, "package.json"))) return here;
    if (here === dirname(here))
      throw new Error(`Cannot find package.json above ${folder}: reinstall gpic-lab`);
  }
}
