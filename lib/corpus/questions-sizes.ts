/** Questions about the size of images: means, quantiles and histograms (the paper's Figure 2). */
import type { Queryable } from "./index-types.js";
import { PIXELS, rowsOf } from "./questions.js";

/** What of an image's size is measured. */
export type SizeMeasure = "width" | "height" | "pixels" | "bytes" | "aspect";

const measures: { readonly [measure in SizeMeasure]: string } = {
  width: "img_width",
  height: "img_height",
  pixels: PIXELS,
  bytes: "image_bytes",
  aspect: "img_width / img_height",
};

/** The parts of a distribution that are told, each between 0 and 1. */
const quantileLevels: readonly number[] = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/** A distribution in numbers; null of everything but the count where there are no images. */
export interface Distribution {
  readonly images: number;
  readonly mean: number | null;
  readonly min: number | null;
  readonly p1: number | null;
  readonly p5: number | null;
  readonly p25: number | null;
  readonly median: number | null;
  readonly p75: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/**
 * The sizes of the images: one row each for width, height, pixels, bytes, and aspect (width over height).
 * @example (await imageSizes(corpus)).find(({ measure }) => measure === "width")?.median // 720
 */
export async function imageSizes(
  on: Queryable,
): Promise<({ readonly measure: SizeMeasure } & Distribution)[]> {
  const rows: ({ readonly measure: SizeMeasure } & Distribution)[] = [];
  for (const [measure, sql] of Object.entries(measures)) {
    const table = await on.query(`
      SELECT * EXCLUDE (q), ${quantileNames("q")} FROM (
        SELECT count(*) AS images, avg(x) AS mean, min(x) AS min, max(x) AS max, ${quantileColumn("x")} AS q
        FROM (SELECT ${sql} AS x FROM images)
      )`);
    rows.push({ measure: measure as SizeMeasure, ...rowsOf<Distribution>(table)[0]! });
  }
  return rows;
}

/** The quantiles of an expression as one column, taken in one pass; `quantiles` gives them their names. */
export function quantileColumn(x: string): string {
  return `quantile_cont(${x}, [${quantileLevels.join(", ")}])`;
}

/** The columns p1 to p99 of a column that `quantileColumn` made. */
export function quantileNames(column: string): string {
  const names = ["p1", "p5", "p25", "median", "p75", "p95", "p99"];
  return names.map((name, at) => `${column}[${at + 1}] AS ${name}`).join(", ");
}

/** One bin of a histogram: from <= value < to, the last one with its end. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly images: number;
}

/**
 * A histogram with bins of one width.
 * @param edges of the first and last bin, such as [0, 2000]; what lies outside is in the first or last bin
 * @param bins how many, 1 to 10,000
 * @throws RangeError where edges or bins are not such
 * @example await sizeHistogram(corpus, "width", [0, 2000], 40)
 */
export async function sizeHistogram(
  on: Queryable,
  measure: SizeMeasure,
  edges: readonly [from: number, to: number],
  bins: number,
): Promise<Bin[]> {
  const [from, to] = edges;
  if (!Object.hasOwn(measures, measure))
    throw new RangeError(
      `Cannot draw a histogram: one of ${Object.keys(measures).join(", ")} is needed, got ${JSON.stringify(measure)}`,
    );
  if (!Number.isSafeInteger(bins) || bins < 1 || bins > 10_000)
    throw new RangeError(`Cannot draw a histogram: 1 to 10000 bins are needed, got ${bins}`);
  if (!(Number.isFinite(from) && Number.isFinite(to) && from < to))
    throw new RangeError(`Cannot draw a histogram: edges that rise are needed, got ${from} and ${to}`);
  const table = await on.query(
    `SELECT least(greatest(floor((${measures[measure]} - $from) / $step), 0), $last)::INTEGER AS bin, count(*) AS images
     FROM images GROUP BY bin`,
    { from, step: (to - from) / bins, last: bins - 1 },
  );
  const counts = new Map(
    rowsOf<{ bin: number; images: number }>(table).map(({ bin, images }) => [bin, images]),
  );
  const edge = (at: number) => from + ((to - from) * at) / bins;
  return Array.from({ length: bins }, (_, at) => ({
    from: edge(at),
    to: edge(at + 1),
    images: counts.get(at) ?? 0,
  }));
}
