/**
 * What coverage and density are expected to be where generated images are as good as real ones.
 *
 * Of the N + M - 1 points about a real one, each is as likely as any other to be among its nearest where both laws are
 * the same. It is missed where its k nearest are all real:
 *   coverage = 1 - product over i = 1..k of (N - i) / (N + M - i),
 * and a share k / (N + M - 1) of the generated ones counts at any rank, which makes the mean of density exactly 1: the
 * ball of a real point holds k M / N generated ones in the mean. Neither depends on the dimension or on the law, as long
 * as there are no ties. How far density swings does depend on them: density-law.ts.
 */
import { expectedCoverage } from "../metrics/index.js";

/** Points of either side. */
export interface PointCounts {
  readonly real: number;
  readonly generated: number;
}

/**
 * The k whose expected coverage is nearest to one that was measured on real images.
 * @param coverage between 0 and 1
 * @param options most: the largest k that is tried, default 20
 * @throws RangeError as expectedCoverage, or where the coverage is not between 0 and 1
 * @example coverageNeighbours(0.969, { real: 10_000, generated: 10_000 }) // 5
 */
export function coverageNeighbours(
  coverage: number,
  counts: PointCounts,
  { most = 20 }: { readonly most?: number } = {},
): number {
  if (!(coverage >= 0 && coverage <= 1))
    throw new RangeError(`Cannot tell k: a coverage between 0 and 1 is needed, got ${coverage}`);
  let best = 1;
  for (let k = 2; k <= most; k++)
    if (
      Math.abs(expectedCoverage({ ...counts, k }) - coverage) <
      Math.abs(expectedCoverage({ ...counts, k: best }) - coverage)
    )
      best = k;
  return best;
}
