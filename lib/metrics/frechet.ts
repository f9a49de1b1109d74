/**
 * The Frechet distance of two Gaussians with the moments of two sets of features: FID's formula, FD-DINOv2's too.
 *
 * |m1 - m2|^2 + Tr S1 + Tr S2 - 2 Tr (S1 S2)^(1/2). The last trace is the sum of the square roots of the eigenvalues
 * of S1^(1/2) S2 S1^(1/2), which is symmetric: no matrix square root that may not converge, no complex number, nothing
 * added to a diagonal. Source: Dowson and Landau 1982; gpic-eval takes scipy's sqrtm instead, which differs by about
 * 1e-4 where a covariance is singular.
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { symmetricEigenvalues } from "../core/index.js";
import type { FeatureMoments } from "../features/index.js";
import { type DenseMatrix, multiply } from "../models/index.js";

/** What of a set's moments a distance is made of: D means, and D x D covariances with divisor n - 1. */
export type MeanAndCovariance = Pick<FeatureMoments, "mean" | "covariance">;

/** A distance and its two terms, as gpic-eval names them. */
export interface FrechetDistance {
  readonly fd: number;
  /** Squared distance of the means. */
  readonly fd_mu: number;
  /** What the covariances add. */
  readonly fd_sigma: number;
}

/**
 * The distance of two sets.
 * @throws RangeError where their widths differ or they hold NaN
 * @example (await frechetDistance({ real, generated })).fd
 */
export async function frechetDistance(sets: {
  readonly real: MeanAndCovariance;
  readonly generated: MeanAndCovariance;
}): Promise<FrechetDistance> {
  return (await frechetFrom(sets.real))(sets.generated);
}

/**
 * The distances of many sets to one: the root of its covariance is taken once.
 * @example const distance = await frechetFrom(real); (await distance(generated)).fd
 */
export async function frechetFrom(
  real: MeanAndCovariance,
): Promise<(generated: MeanAndCovariance) => Promise<FrechetDistance>> {
  const width = real.mean.length;
  check("real", real, width);
  const root = squareRoot(real.covariance, width);
  return async (generated) => {
    check("generated", generated, width);
    const inner = await multiply(root, { rows: width, columns: width, data: generated.covariance });
    const product = (await multiply(inner, root)).data;
    const mixed = roots(symmetricEigenvalues(product, width)).reduce((sum, root) => sum + root, 0);
    const fd_mu = real.mean.reduce((sum, value, i) => sum + (value - generated.mean[i]!) ** 2, 0);
    const fd_sigma = trace(real.covariance, width) + trace(generated.covariance, width) - 2 * mixed;
    return { fd: fd_mu + fd_sigma, fd_mu, fd_sigma };
  };
}

function squareRoot(covariance: Float64Array, width: number): DenseMatrix {
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(
    Matrix.from1DArray(width, width, covariance),
    { assumeSymmetric: true },
  );
  const scaled = eigenvectorMatrix.clone().mulRowVector([...roots(Float64Array.from(realEigenvalues))]);
  const root = scaled.mmul(eigenvectorMatrix.transpose());
  return { rows: width, columns: width, data: Float64Array.from(root.to1DArray()) };
}

/** Square roots of eigenvalues; what rounding makes of a zero counts as zero, as its root would be 1e-8 of the whole. */
function roots(eigenvalues: Float64Array): Float64Array {
  const noise =
    eigenvalues.length * Number.EPSILON * eigenvalues.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  return eigenvalues.map((value) => (value > noise ? Math.sqrt(value) : 0));
}

function trace(matrix: Float64Array, width: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += matrix[i * width + i]!;
  return sum;
}

function check(which: string, { mean, covariance }: MeanAndCovariance, width: number): void {
  if (mean.length !== width || covariance.length !== width * width)
    throw new RangeError(
      `Cannot take a Frechet distance: a mean of ${width} and a covariance of ${width} x ${width} are needed, got ${mean.length} and ${covariance.length} numbers of ${which} features`,
    );
  if (!mean.every(Number.isFinite) || !covariance.every(Number.isFinite))
    throw new RangeError(
      `Cannot take a Frechet distance: finite moments are needed, got NaN or infinity in the ${which} ones`,
    );
}
