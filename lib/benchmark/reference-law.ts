/**
 * The law of the sample size, fitted on splits of one set of rows: FD = b x + c x^2, x = 1/n + 1/N.
 *
 * Two samples of one law have a Frechet distance that falls as one over their sizes; b x is that law, c x^2 the next
 * term, which matters where images are not many times the width. Halves, quarters and eighths of the rows give the
 * points. Approximation: distances of parts of the same rows are taken as independent.
 */
import { Random } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { frechetDistance } from "../metrics/index.js";
import { mergedMoments, momentBlocks } from "./reference-blocks.js";

/** The law of a set of rows. */
export interface SampleSizeLaw {
  readonly b: number;
  readonly c: number;
  /** Standard deviation of one distance, as a share of it. */
  readonly scatter: number;
  /** Rows that it was fitted on. */
  readonly rows: number;
  /** The x of the points: outside of them the law is extended. */
  readonly from: number;
  readonly to: number;
  readonly seed: number;
}

/** How the law is fitted. */
export interface LawOptions {
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rows are dealt to as many blocks; halves, quarters and eighths are merged from them. */
const BLOCKS = 16;
/** Rows below which there is no law to be had. */
export const LAW_ROWS: number = 2 * BLOCKS;
/** Distances for each size: their mean is the law's, their scatter that of one distance. */
export const LAW_DRAWS = 6;

/**
 * Fits the law.
 * @param rows at least 32, of one law
 * @throws RangeError where there are fewer
 * @example expectedDistance(await sampleSizeLaw(rows), 1 / 5000 + 1 / 50000)
 */
export async function sampleSizeLaw(
  rows: FeatureRows,
  { seed = 0, signal }: LawOptions = {},
): Promise<SampleSizeLaw> {
  if (rows.count < LAW_ROWS)
    throw new RangeError(
      `Cannot fit the law of the sample size: at least ${LAW_ROWS} rows are needed, got ${rows.count}`,
    );
  const random = new Random(`sample size ${seed}`);
  const blocks = momentBlocks(rows, BLOCKS, random);
  const points: { readonly x: number; readonly fd: number }[] = [];
  for (const part of [BLOCKS / 2, BLOCKS / 4, BLOCKS / 8])
    for (let draw = 0; draw < LAW_DRAWS; draw++) {
      signal?.throwIfAborted();
      const mixed = random.shuffle(blocks);
      const [a, b] = [mergedMoments(mixed.slice(0, part)), mergedMoments(mixed.slice(part, 2 * part))];
      const { fd } = await frechetDistance({ real: a, generated: b });
      points.push({ x: 1 / a.count! + 1 / b.count!, fd });
    }
  const scatter = relativeScatter(points.slice(0, LAW_DRAWS).map(({ fd }) => fd));
  const [from, to] = [points[0]!.x, points.at(-1)!.x];
  return { ...fitted(points), scatter, rows: rows.count, from, to, seed };
}

/**
 * The distance that the law expects.
 * @param x 1/n + 1/N of two samples, 1/n - 1/N of a sample and the set that holds it
 */
export function expectedDistance({ b, c }: Pick<SampleSizeLaw, "b" | "c">, x: number): number {
  return b * x + c * x * x;
}

/** The x at which the law expects a distance, on the branch that begins at 0. */
export function expectedAt({ b, c }: Pick<SampleSizeLaw, "b" | "c">, distance: number): number {
  const root = Math.sqrt(Math.max(0, b * b + 4 * c * distance));
  return Math.max(0, (2 * distance) / (b + root));
}

/** Least squares of fd / x = b + c x: each distance's scatter is in proportion to itself. */
function fitted(points: readonly { readonly x: number; readonly fd: number }[]): {
  readonly b: number;
  readonly c: number;
} {
  const n = points.length;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / n;
  const meanY = points.reduce((sum, { x, fd }) => sum + fd / x, 0) / n;
  let [xx, xy] = [0, 0];
  for (const { x, fd } of points) {
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (fd / x - meanY);
  }
  const c = xx > 0 ? xy / xx : 0;
  return { b: meanY - c * meanX, c };
}

function relativeScatter(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return mean > 0 ? Math.sqrt(squares / (values.length - 1)) / mean : 0;
}
