/** Counts a corpus: images, bytes, pixels, and what they are made of (the paper's Figure 2 and Figure 8). */

import { type ImageSource, imageSource } from "../licences/index.js";
import type { CaptionType, ImageRecord } from "./image-record.js";
import type { CorpusProblem } from "./problems.js";

/** What `summarise` needs of a record: no pixels. */
export type CountedRecord = Pick<
  ImageRecord,
  | "attribution"
  | "caption_type"
  | "img_height"
  | "img_width"
  | "imageBytes"
  | "license"
  | "license_url"
  | "shard"
>;

/** The counts of a corpus, and the columns that charts are drawn from. */
export interface CorpusSummary {
  readonly images: number;
  /** Bytes of the encoded pictures. */
  readonly bytes: number;
  /** Width times height, summed, as the metadata says. */
  readonly pixels: number;
  readonly caption_types: { readonly [type in CaptionType]: number };
  /** Images by the licence's name as written, most frequent first. */
  readonly licences: { readonly [name: string]: number };
  readonly sources: { readonly [source in ImageSource]: number };
  readonly problems: readonly CorpusProblem[];
  /** Mean width and height in pixels; 0 where there are no images. */
  readonly mean_width: number;
  readonly mean_height: number;
  /** One row a shard, in the order of the records. */
  readonly shards: readonly ShardSummary[];
}

/** The counts of one shard. */
export interface ShardSummary {
  readonly shard: string;
  readonly images: number;
  readonly bytes: number;
  readonly pixels: number;
  readonly caption_types: { readonly [type in CaptionType]: number };
}

/**
 * Counts records.
 * @param records of one corpus, such as `corpus.records()`
 * @param problems what the walk found; the same array that its `onProblem` fills
 * @example (await summarise(corpus.records())).images // 140
 */
export async function summarise(
  records: AsyncIterable<CountedRecord> | Iterable<CountedRecord>,
  problems: readonly CorpusProblem[] = [],
): Promise<CorpusSummary> {
  const licences = new Map<string, number>();
  const sources = { flickr: 0, wikimedia: 0, unknown: 0 };
  const shards = new Map<string, ReturnType<typeof emptyShard>>();
  const total = emptyShard("");
  let width = 0;
  let height = 0;
  for await (const record of records) {
    let shard = shards.get(record.shard);
    if (shard === undefined) {
      shard = emptyShard(record.shard);
      shards.set(record.shard, shard);
    }
    for (const count of [total, shard]) {
      count.images++;
      count.bytes += record.imageBytes;
      count.pixels += record.img_width * record.img_height;
      count.caption_types[record.caption_type]++;
    }
    licences.set(record.license, (licences.get(record.license) ?? 0) + 1);
    sources[imageSource(record).source]++;
    width += record.img_width;
    height += record.img_height;
  }
  return {
    images: total.images,
    bytes: total.bytes,
    pixels: total.pixels,
    caption_types: total.caption_types,
    licences: Object.fromEntries([...licences].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))),
    sources,
    problems: [...problems],
    mean_width: width / Math.max(1, total.images),
    mean_height: height / Math.max(1, total.images),
    shards: [...shards.values()],
  };
}

function emptyShard(shard: string) {
  return { shard, images: 0, bytes: 0, pixels: 0, caption_types: { tag: 0, short: 0, medium: 0, long: 0 } };
}
