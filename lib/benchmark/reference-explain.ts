/**
 * From how many images the moments of a reference file are, where the file does not say.
 *
 * The published test statistics list 50,000 rows and keys, and moments that the paper's text calls those of 1,000,000
 * images. The law of the sample size tells: a Frechet distance of two independent samples of one law, n and N images, is
 * b(1/n + 1/N) for large n, and of a sample to the set of N that holds it b(1/n - 1/N). b comes from the rows themselves,
 * by splitting them; the distance of the rows' own moments to the file's then says N. (Check C12: b = 3.92e5, and 7.44
 * for 50,000 of 1,000,000.)
 *
 * Approximation: the next term of the law, c (1/n)^2, is fitted with b on halves, quarters and eighths of the rows. The
 * interval takes the distance to scatter as the distances of random halves do.
 */
import { type Interval, normalQuantile, Random } from "../core/index.js";
import type { FeatureMoments, FeatureRows } from "../features/index.js";
import { frechetDistance } from "../metrics/index.js";
import { mergedMoments, momentBlocks } from "./reference-blocks.js";

/** What the moments are of. */
export type ReferenceKind =
  | "the same images as the rows"
  | "a larger set that holds the rows"
  | "another set";

/** What the law says of a reference file. */
export interface ReferenceExplanation {
  /** Rows of the file. */
  readonly rows: number;
  /** Frechet distance of the rows' own moments to those of the file. */
  readonly distance: number;
  /** The law's b, from splits of the rows. */
  readonly bias: number;
  readonly kind: ReferenceKind;
  /** Images that the moments are of; NaN where they are of another set. */
  readonly count: number;
  /** 95 % interval of it; Infinity where no number is too large. */
  readonly interval: Interval;
  readonly seed: number;
  /** The same in words. */
  readonly sentence: string;
}

/** How the law is fitted. */
export interface ExplainOptions {
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rows are dealt to as many blocks; halves, quarters and eighths are merged from them. */
const BLOCKS = 16;
/** Distances for each size: their mean is b's, their scatter that of one distance. */
const DRAWS = 6;
/** Below this share of b/n the moments are those of the rows, up to float32's digits. */
const SAME_SHARE = 0.01;

/**
 * Tells from how many images a reference's moments are.
 * @param reference rows, at least 64, and moments of the file, of one width
 * @throws RangeError where there are fewer rows
 * @example (await explainReference(await openSide("test_stats.npz"))).sentence
 */
export async function explainReference(
  reference: { readonly rows: FeatureRows; readonly moments: FeatureMoments },
  { seed = 0, signal }: ExplainOptions = {},
): Promise<ReferenceExplanation> {
  const { rows, moments } = reference;
  const n = rows.count;
  if (n < 4 * BLOCKS)
    throw new RangeError(`Cannot explain a reference: at least ${4 * BLOCKS} rows are needed, got ${n}`);
  const random = new Random(`explain reference ${seed}`);
  const blocks = momentBlocks(rows, BLOCKS, random);
  const points: { readonly x: number; readonly fd: number }[] = [];
  for (const part of [BLOCKS / 2, BLOCKS / 4, BLOCKS / 8])
    for (let draw = 0; draw < DRAWS; draw++) {
      signal?.throwIfAborted();
      const mixed = random.shuffle(blocks);
      const [a, b] = [mergedMoments(mixed.slice(0, part)), mergedMoments(mixed.slice(part, 2 * part))];
      const { fd } = await frechetDistance({ real: a, generated: b });
      points.push({ x: 1 / a.count! + 1 / b.count!, fd });
    }
  const { fd: distance } = await frechetDistance({ real: moments, generated: mergedMoments(blocks) });
  const law = fitLaw(points);
  const halves = points.slice(0, DRAWS).map(({ fd }) => fd);
  const scatter = relativeScatter(halves) * Math.sqrt(1 + 1 / DRAWS) * normalQuantile(0.975);
  return { rows: n, distance, bias: law.b, seed, ...counted(n, distance, law, scatter) };
}

/**
 * Whether the moments may be of so many images.
 * @example couldBe(explanation, 1_000_000)
 */
export function couldBe({ kind, interval }: ReferenceExplanation, count: number): boolean {
  return kind !== "another set" && count >= interval.low && count <= interval.high;
}

interface Law {
  readonly b: number;
  readonly c: number;
}

/** Least squares of fd / x = b + c x: each distance's scatter is in proportion to itself. */
function fitLaw(points: readonly { readonly x: number; readonly fd: number }[]): Law {
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

/** The x at which b x + c x^2 is the distance, on the branch that begins at 0. */
function solve({ b, c }: Law, distance: number): number {
  const root = Math.sqrt(Math.max(0, b * b + 4 * c * distance));
  return (2 * distance) / (b + root);
}

function counted(
  n: number,
  distance: number,
  law: Law,
  scatter: number,
): Pick<ReferenceExplanation, "kind" | "count" | "interval" | "sentence"> {
  const images = (x: number) => (x < 1 / n ? 1 / (1 / n - x) : Number.POSITIVE_INFINITY);
  const x = Math.max(0, solve(law, distance));
  const found = `the distance of the ${text(n)} rows' moments to the file's is ${distance.toPrecision(3)}`;
  const low = images(x * Math.max(0, 1 - scatter));
  if (x < SAME_SHARE / n)
    return {
      kind: "the same images as the rows",
      ...{ count: n, interval: { low: n, high: images(SAME_SHARE / n) } },
      sentence: `The moments are of the same ${text(n)} images as the rows: ${found}.`,
    };
  if (low === Number.POSITIVE_INFINITY)
    return {
      kind: "another set",
      ...{ count: Number.NaN, interval: { low: Number.NaN, high: Number.NaN } },
      sentence: `The moments are of another set, which does not hold the rows: ${found}, where a larger set that does would be at most ${(law.b / n).toPrecision(3)} away.`,
    };
  const [count, high] = [images(x), images(x * (1 + scatter))];
  const range = high === Number.POSITIVE_INFINITY ? `${text(low)} or more` : `${text(low)} to ${text(high)}`;
  return {
    kind: "a larger set that holds the rows",
    ...{ count, interval: { low, high } },
    sentence: `The moments are of a larger set that holds the rows, of ${Number.isFinite(count) ? `about ${text(count)}` : "a great many"} images (95 %: ${range}): ${found}, by the law b(1/n - 1/N) with b = ${law.b.toPrecision(3)} from splits of the rows.`,
  };
}

function relativeScatter(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1)) / mean;
}

/** Three digits: more is not known. */
function text(count: number): string {
  return Number(count.toPrecision(3)).toLocaleString("en-US");
}
