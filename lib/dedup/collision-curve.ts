/**
 * How many images a threshold removes from subsets of growing size: the points of Figure 6.
 *
 * The paper's way: join pairs above a threshold, keep one image of each connected component, count the rest. It says
 * "nearest-neighbour pairs": whether all pairs above the threshold or each image's nearest alone make the graph is a
 * choice here, as is how subsets are drawn (silence 4): nested, each a random part of the next.
 */
import { Random } from "../core/index.js";
import { Components } from "./components.js";
import type { SimilarPairs } from "./pairs.js";

/** What the curve is made of. */
export interface CurveOptions {
  /** Pairs of the whole, found at the lowest threshold or below it. */
  readonly pairs: SimilarPairs;
  /** Images of the whole. */
  readonly images: number;
  readonly thresholds: readonly number[];
  /** Images of each subset. */
  readonly sizes: readonly number[];
  readonly seed: number | string;
  /** How often all subsets are drawn; default 1, as the paper seems to. */
  readonly repeats?: number | undefined;
  /** "all" (the default): every pair above the threshold; "nearest": of each image the pair with its nearest. */
  readonly edges?: "all" | "nearest" | undefined;
}

/** One point. */
export interface CurvePoint {
  readonly threshold: number;
  /** N. */
  readonly images: number;
  /** D(N): images less components. */
  readonly removed: number;
  readonly repeat: number;
}

/**
 * Counts removals on subsets.
 * @returns for each repeat, threshold and size a point, in this order; pairs at or above a threshold count
 * @throws RangeError where a size is none of 1 to `images`, or there is nothing to repeat
 * @example
 * const { pairs } = await similarityJoin(rows, { threshold: 0.75 });
 * const points = collisionCurve({ pairs, images: 3000, thresholds: [0.95], sizes: [750, 1500, 3000], seed: 1 });
 */
export function collisionCurve(options: CurveOptions): CurvePoint[] {
  const { images, thresholds, sizes, seed, repeats = 1, edges = "all" } = options;
  for (const size of sizes)
    if (!(Number.isSafeInteger(size) && size >= 1 && size <= images))
      throw new RangeError(
        `Cannot draw subsets: sizes from 1 to the ${images} images are needed, got ${size}`,
      );
  if (!(Number.isSafeInteger(repeats) && repeats >= 1))
    throw new RangeError(`Cannot draw subsets: 1 repeat or more is needed, got ${repeats}`);
  const points: CurvePoint[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const drawn = drawOrder(images, new Random(`${seed}:${repeat}`));
    for (const threshold of thresholds)
      for (const size of sizes) {
        const removed = removedOf(options, { drawn, size, threshold, edges });
        points.push({ threshold, images: size, removed, repeat });
      }
  }
  return points;
}

/** When each image is drawn: a subset of n are those drawn before n. */
function drawOrder(images: number, random: Random): Uint32Array {
  const drawn = new Uint32Array(images).map((_, i) => i);
  for (let i = images - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const swapped = drawn[i]!;
    drawn[i] = drawn[j]!;
    drawn[j] = swapped;
  }
  return drawn;
}

interface Subset {
  readonly drawn: Uint32Array;
  readonly size: number;
  readonly threshold: number;
  readonly edges: "all" | "nearest";
}

function removedOf({ pairs, images }: CurveOptions, { drawn, size, threshold, edges }: Subset): number {
  const components = new Components(images);
  const { count, first, second, similarity } = pairs;
  const isIn = (i: number) =>
    similarity[i]! >= threshold && drawn[first[i]!]! < size && drawn[second[i]!]! < size;
  if (edges === "all") {
    for (let i = 0; i < count; i++) if (isIn(i)) components.join(first[i]!, second[i]!);
    return images - components.count;
  }
  const nearest = new Map<number, number>();
  for (let i = 0; i < count; i++)
    if (isIn(i))
      for (const image of [first[i]!, second[i]!]) {
        const before = nearest.get(image);
        // of equally near ones the first: pairs are in order
        if (before === undefined || similarity[i]! > similarity[before]!) nearest.set(image, i);
      }
  for (const i of nearest.values()) components.join(first[i]!, second[i]!);
  return images - components.count;
}
