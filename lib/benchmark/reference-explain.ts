/**
 * From how many images the moments of a reference file are, where the file does not say.
 *
 * The published test statistics list 50,000 rows and keys, and moments that the paper's text calls those of 1,000,000
 * images. The law of the sample size tells: a Frechet distance of two independent samples of one law, n and N images, is
 * b(1/n + 1/N) for large n, of a sample to the set of N that holds it b(1/n - 1/N), and to N of its own images
 * b(1/N - 1/n). b comes from the rows themselves, by splitting them (bias-law-splits.ts of the metrics); the distance of
 * the rows' own moments to the file's then says N. (Check C12: b = 3.92e5, and 7.44 for 50,000 of 1,000,000.) Which of the
 * three the file is no distance tells: all readings are named.
 *
 * Approximation: what is left of the law's next term at this size is followed on the line from b to its value on halves
 * of the rows. The interval takes the distance to scatter about its expectation as those of the splits do. Below 8 rows a feature an eighth of
 * the rows has fewer images than features, the law has not begun, and only moments of the very rows can be told.
 */
import { chiSquareQuantile, type Interval } from "../core/index.js";
import { type FeatureMoments, type FeatureRows, momentsOf } from "../features/index.js";
import { biasFromSplits, frechetDistance, type MeasuredBias } from "../metrics/index.js";
import { countText } from "./disclosure-types.js";
import { type ReferenceReading, readingsOf, readingsText } from "./reference-readings.js";

/** What the moments are of, as far as a distance tells. */
export type ReferenceKind =
  | "the same images as the rows"
  | "a larger set that holds the rows, or a part of them"
  | "a very large set, an independent one, or a part of the rows"
  | "another set, or a part of the rows"
  | "cannot be told";

/** What the law says of a reference file. */
export interface ReferenceExplanation {
  /** Rows of the file. */
  readonly rows: number;
  /** Frechet distance of the rows' own moments to those of the file. */
  readonly distance: number;
  /** The law's b, from splits of the rows; NaN where they are too few for the law. */
  readonly bias: number;
  readonly kind: ReferenceKind;
  /** Images that the moments are of where they are of the rows, or hold them; NaN where neither is told. */
  readonly count: number;
  /** 95 % interval of it; NaN where there is no count. */
  readonly interval: Interval;
  /** Every set that the distance allows. */
  readonly readings: readonly ReferenceReading[];
  readonly seed: number;
  /** The same in words. */
  readonly sentence: string;
}

/** Fewer rows do not tell. */
export const EXPLAINED_ROWS = 64;
/** Rows for each feature from which the law says anything of splits: eighths then have as many rows as features. */
export const LAW_ROWS_PER_COLUMN = 8;

/** How it is told. */
export interface ExplainOptions {
  readonly seed?: number | undefined;
  /** b of the rows, where it was measured before. */
  readonly bias?: MeasuredBias | undefined;
  readonly signal?: AbortSignal | undefined;
}

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
  { seed = 0, bias, signal }: ExplainOptions = {},
): Promise<ReferenceExplanation> {
  const { rows, moments } = reference;
  const n = rows.count;
  if (n < EXPLAINED_ROWS)
    throw new RangeError(`Cannot explain a reference: at least ${EXPLAINED_ROWS} rows are needed, got ${n}`);
  const own = momentsOf({ rows });
  const { fd: distance } = await frechetDistance({ real: moments, generated: own });
  if (n < LAW_ROWS_PER_COLUMN * rows.width) return { seed, ...fewRows(n, distance, own) };
  const law = bias ?? (await biasFromSplits(rows, { seed, repeats: splitRepeats(rows.width), signal }));
  return { rows: n, distance, bias: law.b, seed, ...counted(n, distance, law) };
}

/**
 * Shuffles of the rows for a measurement of b, each of seven distances: a distance in few dimensions scatters more, and
 * costs less.
 */
export function splitRepeats(width: number): number {
  return width >= 512 ? 4 : 16;
}

/**
 * Whether the law speaks for so many images: one of the readings has them between two finite ends.
 * @example couldBe(explanation, 1_000_000)
 */
