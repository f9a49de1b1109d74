/**
 * The usual questions to an index: how many, of what (the paper's Figure 2, 2.1 and Figure 8).
 *
 * Every function takes whatever answers SQL, a corpus or an open index, and gives plain rows.
 */
import type { Table } from "apache-arrow";
import type { ProblemRow } from "./index-columns.js";
import type { Queryable } from "./index-types.js";

/** What images can be counted by. "tier" counts an image once in each tier that holds it. */
export type CountedBy =
  | "tier"
  | "shard"
  | "shard_split"
  | "license"
  | "license_url"
  | "spdx"
  | "licence_category"
  | "licence_version"
  | "permissive"
  | "source"
  | "caption_type"
  | "image_extension";

const countedBy: { readonly [by in CountedBy]: string } = {
  tier: "unnest(split)",
  shard: "shard",
  shard_split: "shard_split",
  license: "license",
  license_url: "license_url",
  spdx: "spdx",
  licence_category: "licence_category",
  licence_version: "licence_version",
  permissive: "permissive::VARCHAR",
  source: "source",
  caption_type: "caption_type",
  image_extension: "image_extension",
};

/** A value and the images that have it. */
export interface CountRow {
  /** Null where the images have none; "true" or "false" of `permissive`. */
  readonly value: string | null;
  readonly images: number;
  /** Of all images, 0 to 1. */
  readonly share: number;
  /** Bytes of their encoded pictures. */
  readonly bytes: number;
  /** Width times height, summed. */
  readonly pixels: number;
}

/** The whole in numbers. */
export interface Totals {
  readonly images: number;
  readonly bytes: number;
  readonly pixels: number;
  readonly shards: number;
  readonly problems: number;
}

/** Width times height; in float64, as a hostile width must not overflow a sum. */
export const PIXELS = "img_width::DOUBLE * img_height::DOUBLE";

/** The rows of an Arrow table as plain objects. */
export function rowsOf<T extends object>(table: Table): T[] {
  const names = table.schema.fields.map(({ name }) => name);
  const columns = table.schema.fields.map((_, at) => table.getChildAt(at));
  return Array.from(
    { length: table.numRows },
    (_, row) => Object.fromEntries(names.map((name, at) => [name, columns[at]?.get(row) ?? null])) as T,
  );
}

/** Images, bytes, pixels, shards and problems. */
export async function totals(on: Queryable): Promise<Totals> {
  const table = await on.query(`
    SELECT count(*) AS images, coalesce(sum(image_bytes), 0) AS bytes, coalesce(sum(${PIXELS}), 0) AS pixels,
      count(DISTINCT shard) AS shards, (SELECT count(*) FROM problems) AS problems
    FROM images`);
  return rowsOf<Totals>(table)[0]!;
}

/**
 * Counts images by one of their properties, most frequent first.
 * @throws RangeError for a property that is not among `CountedBy`
 * @example (await countImages(corpus, "source"))[0]?.value // "wikimedia"
 */
export async function countImages(on: Queryable, by: CountedBy): Promise<CountRow[]> {
  const table = await on.query(`
    SELECT value, count(*) AS images, count(*) / any_value(total) AS share, sum(image_bytes) AS bytes,
      sum(pixels) AS pixels
    FROM (
      SELECT ${expression(by)} AS value, image_bytes, ${PIXELS} AS pixels, total
      FROM images, (SELECT count(*) AS total FROM images)
    )
    GROUP BY value ORDER BY images DESC, value NULLS LAST`);
  return rowsOf(table);
}

/**
 * Counts images by shard and one of their properties: what a chart or a test of the shards' balance is made of.
 * @returns rows in the order of the shards' names; combinations that no image has are not there
 */
export async function countByShard(
  on: Queryable,
  by: CountedBy,
): Promise<{ readonly shard: string; readonly value: string | null; readonly images: number }[]> {
  const table = await on.query(`
    SELECT shard, ${expression(by)} AS value, count(*) AS images
    FROM images GROUP BY ALL ORDER BY shard, value NULLS LAST`);
  return rowsOf(table);
}

function expression(by: CountedBy): string {
  if (!Object.hasOwn(countedBy, by))
    throw new RangeError(
      `Cannot count images: one of ${Object.keys(countedBy).join(", ")} is needed, got ${JSON.stringify(by)}`,
    );
  return countedBy[by];
}

/** Problems by kind, most frequent first, with the shards that have them. */
export async function countProblems(
  on: Queryable,
): Promise<{ readonly kind: string; readonly problems: number; readonly shards: number }[]> {
  const table = await on.query(`
    SELECT kind, count(*) AS problems, count(DISTINCT shard) AS shards
    FROM problems GROUP BY kind ORDER BY problems DESC, kind`);
  return rowsOf(table);
}

/**
 * The problems in the order of shards and offsets.
 * @param limit at most so many; all where it is left out
 */
export async function listProblems(on: Queryable, limit?: number): Promise<ProblemRow[]> {
  const table = await on.query('SELECT * FROM problems ORDER BY shard, "offset", kind LIMIT $limit', {
    limit: limit ?? null,
  });
  return rowsOf(table);
}
