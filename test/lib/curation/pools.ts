/** Pools that tests make, and what lies in a folder. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import type { TestContext } from "node:test";
import { tarArchive } from "gpic-lab/io";

/** A folder that goes with its test. */
export function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-curate-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The JSON of a sound record; changes may take fields away by undefined. */
export function metadata(changes: { readonly [field: string]: unknown } = {}): string {
  return JSON.stringify({
    ...{ license: "CC0 1.0", license_url: "https://creativecommons.org/publicdomain/zero/1.0/" },
    ...{ attribution: "Somebody", retrieved_at: "2026-01-01", ...changes },
  });
}

/** A tar of named texts and bytes, as a pool in a folder of its own. */
export function poolOf(
  folder: string,
  entries: readonly (readonly [name: string, data: string | Uint8Array])[],
) {
  const pool = join(folder, "pool");
  mkdirSync(pool);
  const files = entries.map(([name, data]) => ({ name, bytes: Buffer.from(data) }));
  writeFileSync(join(pool, "a.tar"), tarArchive(files));
  return pool;
}

/** SHA-256 of every file below a folder, by name. */
export function hashesBelow(folder: string): { readonly [name: string]: string } {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.split(sep).join("/"))
    .sort();
  const hash = (name: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  return Object.fromEntries(names.map((name) => [name, hash(name)]));
}
