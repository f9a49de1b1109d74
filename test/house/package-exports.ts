/** What can be imported from the package, by name. */
import { readFileSync } from "node:fs";
import { packageFile } from "../../lib/io/index.js";

/** The names of all parts with code: `gpic-lab/io`, `gpic-lab/show`, ... */
export function packageExports(): string[] {
  const manifest: { name: string; exports: Record<string, string | object> } = JSON.parse(
    readFileSync(packageFile("package.json"), "utf8"),
  );
  return Object.entries(manifest.exports)
    .filter(([, target]) => typeof target === "object")
    .map(([part]) => manifest.name + part.slice(1));
}
