/**
 * What random parts of a made-up pool remove on average, from the sizes of its clusters alone.
 *
 * Of a cluster of m in which all are alike, a part q has m q images and keeps one of them if it has any:
 * D(q) = m q - 1 + (1-q)^m. Of a chain, in which neighbours alone are alike, each of the m - 1 links counts where both its
 * ends are drawn: D(q) = (m - 1) q^2.
 */
import type { ClusteredPool } from "./cluster-law.js";

/**
 * How many images a random part of a pool removes, on average.
 * @param part the share of the images that are drawn, each by itself; 1 gives the pool's own number exactly
 * @throws RangeError where the part is not above 0 and at most 1
 * @example expectedRemovals(clusteredPool(1000, [{ kind: "fixed", share: 0.2, size: 2 }]), 0.5) // 25
 */
export function expectedRemovals({ shape, sizes }: ClusteredPool, part: number): number {
  checkPart(part);
  return sizes.reduce(
    (sum, { size, clusters }) =>
      sum + clusters * (shape === "chain" ? (size - 1) * part * part : removedOfClique(size, part)),
    0,
  );
}

/** @throws RangeError where a share of a pool is none */
export function checkPart(part: number): void {
  if (!(part > 0 && part <= 1))
    throw new RangeError(
      `Cannot draw a part of a pool: a share above 0 and at most 1 is needed, got ${part}`,
    );
}

/** m q - 1 + (1-q)^m, to some fourteen digits. */
function removedOfClique(size: number, part: number): number {
  if (size * part > 0.5) return size * part + Math.expm1(size * Math.log1p(-part));
  // the first terms would cancel: the binomial series from its square on, each of whose terms is a sixth of the last or less
  let term = ((size * (size - 1)) / 2) * part * part;
  let sum = term;
  for (let power = 3; power <= size && Math.abs(term) > sum * 1e-17; power++) {
    term *= (-part * (size - power + 1)) / power;
    sum += term;
  }
  return sum;
}

/**
 * The slope of log D over log N at a part of a pool: what beta would have to be there.
 * @throws RangeError where the part is not above 0 and at most 1
 * @example localBeta(clusteredPool(1000, [{ kind: "fixed", share: 0.2, size: 2 }]), 0.01) // 2
 */
export function localBeta(pool: ClusteredPool, part: number): number {
  checkPart(part);
  if (pool.shape === "chain") return 2;
  const slope = pool.sizes.reduce(
    (sum, { size, clusters }) => sum - clusters * size * Math.expm1((size - 1) * Math.log1p(-part)),
    0,
  );
  return (part * slope) / expectedRemovals(pool, part);
}
