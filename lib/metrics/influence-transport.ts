/**
 * The optimal transport between two Gaussians, as coordinates in which both have the same covariance.
 *
 * Let S1 = F F' and M = F' S2 F = V R^2 V', so that the sum of R is Tr (S1 S2)^(1/2). In the coordinates
 * u = R^(-1/2) V' F' c of a generated image and u = R^(1/2) V' F^+ c of a real one, c its row without the mean, either
 * side has the covariance R. The map that carries the generated law to the real one is T = F V R^-1 V' F', hence
 * c' T c = |u|^2, and the derivative of the distance with respect to S2 is I - T. Source of the map: Dowson and Landau
 * 1982, Gelbrich 1990. Where a covariance is singular, everything lives on the range of M: what an image has outside of
 * it adds to traces only, because there the other side has nothing that it could be carried to.
 */
import { type DenseMatrix, multiply, symmetricEigen, transposed } from "../models/index.js";
import { checkMoments, type MeanAndCovariance } from "./frechet-check.js";

/** Both sides' ways into the shared coordinates, and the distance's terms. */
export interface Transport {
  /** Numbers of a row. */
  readonly width: number;
  /** Dimensions that both sides have: width where both covariances are regular. */
  readonly rank: number;
  /** The diagonal of R, in falling order: rank numbers, all positive. */
  readonly roots: Float64Array;
  /** width x rank: a centred generated row times it is u. */
  readonly fromGenerated: DenseMatrix;
  /** width x rank: a centred real row times it is u. */
  readonly fromReal: DenseMatrix;
  /** Traces of the covariances. */
  readonly traces: { readonly real: number; readonly generated: number };
  readonly fd: number;
  readonly fd_mu: number;
}

const WORK = "find the transport between features";

/**
 * The transport between two sides.
 * @throws RangeError where their widths differ, or one is no mean and covariance; the signal's reason
 */
export async function transportBetween(
  sets: { readonly real: MeanAndCovariance; readonly generated: MeanAndCovariance },
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Transport> {
  const { real, generated } = sets;
  const width = real.mean.length;
  const traces = {
    real: checkMoments(WORK, "real", real, width),
    generated: checkMoments(WORK, "generated", generated, width),
  };
  const factor = await positiveEigen(real.covariance, width, signal);
  const root = scaleColumns(factor.vectors, factor.values.map(Math.sqrt));
  const inner = await multiply(await multiply(transposed(root), square(generated.covariance, width)), root);
  const mixed = await positiveEigen(inner.data, inner.rows, signal);
  const roots = mixed.values.map(Math.sqrt);
  const turned = await multiply(root, mixed.vectors);
  const inverse = scaleColumns(
    factor.vectors,
    factor.values.map((value) => 1 / Math.sqrt(value)),
  );
  const turnedBack = await multiply(inverse, mixed.vectors);
  const fd_mu = real.mean.reduce((sum, value, i) => sum + (value - generated.mean[i]!) ** 2, 0);
  const shared = roots.reduce((sum, value) => sum + value, 0);
  return {
    width,
    rank: roots.length,
    roots,
    fromGenerated: scaleColumns(
      turned,
      roots.map((value) => 1 / Math.sqrt(value)),
    ),
    fromReal: scaleColumns(turnedBack, roots.map(Math.sqrt)),
    traces,
    fd: fd_mu + traces.real + traces.generated - 2 * shared,
    fd_mu,
  };
}

/** Eigenvalues that are more than rounding, the largest first, and their vectors as columns. */
async function positiveEigen(
  matrix: Float64Array,
  size: number,
  signal: AbortSignal | undefined,
): Promise<{ values: Float64Array; vectors: DenseMatrix }> {
  if (size === 0) return { values: new Float64Array(0), vectors: { rows: 0, columns: 0, data: matrix } };
  const { values, vectors } = await symmetricEigen(matrix, size, { signal });
  const largest = Math.max(Math.abs(values[0]!), Math.abs(values[size - 1]!));
  const noise = size * Number.EPSILON * largest;
  const first = values.findIndex((value) => value > noise);
  const kept = first < 0 ? 0 : size - first;
  const data = new Float64Array(size * kept);
  for (let column = 0; column < kept; column++)
    for (let row = 0, at = (size - 1 - column) * size; row < size; row++, at++)
      data[row * kept + column] = vectors[at]!;
  return { values: values.slice(size - kept).reverse(), vectors: { rows: size, columns: kept, data } };
}

function scaleColumns({ rows, columns, data }: DenseMatrix, by: Float64Array): DenseMatrix {
  return { rows, columns, data: data.map((value, at) => value * by[at % columns]!) };
}

function square(data: Float64Array, size: number): DenseMatrix {
  return { rows: size, columns: size, data };
}
