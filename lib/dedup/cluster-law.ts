/**
 * Made-up pools of which every duplicate is known: clusters of images by size, a hundred million images as a short list.
 *
 * A random part q sees mostly pairs of a cluster smaller than 1/q (cluster-expectation.ts), so D ~ q^2, unless there are
 * clusters of all sizes up to 1/q. For which sizes D(q) = A q^beta at every q, follows from the binomial series of
 * (1-u)^beta: m as often as (-1)^m binomial(beta, m), positive for beta between 1 and 2, with a tail of m^-(1+beta); then
 * A = share x images / beta.
 *
 * In a finite pool that tail ends where one cluster is left. Of what it would hold, some (M q)^(1-beta) for a largest
 * cluster of M, a small part would miss most; so all of it lies here in that one cluster: where M q is above 1 a part
 * removes images less clusters, whatever their sizes. The law then holds to less than an image from the paper's smallest
 * part on. A pool without such a cluster (`largest`) is no power law there.
 */

/** Where the list of sizes ends at the latest; what is beyond lies in clusters of one size. */
const LAST_LISTED_SIZE = 1_000_000;

/** How clusters are made. */
export type ClusterLaw =
  /** Each of `size` images. */
  | { readonly kind: "fixed"; readonly share: number; readonly size: number }
  /** Sizes from 2 on, whose excess over 2 is geometric: bursts. */
  | { readonly kind: "bursts"; readonly share: number; readonly mean: number }
  /**
   * Sizes by which parts of the pool remove A N^beta, in cliques; beta between 1 and 2. With `largest` there are no larger
   * clusters, and so the slope rises towards small parts.
   */
  | {
      readonly kind: "power";
      readonly share: number;
      readonly beta: number;
      readonly largest?: number | undefined;
    };

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
  for (const law of laws)
    for (const [size, clusters] of clustersOf(law, law.share * images))
      counts.set(size, (counts.get(size) ?? 0) + clusters);
  const sizes = [...counts].sort(([a], [b]) => a - b).map(([size, clusters]) => ({ size, clusters }));
  return { images, shape, sizes };
}

/** Sizes, and how many clusters of each there are. */
function clustersOf(law: ClusterLaw, images: number): [number, number][] {
  if (law.kind === "power" && law.largest === undefined) return powerLaw(law.beta, images);
  const often = frequencies(law);
  const inThem = often.reduce((sum, [size, weight]) => sum + size * weight, 0);
  return wholeClusters(often, images / inThem);
}

/** What rounding takes from one size is given to the next: the few large clusters are there in their number. */
function wholeClusters(often: readonly (readonly [number, number])[], factor: number): [number, number][] {
  let owed = 0;
  return often.flatMap(([size, weight]) => {
    owed += factor * weight;
    const clusters = Math.round(owed);
    owed -= clusters;
    return clusters > 0 ? [[size, clusters] as [number, number]] : [];
  });
}

function powerLaw(beta: number, images: number): [number, number][] {
  const a = images / checkedBeta(beta);
  const often: [number, number][] = [];
  let left = a * (beta - 1);
  for (const [size, weight] of binomialWeights(beta)) {
    if (left < 1 || size > LAST_LISTED_SIZE) break;
    often.push([size, weight]);
    left -= a * weight;
  }
  const clusters = wholeClusters(often, a);
  const last = Math.max(1, Math.round(left));
  const size = Math.round((images - clusters.reduce((sum, [some, count]) => sum + some * count, 0)) / last);
  if (size >= 2) clusters.push([size, last]);
  return clusters;
}

/** (-1)^m binomial(beta, m) from m = 2 on, without end; all of them come to beta - 1. */
function* binomialWeights(beta: number): Generator<readonly [number, number]> {
  for (let size = 2, weight = (beta * (beta - 1)) / 2; ; size++) {
    yield [size, weight];
    weight *= (size - beta) / (size + 1);
  }
}

function checkedBeta(beta: number): number {
  if (beta > 1 && beta < 2) return beta;
  throw new RangeError(`Cannot make clusters: a beta between 1 and 2 is needed, got ${beta}`);
}

/** Sizes and how often each is, in proportion. */
function frequencies(law: ClusterLaw): [number, number][] {
  if (law.kind === "fixed") return [[checkedSize(law.size), 1]];
  const weights: [number, number][] = [];
  if (law.kind === "bursts") {
    if (!(law.mean > 2 && law.mean <= 1000))
      throw new RangeError(
        `Cannot make bursts: a mean size above 2, up to 1,000, is needed, got ${law.mean}`,
      );
    const stop = 1 / (law.mean - 1);
    for (let size = 2, weight = stop; weight > 1e-12; size++, weight *= 1 - stop)
      weights.push([size, weight]);
    return weights;
  }
  const largest = Math.min(checkedSize(law.largest ?? LAST_LISTED_SIZE), LAST_LISTED_SIZE);
  for (const sized of binomialWeights(checkedBeta(law.beta))) {
    if (sized[0] > largest) break;
    weights.push([...sized]);
  }
  return weights;
}

function checkedSize(size: number): number {
  if (Number.isSafeInteger(size) && size >= 2) return size;
  throw new RangeError(`Cannot make clusters: a size of at least 2 is needed, got ${size}`);
}
