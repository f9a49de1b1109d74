/**
 * From how many images the moments of a reference file are, where the file does not say.
 *
 * The published test statistics list 50,000 rows and keys, and moments that the paper's text calls those of 1,000,000
 * images. The law of the sample size tells: a Frechet distance of two independent samples of one law, n and N images, is
 * b(1/n + 1/N) for large n, and of a sample to the set of N that holds it b(1/n - 1/N). b comes from the rows themselves,
 * by splitting them (bias-law-splits.ts of the metrics); the distance of the rows' own moments to the file's then says N. (Check C12: b = 3.92e5, and 7.44
 * for 50,000 of 1,000,000.)
 *
 * Approximation: what is left of the law's next term at this size is followed on the line from b to its value on halves
 * of the rows. The interval takes the distance to scatter as those of the splits do.
 */
import { type Interval, normalQuantile } from "../core/index.js";
import { type FeatureMoments, type FeatureRows, momentsOf } from "../features/index.js";
import { biasFromSplits, frechetDistance, type MeasuredBias } from "../metrics/index.js";

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

/** Fewer rows do not tell. */
export const EXPLAINED_ROWS = 64;
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
  const law = bias ?? (await biasFromSplits(rows, { seed, repeats: splitRepeats(rows.width), signal }));
  const { fd: distance } = await frechetDistance({ real: moments, generated: momentsOf({ rows }) });
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
 * Whether the moments may be of so many images.
 * @example couldBe(explanation, 1_000_000)
 */
export function couldBe({ kind, interval }: ReferenceExplanation, count: number): boolean {
  return kind !== "another set" && count >= interval.low && count <= interval.high;
}

function counted(
  n: number,
  distance: number,
  law: MeasuredBias,
): Pick<ReferenceExplanation, "kind" | "count" | "interval" | "sentence"> {
  const images = (x: number) => (x < 1 / n ? 1 / (1 / n - x) : Number.POSITIVE_INFINITY);
  const x = termOf(distance, law, n);
  const scatter = Math.hypot(law.scatter, law.standardError / law.b) * normalQuantile(0.975);
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
