/**
 * A uniform random sample of a corpus' images, and the picture of a row.
 *
 * Places in the order of shards' names and offsets are drawn without replacement by the seeded generator, so the same
 * corpus and seed give the same images on every machine, whoever built the index.
 */
import { Random } from "../core/index.js";
import type { ImageRecord } from "./image-record.js";
import type { ImageRow } from "./index-columns.js";
import type { Queryable } from "./index-types.js";
import { rowsOf } from "./questions.js";
import type { Shard } from "./shards.js";

/** What a record's picture is read from. */
export interface ShardHolder {
  readonly shards: readonly Shard[];
}

/**
 * Draws records without replacement, each set of them equally likely.
 * @param count how many, at most as many as there are
 * @param seed any number or text; equal seeds give equal records, in an equal order
 * @throws RangeError where there are fewer images
 * @example for (const record of await randomRecords(corpus, 12, 7)) show(await record.readImage());
 */
export async function randomRecords(
  on: Queryable & ShardHolder,
  count: number,
  seed: number | string,
): Promise<ImageRecord[]> {
  return (await randomRows(on, count, seed)).map((row) => recordOf(on, row));
}

/**
 * The same draw as rows of the index.
 * @throws RangeError where there are fewer images
 */
export async function randomRows(on: Queryable, count: number, seed: number | string): Promise<ImageRow[]> {
  const total = rowsOf<{ n: number }>(await on.query("SELECT count(*) AS n FROM images"))[0]!.n;
  if (!Number.isSafeInteger(count) || count < 0 || count > total)
    throw new RangeError(`Cannot draw images: 0 to ${total} of them are possible, got ${count}`);
  const places = drawPlaces(total, count, new Random(seed));
  const table = await on.query(
    `WITH wanted AS (SELECT unnest($places::BIGINT[]) AS place, generate_subscripts($places, 1) AS turn),
    numbered AS (
      SELECT shard, image_offset, row_number() OVER (ORDER BY shard, image_offset) - 1 AS place FROM images
    ),
    chosen AS (SELECT shard, image_offset, turn FROM numbered JOIN wanted USING (place))
    SELECT images.* FROM images JOIN chosen USING (shard, image_offset) ORDER BY turn`,
    { places },
  );
  return rowsOf<ImageRow>(table).map((row) => ({ ...row, split: Array.from(row.split) }));
}

/** The first `count` of a shuffle of 0 to total - 1, in memory for `count` of them (sparse Fisher-Yates). */
function drawPlaces(total: number, count: number, random: Random): number[] {
  const moved = new Map<number, number>();
  return Array.from({ length: count }, (_, i) => {
    const j = i + random.integer(total - i);
    const drawn = moved.get(j) ?? j;
    moved.set(j, moved.get(i) ?? i);
    return drawn;
  });
}

/**
 * The record that a row of `images` stands for; its picture is read by one seek, or one range.
 * @param corpus that holds the row's shard
 */
export function recordOf(corpus: ShardHolder, row: ImageRow): ImageRecord {
  const { shard, image_offset, image_bytes, image_extension, json_offset, extra } = row;
  const { key, license, license_url, attribution, retrieved_at, img_width, img_height } = row;
  const { split, caption_type, caption } = row;
  return {
    ...{ key, license, license_url, attribution, retrieved_at, img_width, img_height },
    ...{ split, caption_type, caption, shard },
    ...(extra === null ? {} : { extra: JSON.parse(extra) }),
    imageOffset: image_offset,
    imageBytes: image_bytes,
    imageExtension: image_extension,
    jsonOffset: json_offset,
    readImage: () => readPicture(corpus, row),
  };
}

/**
 * The encoded picture of a row.
 * @throws Error where the corpus does not hold the row's shard
 */
export async function readPicture(
  corpus: ShardHolder,
  row: Pick<ImageRow, "shard" | "image_offset" | "image_bytes">,
): Promise<Uint8Array> {
  const shard = corpus.shards.find(({ name }) => name === row.shard);
  if (shard === undefined)
    throw new Error(`Cannot read a picture: the corpus must hold the shard ${row.shard}, got another corpus`);
  const source = await shard.open();
  try {
    return await source.read(row.image_offset, row.image_bytes);
  } finally {
    await source.close();
  }
}
