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
  const shards = rowsOf<{ shard: string; images: number }>(
    await on.query("SELECT shard, count(*) AS images FROM images GROUP BY shard ORDER BY shard"),
  );
  const total = shards.reduce((sum, { images }) => sum + images, 0);
  if (!Number.isSafeInteger(count) || count < 0 || count > total)
    throw new RangeError(`Cannot draw images: 0 to ${total} of them are possible, got ${count}`);
  if (count === 0) return [];
  const places = inShards(shards, drawPlaces(total, count, new Random(seed)));
  // only the shards that were hit are looked into: of 100 million rows a dozen shards
  const hit = [...new Set(places.map(({ shard }) => shard))];
  const isHit = `shard IN (${hit.map((_, at) => `$hit${at}`).join(", ")})`;
  const names = Object.fromEntries(hit.map((shard, at) => [`hit${at}`, shard]));
  const found = await on.query(
    `WITH wanted AS (SELECT unnest($shards::VARCHAR[]) AS shard, unnest($places::BIGINT[]) AS place),
    numbered AS (
      SELECT shard, image_offset, row_number() OVER (PARTITION BY shard ORDER BY image_offset) - 1 AS place
      FROM images WHERE ${isHit}
    )
    SELECT shard, image_offset, place FROM numbered JOIN wanted USING (shard, place)`,
    { ...names, shards: places.map(({ shard }) => shard), places: places.map(({ place }) => place) },
  );
  const offsets = new Map(
    rowsOf<Place & { place: number }>(found).map((row) => [`${row.place} ${row.shard}`, row.image_offset]),
  );
  return rowsAt(
    on,
    places.map(({ shard, place }) => ({ shard, image_offset: offsets.get(`${place} ${shard}`)! })),
  );
}

/** Where an image lies. */
interface Place {
  readonly shard: string;
  readonly image_offset: number;
}

/** Rows up to which each is a condition of its own: DuckDB then reads the wide columns of no other row. */
const FEW_ROWS = 64;

/** The rows of places, in their order. */
async function rowsAt(on: Queryable, places: readonly Place[]): Promise<ImageRow[]> {
  const few = places.length <= FEW_ROWS;
  const table = few
    ? await on.query(
        `SELECT * FROM images WHERE ${places.map((_, at) => `(shard = $s${at} AND image_offset = $o${at})`).join(" OR ")}`,
        Object.fromEntries(
          places.flatMap((row, at) => [
            [`s${at}`, row.shard],
            [`o${at}`, row.image_offset],
          ]),
        ),
      )
    : await on.query(
        `SELECT images.* FROM images JOIN (
          SELECT unnest($shards::VARCHAR[]) AS shard, unnest($offsets::BIGINT[]) AS image_offset
        ) USING (shard, image_offset)`,
        { shards: places.map(({ shard }) => shard), offsets: places.map((row) => row.image_offset) },
      );
  const rows = new Map(
    rowsOf<ImageRow>(table).map((row) => [
      `${row.image_offset} ${row.shard}`,
      { ...row, split: Array.from(row.split) },
    ]),
  );
  return places.map(({ shard, image_offset }) => rows.get(`${image_offset} ${shard}`)!);
}

/** Places among all images as a shard and a place in it. */
function inShards(
  shards: readonly { readonly shard: string; readonly images: number }[],
  places: readonly number[],
): { readonly shard: string; readonly place: number }[] {
  const ends: number[] = [];
  for (const { images } of shards) ends.push((ends.at(-1) ?? 0) + images);
  return places.map((place) => {
    let low = 0;
    for (let high = ends.length - 1; low < high; ) {
      const middle = (low + high) >> 1;
      if (ends[middle]! > place) high = middle;
      else low = middle + 1;
    }
    return { shard: shards[low]!.shard, place: place - (ends[low - 1] ?? 0) };
  });
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
  // an index may come from somebody else, and both become parts of file names
  if (!/^[0-9a-f]{64}$/i.test(key) || (image_extension !== "jpg" && image_extension !== "png"))
    throw new TypeError(
      `Cannot take a record from the index: a key of 64 hexadecimal digits and jpg or png are needed, got ${JSON.stringify([key, image_extension]).slice(0, 120)}`,
    );
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
