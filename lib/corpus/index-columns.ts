/**
 * The columns of the index: one row an image in the table `images`, one row a finding in the table `problems`.
 *
 * The JSON's fields keep the names that the data card gives them; `split` is the list of tiers, as there. What is
 * derived from them (licence, source, lengths) is computed once, when the index is built. Texts are hostile and go in
 * as values.
 */
import { imageSource, type LicenceCategory, normaliseLicence } from "../licences/index.js";
import { countClipTokens, countText } from "../text/index.js";
import type { ImageMetadata, ImageRecord, Split } from "./image-record.js";
import type { CorpusProblem } from "./problems.js";

/** Counts up whenever the columns, or a rule that fills them, change: parts of another version are built anew. */
export const INDEX_BUILDER_VERSION: number = 2;

/** Types of columns, by their names in DuckDB. */
export type ColumnType = "VARCHAR" | "BIGINT" | "INTEGER" | "BOOLEAN" | "VARCHAR[]";

/** The columns of `images`, in their order. */
export const imageColumns = {
  shard: "VARCHAR",
  shard_split: "VARCHAR",
  image_offset: "BIGINT",
  image_bytes: "BIGINT",
  image_extension: "VARCHAR",
  json_offset: "BIGINT",
  key: "VARCHAR",
  license: "VARCHAR",
  license_url: "VARCHAR",
  attribution: "VARCHAR",
  retrieved_at: "VARCHAR",
  img_width: "BIGINT",
  img_height: "BIGINT",
  split: "VARCHAR[]",
  caption_type: "VARCHAR",
  caption: "VARCHAR",
  extra: "VARCHAR",
  spdx: "VARCHAR",
  licence_category: "VARCHAR",
  licence_version: "VARCHAR",
  permissive: "BOOLEAN",
  source: "VARCHAR",
  words: "INTEGER",
  sentences: "INTEGER",
  characters: "INTEGER",
  clip_tokens: "INTEGER",
  sha256: "VARCHAR",
} as const satisfies { readonly [name: string]: ColumnType };

/** The columns of `problems`, in their order. */
export const problemColumns = {
  shard: "VARCHAR",
  offset: "BIGINT",
  key: "VARCHAR",
  kind: "VARCHAR",
  expected: "VARCHAR",
  found: "VARCHAR",
} as const satisfies { readonly [name: string]: ColumnType };

/** A row of `images`, as `SELECT * FROM images` gives it. */
export interface ImageRow extends Omit<ImageMetadata, "extra"> {
  readonly shard: string;
  /** Train, val or test, as the shard's name says; null where it says nothing. */
  readonly shard_split: Split | null;
  readonly image_offset: number;
  readonly image_bytes: number;
  readonly image_extension: "jpg" | "png";
  readonly json_offset: number;
  /** JSON of the fields beyond the data card's; null where there are none. */
  readonly extra: string | null;
  readonly spdx: string | null;
  readonly licence_category: LicenceCategory;
  readonly licence_version: string | null;
  readonly permissive: boolean;
  readonly source: string;
  readonly words: number;
  readonly sentences: number;
  /** Unicode code points. */
  readonly characters: number;
  readonly clip_tokens: number;
  /** Of the encoded picture; null in an index that was built without `hash`. */
  readonly sha256: string | null;
}

/** A row of `problems`: the finding as it was told. */
export type ProblemRow = CorpusProblem;

/**
 * The row of a record.
 * @param sha256 of its picture, null where pictures are not read
 */
export function imageRow(
  record: ImageRecord,
  shardSplit: Split | undefined,
  sha256: string | null,
): ImageRow {
  const licence = normaliseLicence(record.license, record.license_url);
  const { words, sentences, characters } = countText(record.caption);
  return {
    shard: record.shard,
    shard_split: shardSplit ?? null,
    image_offset: record.imageOffset,
    image_bytes: record.imageBytes,
    image_extension: record.imageExtension,
    json_offset: record.jsonOffset,
    key: record.key,
    license: record.license,
    license_url: record.license_url,
    attribution: record.attribution,
    retrieved_at: record.retrieved_at,
    img_width: record.img_width,
    img_height: record.img_height,
    split: record.split,
    caption_type: record.caption_type,
    caption: record.caption,
    extra: record.extra === undefined ? null : JSON.stringify(record.extra),
    spdx: licence.spdx ?? null,
    licence_category: licence.category,
    licence_version: licence.version ?? null,
    permissive: licence.permissive,
    source: imageSource(record).source,
    words,
    sentences,
    characters,
    clip_tokens: countClipTokens(record.caption),
    sha256,
  };
}
