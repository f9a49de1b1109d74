/** Questions about captions: lengths by type, repetitions (the paper's 2.4; the rules are checked elsewhere). */
import { type CaptionType, captionTypes } from "./image-record.js";
import type { Queryable } from "./index-types.js";
import { rowsOf } from "./questions.js";
import { type Distribution, quantileColumn, quantileNames } from "./questions-sizes.js";

/** What of a caption is counted. */
export type LengthMeasure = "words" | "sentences" | "characters" | "clip_tokens";

/** Every measure, as the index' columns name them. */
export const lengthMeasures: readonly LengthMeasure[] = ["words", "sentences", "characters", "clip_tokens"];

/** What a text encoder of CLIP takes, its start and its end token among them. */
export const CLIP_CONTEXT_TOKENS = 77;

/** The lengths of one type's captions in one measure. */
export interface CaptionLengths extends Distribution {
  readonly caption_type: CaptionType;
  readonly measure: LengthMeasure;
  /** Share of captions that CLIP would cut: more than 77 tokens with start and end; null of the other measures. */
  readonly share_over_77: number | null;
}

/**
 * The lengths of captions: one row for each type that is there and each measure.
 * @example
 * const rows = await captionLengths(corpus);
 * rows.find((row) => row.caption_type === "long" && row.measure === "words")?.mean
 */
export async function captionLengths(on: Queryable): Promise<CaptionLengths[]> {
  const rows: CaptionLengths[] = [];
  for (const measure of lengthMeasures) {
    const over =
      measure === "clip_tokens" ? `avg((clip_tokens + 2 > ${CLIP_CONTEXT_TOKENS})::INTEGER)` : "NULL::DOUBLE";
    const table = await on.query(`
      SELECT * EXCLUDE (q), ${quantileNames("q")} FROM (
        SELECT caption_type, '${measure}' AS measure, count(*) AS images, avg(${measure}) AS mean,
          min(${measure}) AS min, max(${measure}) AS max, ${quantileColumn(measure)} AS q, ${over} AS share_over_77
        FROM images GROUP BY caption_type
      )`);
    rows.push(...rowsOf<CaptionLengths>(table));
  }
  const order = ({ caption_type, measure }: CaptionLengths) =>
    captionTypes.indexOf(caption_type) * lengthMeasures.length + lengthMeasures.indexOf(measure);
  return rows.sort((a, b) => order(a) - order(b));
}

/**
 * How many captions of each type have each length: what a histogram is drawn from.
 * @returns rows by type and rising length
 * @throws RangeError for a measure that is not among `lengthMeasures`
 */
export async function captionLengthCounts(
  on: Queryable,
  measure: LengthMeasure,
): Promise<{ readonly caption_type: CaptionType; readonly length: number; readonly captions: number }[]> {
  if (!lengthMeasures.includes(measure))
    throw new RangeError(
      `Cannot count lengths: one of ${lengthMeasures.join(", ")} is needed, got ${JSON.stringify(measure)}`,
    );
  const table = await on.query(
    `
    SELECT caption_type, ${measure} AS length, count(*) AS captions
    FROM images GROUP BY caption_type, length ORDER BY list_position($types, caption_type), length`,
    { types: captionTypes },
  );
  return rowsOf(table);
}

/** Captions that more than one image has. */
export interface RepeatedCaptions {
  /** All captions, and how many different ones. */
  readonly captions: number;
  readonly distinct: number;
  /** Captions of more than one image, and the images that have one of them. */
  readonly repeated: number;
  readonly images: number;
  /** The most frequent, most frequent first. */
  readonly most: readonly { readonly caption: string; readonly images: number }[];
}

/**
 * Captions that occur more than once, letter by letter.
 * @param limit how many of the most frequent are listed
 */
export async function repeatedCaptions(on: Queryable, limit: number = 20): Promise<RepeatedCaptions> {
  // by hash first: few captions repeat, and a hash is a tenth of a caption; the second pass compares the texts
  const table = await on.query(
    `
    WITH suspects AS (SELECT hash(caption) AS h FROM images GROUP BY h HAVING count(*) > 1),
    repeated AS (
      SELECT caption, count(*) AS images FROM images
      WHERE hash(caption) IN (FROM suspects) GROUP BY caption HAVING count(*) > 1
    ),
    most AS (FROM repeated ORDER BY images DESC, caption LIMIT $limit)
    SELECT (SELECT count(*) FROM images) AS captions, (SELECT count(*) FROM repeated) AS repeated,
      (SELECT coalesce(sum(images), 0) FROM repeated) AS images,
      (SELECT coalesce(list(most), []) FROM most) AS most`,
    { limit },
  );
  const row = rowsOf<{ captions: number; repeated: number; images: number; most: unknown }>(table)[0]!;
  const most = Array.from(
    row.most as Iterable<{ caption: string; images: number }>,
    ({ caption, images }) => ({
      caption,
      images,
    }),
  );
  return { ...row, distinct: row.captions - row.images + row.repeated, most };
}
