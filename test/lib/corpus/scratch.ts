/** Folders that are gone after a test, a cache that is nobody's, and the rows of an index to be compared. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext } from "node:test";
import { openIndex, type Queryable, rowsOf } from "gpic-lab/corpus";
import { installSettings, settingsFrom } from "gpic-lab/io";

/** A folder that is removed after the test. */
export function temporary(t: TestContext, suffix: string = ""): string {
  const folder = mkdtempSync(join(tmpdir(), `gpic-lab-${suffix}`));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Puts what is cached into a folder that is removed after the file's tests; returns the folder. */
export function ownCache(): string {
  const cache = mkdtempSync(join(tmpdir(), "gpic-lab-cache-"));
  installSettings(() => settingsFrom({ GPIC_LAB_CACHE: cache }));
  after(() => rmSync(cache, { recursive: true, force: true }));
  return cache;
}

/** The rows of a query as plain objects, lists as arrays. */
export async function ask(
  on: Queryable,
  sql: string,
  parameters: Parameters<Queryable["query"]>[1] = [],
): Promise<Record<string, unknown>[]> {
  const rows = rowsOf<Record<string, unknown>>(await on.query(sql, parameters));
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === "object" &&
        value !== null &&
        Symbol.iterator in value &&
        !(value instanceof Uint8Array)
          ? [...(value as Iterable<unknown>)]
          : value,
      ]),
    ),
  );
}

/** Every row of an index, images and problems, in an order of its own. */
export async function contents(folder: string): Promise<Record<string, unknown>[]> {
  const index = await openIndex(folder);
  const images = await ask(index, "SELECT * FROM images ORDER BY shard, image_offset");
  const problems = await ask(index, 'SELECT * FROM problems ORDER BY shard, "offset", kind');
  index.close();
  return [...images, ...problems];
}
