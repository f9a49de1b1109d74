/**
 * Random parts of a made-up pool, and whether the collision model told what the whole removes.
 *
 * A part is drawn by jumps: the gap to the next image that is drawn is geometric, so that a thirtieth of a hundred million
 * images costs a thirtieth of the time. Smaller parts are halves of the larger ones, as the paper's sizes suggest (C3).
 */
import { Random } from "../core/index.js";
import { type ClusteredPool, expectedRemovals, localBeta } from "./cluster-law.js";
import { type CollisionFitOptions, type CollisionPoint, fitCollisions } from "./collision-fit.js";

/** The paper's six subsets, as parts of the pool: 1/32 and five halvings of it. */
export const PAPER_PARTS: readonly number[] = [1 / 1024, 1 / 512, 1 / 256, 1 / 128, 1 / 64, 1 / 32];

/**
 * Points of the collision curve, from nested random parts of a pool.
 * @param parts shares of the pool, in any order
 * @returns from the smallest part to the largest; `images` is the part's expected number
 * @throws RangeError where a part is not above 0 and at most 1
 * @example drawParts(pool, PAPER_PARTS, 1) // [{ images: 107978, removed: 1043 }, ...]
 */
export function drawParts(
  pool: ClusteredPool,
  parts: readonly number[],
  seed: number | string,
): CollisionPoint[] {
  for (const part of parts)
    if (!(part > 0 && part <= 1))
      throw new RangeError(
        `Cannot draw a part of a pool: a share above 0 and at most 1 is needed, got ${part}`,
      );
  const random = new Random(seed);
  const points: CollisionPoint[] = [];
  let drawn: Drawn | undefined;
  let before = 1;
  for (const part of [...parts].sort((a, b) => b - a)) {
    drawn = drawn === undefined ? drawFirst(pool, part, random) : thin(drawn, part / before, random);
    before = part;
    points.push({ images: Math.round(part * pool.images), removed: removedOf(drawn, pool.shape) });
  }
  return points.reverse();
}

/** Images that were drawn, in order: each one's cluster, and its place in it. */
interface Drawn {
  readonly clusters: readonly number[];
  readonly places: readonly number[];
}

function drawFirst({ sizes }: ClusteredPool, part: number, random: Random): Drawn {
  const clusters: number[] = [];
  const places: number[] = [];
  const gap = gaps(part, random);
  let firstCluster = 0;
  for (const { size, clusters: count } of sizes) {
    for (let at = gap(); at < size * count; at += 1 + gap()) {
      clusters.push(firstCluster + Math.floor(at / size));
      places.push(at % size);
    }
    firstCluster += count;
  }
  return { clusters, places };
}

function thin({ clusters, places }: Drawn, part: number, random: Random): Drawn {
  const kept: { clusters: number[]; places: number[] } = { clusters: [], places: [] };
  const gap = gaps(part, random);
  for (let at = gap(); at < clusters.length; at += 1 + gap()) {
    kept.clusters.push(clusters[at]!);
    kept.places.push(places[at]!);
  }
  return kept;
}

/** Draws how many images are passed over before the next one is taken. */
function gaps(part: number, random: Random): () => number {
  if (part === 1) return () => 0;
  const scale = 1 / Math.log1p(-part);
  return () => Math.floor(Math.log1p(-random.next()) * scale);
}

function removedOf({ clusters, places }: Drawn, shape: ClusteredPool["shape"]): number {
  let removed = 0;
  for (let i = 1; i < clusters.length; i++)
    if (clusters[i] === clusters[i - 1] && (shape === "clique" || places[i]! === places[i - 1]! + 1))
      removed++;
  return removed;
}

/** How a study of extrapolation is to run. */
export interface ExtrapolationOptions extends CollisionFitOptions {
  /** Default: the paper's six. */
  readonly parts?: readonly number[] | undefined;
  /** How often parts are drawn and fitted; default 100. */
  readonly repeats?: number | undefined;
  readonly seed: number | string;
}

/** What extrapolating came to, over all repeats. */
export interface ExtrapolationStudy {
  /** Images that the whole pool removes. */
  readonly truth: number;
  /** The slope at the pool's own size, and at the largest part. */
  readonly betaAtPool: number;
  readonly betaAtLargestPart: number;
  /** Medians over the repeats. */
  readonly beta: number;
  readonly extrapolated: number;
  /** extrapolated / truth. */
  readonly ratio: number;
  /** The share of repeats whose interval holds the truth; `confidence` where all is well. */
  readonly coverage: number;
  /** The share of repeats whose points bend by the test, p below 1 - confidence. */
  readonly curved: number;
  /** The points of the first repeat. */
  readonly points: readonly CollisionPoint[];
  /** Repeats that drew no removal in some part, and could not be fitted. */
  readonly unfitted: number;
  readonly repeats: number;
}

/**
 * Fits the collision model to parts of a pool again and again, and holds what it foretells against what is so.
 * @throws RangeError where no repeat can be fitted
 * @example
 * const pool = clusteredPool(110_569_761, [{ kind: "bursts", share: 0.1, mean: 20 }]);
 * extrapolationStudy(pool, { seed: 1 }).ratio; // far above 1: bursts look like pairs in small parts
 */
export function extrapolationStudy(
  pool: ClusteredPool,
  { parts = PAPER_PARTS, repeats = 100, seed, ...fitOptions }: ExtrapolationOptions,
): ExtrapolationStudy {
  const truth = expectedRemovals(pool, 1);
  const level = 1 - (fitOptions.confidence ?? 0.95);
  const betas: number[] = [];
  const extrapolations: number[] = [];
  let [covered, curved] = [0, 0];
  let first: CollisionPoint[] | undefined;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const points = drawParts(pool, parts, `${seed}:${repeat}`);
    first ??= points;
    if (points.some(({ removed }) => removed === 0)) continue;
    const fit = fitCollisions(points, fitOptions);
    const { value, low, high } = fit.extrapolate(pool.images);
    betas.push(fit.beta.value);
    extrapolations.push(value);
    covered += Number(low <= truth && truth <= high);
    curved += Number(fit.curvature !== null && fit.curvature.p < level);
  }
  const fitted = betas.length;
  if (fitted === 0)
    throw new RangeError(
      `Cannot study extrapolation: parts that remove at least one image are needed, got none in ${repeats} repeats`,
    );
  const extrapolated = median(extrapolations);
  return {
    ...{ truth, betaAtPool: localBeta(pool, 1), betaAtLargestPart: localBeta(pool, Math.max(...parts)) },
    ...{ beta: median(betas), extrapolated, ratio: extrapolated / truth },
    ...{
      coverage: covered / fitted,
      curved: curved / fitted,
      points: first!,
      unfitted: repeats - fitted,
      repeats,
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[sorted.length >> 1]! + sorted[(sorted.length - 1) >> 1]!) / 2;
}
