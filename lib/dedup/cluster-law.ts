/**
 * Made-up pools of which every duplicate is known: clusters of images by size, a hundred million images as a short list.
 *
 * What a random part q of a pool removes follows from the sizes alone. Of a cluster in which all are alike, m q images are
 * drawn and one of them is kept if any is: D(q) = m q - 1 + (1-q)^m. Of a chain, in which neighbours alone are alike, each
 * of the m - 1 links counts where both its ends are drawn: D(q) = (m - 1) q^2.
 *
 * So small parts see pairs, D ~ q^2, unless there are clusters of all sizes up to 1/q. For which sizes D(q) = A q^beta at
 * every q, follows from the binomial series of (1-u)^beta: m as often as (-1)^m binomial(beta, m), positive for beta between
 * 1 and 2, with a tail of m^-(1+beta); then A = share x images / beta.
 */

/**
 * Where the list of sizes ends at the latest; a pool ends it where less than half a cluster is left. A power law is short
 * of those beyond the largest, M, by some (M q)^(1-beta): little of the whole, more of a small part.
 */
const LARGEST_CLUSTER = 1_000_000;

/** How clusters are made. */
export type ClusterLaw =
  /** Each of `size` images. */
  | { readonly kind: "fixed"; readonly share: number; readonly size: number }
  /** Sizes from 2 on, whose excess over 2 is geometric: bursts. */
  | { readonly kind: "bursts"; readonly share: number; readonly mean: number }
  /** Sizes by which any part of the pool removes A N^beta, in cliques, but for the largest clusters; beta from 1 to 2. */
  | { readonly kind: "power"; readonly share: number; readonly beta: number };

/** Clusters of one size. */
export interface ClusterSize {
  readonly size: number;
  readonly clusters: number;
}

/** A pool: the images that are in no cluster are not listed. */
export interface ClusteredPool {
  readonly images: number;
  /** Whether all images of a cluster are alike, or neighbours in a row. */
  readonly shape: "clique" | "chain";
  readonly sizes: readonly ClusterSize[];
}

/**
 * A pool by laws: of each, clusters with `share` of all images in them (but for rounding to whole clusters).
 * @throws RangeError where shares are not above 0 or come to more than 1, or a law's numbers make no clusters
 * @example clusteredPool(1000, [{ kind: "fixed", share: 0.1, size: 5 }]).sizes // [{ size: 5, clusters: 20 }]
 */
export function clusteredPool(
  images: number,
  laws: readonly ClusterLaw[],
  shape: ClusteredPool["shape"] = "clique",
): ClusteredPool {
  const shares = laws.reduce((sum, { share }) => sum + share, 0);
  if (!(Number.isSafeInteger(images) && images > 0 && laws.every(({ share }) => share > 0) && shares <= 1))
    throw new RangeError(
      `Cannot make a pool: images above 0 and shares above 0 of at most 1 in all are needed, got ${images} and ${laws.map(({ share }) => share).join(", ")}`,
    );
  const counts = new Map<number, number>();
  for (const law of laws) {
    const often = frequencies(law);
    const perCluster = often.reduce((sum, [size, share]) => sum + size * share, 0);
    const clusters = (law.share * images) / perCluster;
    let owed = 0;
    for (const [size, share] of often) {
      // what rounding took from one size is given to the next: the few large clusters are there in their number
      owed += clusters * share;
      const whole = Math.round(owed);
      owed -= whole;
      if (whole > 0) counts.set(size, (counts.get(size) ?? 0) + whole);
    }
  }
  const sizes = [...counts].sort(([a], [b]) => a - b).map(([size, clusters]) => ({ size, clusters }));
  return { images, shape, sizes };
}

/** Sizes and how often each is, with a sum of 1. */
function frequencies(law: ClusterLaw): [number, number][] {
  if (law.kind === "fixed") {
    if (Number.isSafeInteger(law.size) && law.size >= 2) return [[law.size, 1]];
    throw new RangeError(`Cannot make clusters: a size of at least 2 is needed, got ${law.size}`);
  }
  const weights: [number, number][] = [];
  if (law.kind === "bursts") {
    if (!(law.mean > 2 && law.mean <= 1000))
      throw new RangeError(
        `Cannot make bursts: a mean size above 2, up to 1,000, is needed, got ${law.mean}`,
      );
    const stop = 1 / (law.mean - 1);
    for (let size = 2, weight = stop; weight > 1e-12; size++, weight *= 1 - stop)
      weights.push([size, weight]);
  } else {
    const { beta } = law;
    if (!(beta > 1 && beta < 2))
      throw new RangeError(`Cannot make clusters: a beta between 1 and 2 is needed, got ${beta}`);
    for (let size = 2, weight = (beta * (beta - 1)) / 2; size <= LARGEST_CLUSTER; size++) {
      weights.push([size, weight]);
      weight *= (size - beta) / (size + 1);
    }
  }
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  return weights.map(([size, weight]) => [size, weight / sum]);
}

/**
 * How many images a random part of a pool removes, on average.
 * @param part the share of the images that are drawn, each by itself; 1 gives the pool's own number exactly
 * @example expectedRemovals(clusteredPool(1000, [{ kind: "fixed", share: 0.2, size: 2 }]), 0.5) // 25
 */
export function expectedRemovals({ shape, sizes }: ClusteredPool, part: number): number {
  return sizes.reduce((sum, { size, clusters }) => {
    if (shape === "chain") return sum + clusters * (size - 1) * part * part;
    // m q - 1 + (1-q)^m without losing digits where m q is small
    return sum + clusters * (size * part + Math.expm1(size * Math.log1p(-part)));
  }, 0);
}

/**
 * The slope of log D over log N at a part of a pool: what beta would have to be there.
 * @example localBeta(clusteredPool(1000, [{ kind: "fixed", share: 0.2, size: 2 }]), 0.01) // 2
 */
export function localBeta(pool: ClusteredPool, part: number): number {
  if (pool.shape === "chain") return 2;
  const slope = pool.sizes.reduce(
    (sum, { size, clusters }) => sum - clusters * size * Math.expm1((size - 1) * Math.log1p(-part)),
    0,
  );
  return (part * slope) / expectedRemovals(pool, part);
}
