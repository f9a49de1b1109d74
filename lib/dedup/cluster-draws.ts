/**
 * Random parts of a made-up pool.
 *
 * A part is drawn by jumps: the gap to the next image that is drawn is geometric, so that a thirtieth of a hundred million
 * images costs a thirtieth of the time. Smaller parts are parts of the larger ones, as the paper's sizes suggest (C3), or
 * each is drawn by itself.
 */
import { Random } from "../core/index.js";
import { checkPart } from "./cluster-expectation.js";
import type { ClusteredPool } from "./cluster-law.js";
import type { CollisionPoint } from "./collision-fit.js";

/** The paper's six subsets, as parts of the pool: 1/32 and five halvings of it. */
export const PAPER_PARTS: readonly number[] = [1 / 1024, 1 / 512, 1 / 256, 1 / 128, 1 / 64, 1 / 32];

/** How parts are drawn. */
export interface DrawOptions {
  /** Whether each part lies in the next larger one (the default), or is drawn by itself. */
  readonly nested?: boolean | undefined;
}

/**
 * Points of the collision curve, from random parts of a pool.
 * @param parts shares of the pool, in any order
 * @returns from the smallest part to the largest; `images` is the part's expected number
 * @throws RangeError where a part is not above 0 and at most 1
 * @example drawParts(pool, PAPER_PARTS, 1) // [{ images: 107978, removed: 1043 }, ...]
 */
export function drawParts(
  pool: ClusteredPool,
  parts: readonly number[],
  seed: number | string,
  { nested = true }: DrawOptions = {},
): CollisionPoint[] {
  parts.forEach(checkPart);
  const random = new Random(seed);
  const points: CollisionPoint[] = [];
  let drawn: Drawn | undefined;
  let before = 1;
  for (const part of [...parts].sort((a, b) => b - a)) {
    drawn =
      drawn === undefined || !nested ? drawFirst(pool, part, random) : thin(drawn, part / before, random);
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
