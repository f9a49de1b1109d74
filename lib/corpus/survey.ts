/** Counts a corpus: images, bytes, pixels, and what they are made of (the paper's Figure 2 and Figure 8). */
import { type ImageSource, imageSources } from "../licences/index.js";
import { type CorpusIdentity, identityAfterReading } from "./identity.js";
import { type CaptionType, captionTypes } from "./image-record.js";
import type { IndexOptions } from "./index-cache.js";
import type { CorpusIndex } from "./index-types.js";
import type { CorpusProblem } from "./problems.js";
import { countImages, listProblems, PIXELS, rowsOf } from "./questions.js";
import type { Shard } from "./shards.js";

/** The counts of a corpus. */
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
  /** One row a shard, in the order of the corpus. */
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

/** The counts of a corpus, and which data they were counted on. */
export interface CorpusSurvey extends CorpusSummary {
  /** The corpus' identity; complete only where all of it was read, so that a part is never compared with a claim. */
  readonly identity: CorpusIdentity;
}

/** What of a corpus is surveyed. */
export interface SurveyedCorpus {
  readonly identity: CorpusIdentity;
  readonly shards: readonly Shard[];
  index(options?: IndexOptions): Promise<CorpusIndex>;
}

/**
 * Counts every image of a corpus by its index, which is built where it is not there; what is damaged is counted
 * beside, and stops nothing.
 * @param options `signal` stops, `onProgress` is told how far the index is
 * @throws the signal's reason where it was stopped
 * @example (await surveyCorpus(await openCorpus("sample"))).images // 152
 */
export async function surveyCorpus(
  corpus: SurveyedCorpus,
  options: IndexOptions = {},
): Promise<CorpusSurvey> {
  const index = await corpus.index(options);
  const { signal } = options;
  const problems = await listProblems(index);
  const shards = await shardSummaries(index, corpus.shards, signal);
  const sum = (of: (shard: ShardSummary) => number) => shards.reduce((total, shard) => total + of(shard), 0);
  const means = await index.query(
    "SELECT coalesce(avg(img_width), 0) AS mean_width, coalesce(avg(img_height), 0) AS mean_height FROM images",
    [],
    { signal },
  );
  const images = sum((shard) => shard.images);
  return {
    images,
    bytes: sum((shard) => shard.bytes),
    pixels: sum((shard) => shard.pixels),
    caption_types: byType((type) => sum((shard) => shard.caption_types[type])),
    licences: Object.fromEntries(
      (await countImages(index, "license")).map(({ value, images }) => [value ?? "", images]),
    ),
    sources: await sourcesOf(index),
    problems,
    ...rowsOf<Pick<CorpusSummary, "mean_width" | "mean_height">>(means)[0]!,
    shards,
    identity: identityAfterReading(corpus.identity, images, problems.length),
  };
}

async function shardSummaries(
  index: CorpusIndex,
  shards: readonly Shard[],
  signal: AbortSignal | undefined,
): Promise<ShardSummary[]> {
  const table = await index.query(
    `SELECT shard, caption_type, count(*) AS images, sum(image_bytes) AS bytes, sum(${PIXELS}) AS pixels
     FROM images GROUP BY ALL`,
    [],
    { signal },
  );
  type Row = Omit<ShardSummary, "caption_types"> & { readonly caption_type: CaptionType };
  const byShard = new Map<string, Row[]>();
  for (const row of rowsOf<Row>(table)) byShard.set(row.shard, [...(byShard.get(row.shard) ?? []), row]);
  return shards.flatMap(({ name }) => {
    const rows = byShard.get(name);
    if (rows === undefined) return [];
    const sum = (of: "images" | "bytes" | "pixels") => rows.reduce((total, row) => total + row[of], 0);
    const ofType = (type: CaptionType) => rows.find(({ caption_type }) => caption_type === type)?.images ?? 0;
    const counts = { images: sum("images"), bytes: sum("bytes"), pixels: sum("pixels") };
    return [{ shard: name, ...counts, caption_types: byType(ofType) }];
  });
}

function byType(count: (type: CaptionType) => number): { [type in CaptionType]: number } {
  return Object.fromEntries(captionTypes.map((type) => [type, count(type)])) as {
    [type in CaptionType]: number;
  };
}

async function sourcesOf(index: CorpusIndex): Promise<{ [source in ImageSource]: number }> {
  const counts = new Map((await countImages(index, "source")).map(({ value, images }) => [value, images]));
  return Object.fromEntries(imageSources.map((source) => [source, counts.get(source) ?? 0])) as {
    [source in ImageSource]: number;
  };
}
