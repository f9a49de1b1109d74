/** Questions about images that are there twice: by the picture's bytes, or by their key. */
import type { Queryable } from "./index-types.js";
import { rowsOf } from "./questions.js";

/** Images that are one. */
export interface DuplicateGroup {
  /** The SHA-256 or key that they share. */
  readonly value: string;
  readonly images: number;
  /** Where each lies. */
  readonly places: readonly { readonly shard: string; readonly image_offset: number; readonly key: string }[];
}

/**
 * Pictures whose bytes are the same, largest groups first.
 * @param limit how many groups are listed at the most
 * @throws Error where pictures were not hashed when the index was built
 */
export async function exactDuplicates(on: Queryable, limit: number = 1000): Promise<DuplicateGroup[]> {
  const table = await on.query("SELECT count(*) AS images, count(sha256) AS hashed FROM images");
  const { images, hashed } = rowsOf<{ images: number; hashed: number }>(table)[0]!;
  if (hashed < images)
    throw new Error(
      `Cannot find exact duplicates: an index with hashes is needed (gpic-lab corpus index --hash), got ${hashed} hashes of ${images} images`,
    );
  return duplicates(on, "sha256", limit);
}

/**
 * Keys that more than one record has, within a shard or across shards, largest groups first.
 * @param limit how many groups are listed at the most
 */
export async function duplicateKeys(on: Queryable, limit: number = 1000): Promise<DuplicateGroup[]> {
  return duplicates(on, "key", limit);
}

async function duplicates(on: Queryable, column: "sha256" | "key", limit: number): Promise<DuplicateGroup[]> {
  const table = await on.query(
    `WITH suspects AS (
      SELECT hash(${column}) AS h FROM images WHERE ${column} IS NOT NULL GROUP BY h HAVING count(*) > 1
    )
    SELECT ${column} AS value, count(*) AS images,
      list({ shard: shard, image_offset: image_offset, key: key } ORDER BY shard, image_offset) AS places
    FROM images WHERE hash(${column}) IN (FROM suspects)
    GROUP BY value HAVING count(*) > 1 ORDER BY images DESC, value LIMIT $limit`,
    { limit },
  );
  return rowsOf<DuplicateGroup>(table).map(({ value, images, places }) => ({
    value,
    images,
    places: Array.from(places, ({ shard, image_offset, key }) => ({ shard, image_offset, key })),
  }));
}
