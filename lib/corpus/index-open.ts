/** Opens an index: its parts as the views `images` and `problems`, for reading only. */
import { join, resolve } from "node:path";
import { type ColumnType, INDEX_BUILDER_VERSION, imageColumns, problemColumns } from "./index-columns.js";
import { type PartRecord, readManifest, readPart } from "./index-folder.js";
import type { CorpusIndex } from "./index-types.js";
import { sqlList } from "./sql-text.js";

/**
 * Findings that no part can hold, as each knows its own shard only: keys that stood in an earlier shard, by name. By
 * hash first, as few keys repeat and a hash is an eighth of a key.
 */
const KEYS_OF_TWO_SHARDS = `
  SELECT shard, json_offset AS "offset", key, 'duplicate-key' AS kind, 'a key that no other shard has' AS expected,
    'it in ' || to_json(earlier) || ' too' AS found
  FROM (
    SELECT shard, json_offset, key, row_number() OVER same AS nth, first_value(shard) OVER same AS earlier
    FROM images WHERE hash(key) IN (SELECT hash(key) AS h FROM images GROUP BY h HAVING count(*) > 1)
    WINDOW same AS (PARTITION BY key ORDER BY shard, json_offset)
  ) WHERE nth > 1`;

/**
 * Opens the index in a folder.
 * @param options.shards names of the shards that are meant; all where it is left out
 * @throws Error where the folder holds no index
 * @example
 * const index = await openIndex("/data/gpic-index");
 * (await index.query("SELECT count(*) AS n FROM images WHERE words > ?", [100])).get(0)?.n // 11
 */
export async function openIndex(
  folder: string,
  options: { readonly shards?: readonly string[] | undefined } = {},
): Promise<CorpusIndex> {
  const home = resolve(folder);
  const manifest = await readManifest(home);
  if (manifest === undefined)
    throw new Error(
      `Cannot open the index ${folder}: a folder made by "gpic-lab corpus index" is needed, got none with an index.json`,
    );
  const wanted = options.shards === undefined ? undefined : new Set(options.shards);
  const chosen = manifest.shards.filter(({ name }) => wanted === undefined || wanted.has(name));
  const parts = new Map<string, PartRecord>();
  for (const { name } of chosen) {
    const part = await readPart(home, name);
    if (part?.builder === INDEX_BUILDER_VERSION) parts.set(name, part);
  }
  const files = (of: "imageFiles" | "problemFiles") =>
    [...parts.values()].flatMap((part) => part[of].map((file) => join(home, file)));
  const imageFiles = files("imageFiles");
  const problemFiles = files("problemFiles");
  const { QuerySession } = await import("./query.js");
  const view = (name: string, columns: { readonly [name: string]: ColumnType }, from: readonly string[]) => ({
    name,
    sql:
      from.length === 0
        ? `SELECT ${Object.entries(columns)
            .map(([column, type]) => `NULL::${type} AS "${column}"`)
            .join(", ")} WHERE false`
        : `SELECT * FROM read_parquet(${sqlList(from)})`,
  });
  const session = await QuerySession.open(
    [...imageFiles, ...problemFiles],
    [
      view("images", imageColumns, imageFiles),
      view("part_problems", problemColumns, problemFiles),
      { name: "problems", sql: `FROM part_problems UNION ALL BY NAME (${KEYS_OF_TWO_SHARDS})` },
    ],
  );
  const sum = (of: "images" | "problems") => [...parts.values()].reduce((total, part) => total + part[of], 0);
  return {
    folder: home,
    manifest,
    shards: chosen.filter(({ name }) => parts.has(name)),
    missing: chosen.filter(({ name }) => !parts.has(name)),
    images: sum("images"),
    problems: sum("problems"),
    imagesByShard: new Map([...parts].map(([name, part]) => [name, part.images])),
    hashed: [...parts.values()].every((part) => part.hashed),
    query: (sql, parameters, { signal } = {}) => session.query(sql, parameters, signal),
    batches: (sql, parameters, { signal } = {}) => session.batches(sql, parameters, signal),
    close: () => session.close(),
  };
}
