/**
 * The Frechet distance of two Gaussians with the moments of two sets of features: FID's formula, FD-DINOv2's too.
 *
 * |m1 - m2|^2 + Tr S1 + Tr S2 - 2 Tr (S1 S2)^(1/2), exact for any pair (see frechet-trace.ts): no matrix square root that
 * may not converge, no complex number, nothing added to a diagonal. Source: Dowson and Landau 1982. The reference
 * implementations take the trace of scipy's sqrtm(S1 S2) instead, which agrees where both covariances are regular and
 * is off where one is singular: `convention: "gpic-eval"` gives that, and says by how much (see frechet-sqrtm.ts).
 */
import type { Stoppable } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import type { MeanAndCovariance } from "./frechet-check.js";
import { type Side, type SideRank, sideOf } from "./frechet-side.js";
import { sqrtmTrace } from "./frechet-sqrtm.js";
import { rootTrace } from "./frechet-trace.js";

/** How the trace of the root is taken: as it is, or as scipy's sqrtm rounds it. */
export type FrechetConvention = "exact" | "gpic-eval";

/** What is taken beside the sets. */
export interface FrechetOptions extends Stoppable {
  /** "exact" where it is left out; "gpic-eval" costs a minute at 2048 features where a covariance is singular */
  readonly convention?: FrechetConvention | undefined;
}

/** A distance, its two terms, as gpic-eval names them, and how it was found. */
export interface FrechetDistance {
  readonly fd: number;
  /** Squared distance of the means. */
  readonly fd_mu: number;
  /** What the covariances add. */
  readonly fd_sigma: number;
  readonly convention: FrechetConvention;
  /** By how much fd lies above the exact distance: 0, or what the convention makes of singular covariances. */
  readonly aboveExact: number;
  readonly health: FrechetHealth;
}

/** How well the exact distance is known from the numbers that were given. */
export interface FrechetHealth {
  readonly method: "eigenvalues" | "singular values";
  readonly real: SideRank;
  readonly generated: SideRank;
  /** The smallest eigenvalue of S1 S2 that is more than rounding, and the largest; 0 where there are none. */
  readonly smallestEigenvalue: number;
  readonly largestEigenvalue: number;
  /** What rounding may have made of fd. */
  readonly rounding: number;
}

/**
 * The distance of two sets, each given by its moments or by its rows.
 * @throws RangeError where their widths differ, rows are fewer than two, they hold NaN or numbers whose squares overflow,
 * or a covariance is none; the signal's reason
 * @example (await frechetDistance({ real, generated })).fd
 */
export async function frechetDistance(
  sets: {
    readonly real: MeanAndCovariance | FeatureRows;
    readonly generated: MeanAndCovariance | FeatureRows;
  },
  options: FrechetOptions = {},
): Promise<FrechetDistance> {
  return (await frechetFrom(sets.real, options))(sets.generated);
}

/**
 * The distances of many sets to one: the factor of its covariance is kept, and one signal is for all.
 * @example const distance = await frechetFrom(real); (await distance(generated)).fd
 */
export async function frechetFrom(
  real: MeanAndCovariance | FeatureRows,
  { convention = "exact", signal }: FrechetOptions = {},
): Promise<(generated: MeanAndCovariance | FeatureRows) => Promise<FrechetDistance>> {
  if (convention !== "exact" && convention !== "gpic-eval")
    throw new RangeError(
      `Cannot take a Frechet distance: the convention "exact" or "gpic-eval" is needed, got "${convention}"`,
    );
  signal?.throwIfAborted();
  const side = await sideOf("real", real, { signal });
  return async (generated) => {
    signal?.throwIfAborted();
    return distanceOf(side, await sideOf("generated", generated, { signal }), { convention, signal });
  };
}

async function distanceOf(
  real: Side,
  generated: Side,
  { convention, signal }: Stoppable & { readonly convention: FrechetConvention },
): Promise<FrechetDistance> {
  if (real.width !== generated.width)
    throw new RangeError(
      `Cannot take a Frechet distance: generated features of ${real.width} numbers, as the real ones have, are needed, got ${generated.width}`,
    );
  const mixed = await rootTrace(real, generated, { signal });
  const fd_mu = real.mean.reduce((sum, value, i) => sum + (value - generated.mean[i]!) ** 2, 0);
  if (!Number.isFinite(fd_mu))
    throw new RangeError(
      `Cannot take a Frechet distance: means with a squared distance that float64 holds are needed, got ${fd_mu}`,
    );
  const isRegular = mixed.method === "eigenvalues" && mixed.count === real.width;
  // where both are regular the two conventions are one
  const isOther = convention === "gpic-eval" && !isRegular;
  const value = isOther ? await sqrtmTrace(real, generated, { signal }) : mixed.value;
  const fd_sigma = real.trace + generated.trace - 2 * value;
  return {
    ...{ fd: fd_mu + fd_sigma, fd_mu, fd_sigma, convention, aboveExact: 2 * (mixed.value - value) },
    health: {
      method: mixed.method,
      ...(isRegular
        ? { real: regular(real), generated: regular(generated) }
        : { real: await real.rank(), generated: await generated.rank() }),
      smallestEigenvalue: mixed.smallest ** 2,
      largestEigenvalue: mixed.largest ** 2,
      rounding: 2 * mixed.rounding,
    },
  };
}

/** As the product of the two is regular. */
function regular({ width }: Side): SideRank {
  return { rank: width, clamped: 0 };
}