export function couldBe({ readings }: ReferenceExplanation, count: number): boolean {
  return readings.some(({ interval }) => Number.isFinite(interval.high) && isWithin(count, interval));
}

/**
 * Whether the law speaks against so many images: it was told what the moments are, and no reading has as many.
 * @example cannotBe(explanation, 1_000_000)
 */
export function cannotBe({ readings }: ReferenceExplanation, count: number): boolean {
  return readings.length > 0 && !readings.some(({ interval }) => isWithin(count, interval));
}

function isWithin(count: number, { low, high }: Interval): boolean {
  return count >= low && count <= high;
}

type Told = Pick<ReferenceExplanation, "kind" | "count" | "interval" | "readings" | "sentence">;

/** Too few rows for the law: they can still be the very images. b is above the sum of the variances. */
function fewRows(
  n: number,
  distance: number,
  { covariance, mean }: FeatureMoments,
): Told & Pick<ReferenceExplanation, "rows" | "distance" | "bias"> {
  const width = mean.length;
  const spread = mean.reduce((sum, _, i) => sum + covariance[i * width + i]!, 0);
  const found = { rows: n, distance, bias: Number.NaN };
  if (distance < (SAME_SHARE * spread) / n) return { ...found, ...same(n, distance) };
  return {
    ...found,
    kind: "cannot be told",
    ...{ count: Number.NaN, interval: { low: Number.NaN, high: Number.NaN }, readings: [] },
    sentence: `From how many images the moments are cannot be told: at least ${countText(LAW_ROWS_PER_COLUMN * width)} rows of ${width} numbers are needed, got ${countText(n)}; ${foundText(n, distance)}, so they are not of the same images alone.`,
  };
}

function same(n: number, distance: number): Told {
  const interval = { low: n, high: n / (1 - SAME_SHARE) };
  return {
    kind: "the same images as the rows",
    ...{ count: n, interval, readings: [{ set: "the rows", count: n, interval }] },
    sentence: `The moments are of the same ${text(n)} images as the rows: ${foundText(n, distance)}.`,
  };
}

function counted(n: number, distance: number, law: MeasuredBias): Told {
  const x = termOf(distance, law, n);
  if (x < SAME_SHARE / n) return same(n, distance);
  // the distance over its expectation scatters as chi-square over its degrees of freedom (expected-score.ts of the metrics)
  const degrees = 2 / (law.scatter ** 2 + (law.standardError / law.b) ** 2);
  const share = (p: number) => chiSquareQuantile(p, degrees) / degrees;
  const term = { value: x, low: x / share(0.975), high: x / share(0.025) };
  const readings = readingsOf(term, n);
  const holds = readings.find(({ set }) => set === "a set that holds the rows");
  const isLarge = holds !== undefined && Number.isFinite(holds.interval.high);
  return {
    kind: isLarge
      ? "a larger set that holds the rows, or a part of them"
      : holds === undefined
        ? "another set, or a part of the rows"
        : "a very large set, an independent one, or a part of the rows",
    count: isLarge ? holds.count : Number.NaN,
    interval: isLarge ? holds.interval : { low: Number.NaN, high: Number.NaN },
    readings,
    sentence: `The moments are ${readingsText(readings, n)}: ${foundText(n, distance)}, and b of the law b/n is ${law.b.toPrecision(3)} by splits of the rows.`,
  };
}

function foundText(n: number, distance: number): string {
  return `the distance of the ${text(n)} rows' moments to the file's is ${distance.toPrecision(3)}`;
}

/** The size term at which the law expects a distance: distance / b(x), b(x) on the line from b to that of halves. */
function termOf(distance: number, { b, bySize }: MeasuredBias, n: number): number {
  const [half] = bySize;
  const slope = half === undefined ? 0 : ((half.b - b) * n) / 4;
  let x = distance / b;
  for (let round = 0; round < 20; round++) x = distance / (b + slope * Math.min(x, 4 / n));
  return x;
}

/** Three digits: more is not known. */
function text(count: number): string {
  return Number(count.toPrecision(3)).toLocaleString("en-US");
}
