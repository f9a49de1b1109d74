/**
 * Tr (S1 S2)^(1/2), the sum of the square roots of the eigenvalues of S1 S2, which are those of R1 S2 R1' for any root
 * S1 = R1'R1, and the squares of the singular values of R2 R1'.
 *
 * Eigenvalues come right to some epsilons of the largest, so a root of a small one may be wrong by far more than that:
 * they serve where all are large enough, at the cost of one factor and one reduction. Otherwise the singular values of
 * R2 R1' are taken, which are right to some epsilons of the largest themselves. Where a covariance is singular, its
 * root has as many rows as it has rank.
 */
import type { Stoppable } from "../core/index.js";
import {
  congruence,
  type DenseMatrix,
  eigenvaluesOf,
  eigenvaluesOfBlocks,
  multiply,
  singularValues,
} from "../models/index.js";
import type { Root, Side } from "./frechet-side.js";

/** The trace, and how it was found. */
export interface RootTrace {
  readonly value: number;
  readonly method: "eigenvalues" | "singular values";
  /** How many roots were summed. */
  readonly count: number;
  /** What rounding may have made of it. */
  readonly rounding: number;
  /** The smallest of the roots that is more than rounding, and the largest; 0 where there are none. */
  readonly smallest: number;
  readonly largest: number;
}

/** Rounding of an eigenvalue or singular value, in epsilons of the largest; seen: less than 1. */
const EPSILONS = 4;
/** Eigenvalues serve where their rounding is a smaller share than this of Tr S1 + Tr S2, or of the distance itself. */
const ALLOWED_OF_TRACES = 1e-11;
const ALLOWED_OF_DISTANCE = 2e-10;

/** The trace; the factor of `real` stays with it. */
export async function rootTrace(real: Side, generated: Side, options: Stoppable): Promise<RootTrace> {
  const unit = real.unit * generated.unit;
  const eigenvalues = await eigenvaluesOfProduct(real, generated, options);
  const rounding = eigenvalues === undefined ? Number.POSITIVE_INFINITY : roundingOfRoots(eigenvalues);
  if (eigenvalues !== undefined && rounding < Number.POSITIVE_INFINITY) {
    const found = result("eigenvalues", eigenvalues.map(Math.sqrt), { rounding, ofEach: 0, unit });
    const traces = real.trace + generated.trace;
    const distance = Math.abs(traces - 2 * found.value);
    if (found.rounding <= Math.max(ALLOWED_OF_TRACES * traces, ALLOWED_OF_DISTANCE * distance)) return found;
  }
  const product = await multiply(await generated.root(), flipped(await real.root()));
  const values = (await singularValues(product, options)).reverse();
  const ofEach = EPSILONS * Number.EPSILON * (values.at(-1) ?? 0);
  return result("singular values", values, { rounding: ofEach * Math.sqrt(values.length), ofEach, unit });
}

/** In rising order; none where both covariances are known by few rows only. */
async function eigenvaluesOfProduct(
  real: Side,
  generated: Side,
  options: Stoppable,
): Promise<Float64Array | undefined> {
  const factor = generated.covariance && (await real.factor());
  if (factor !== undefined)
    return eigenvaluesOfBlocks(await congruence(factor, generated.covariance!), options);
  const [inner, outer] = generated.covariance === undefined ? [real, generated] : [generated, real];
  if (inner.covariance === undefined) return undefined;
  const { width } = inner;
  const covariance: DenseMatrix = { rows: width, columns: width, data: inner.covariance };
  const root = await outer.root();
  // a root of many rows has as many as columns, whatever its rank
  if (rowsOf(root) === width) return undefined;
  const product = await multiply(await multiply(root, covariance), flipped(root));
  return eigenvaluesOf(product.data, product.rows, options);
}

/**
 * What rounding may make of the sum of the roots. Of each eigenvalue it makes some epsilons of the largest, of its
 * root that over twice the root; the errors have no common sign, so their squares add up.
 */
function roundingOfRoots(eigenvalues: Float64Array): number {
  const ofEach = EPSILONS * Number.EPSILON * (eigenvalues.at(-1) ?? 0);
  let sum = 0;
  for (const value of eigenvalues) {
    if (!(value > ofEach)) return Number.POSITIVE_INFINITY;
    sum += ofEach ** 2 / (4 * value);
  }
  return Math.sqrt(sum);
}

function result(
  method: RootTrace["method"],
  rising: Float64Array,
  { rounding, ofEach, unit }: { readonly rounding: number; readonly ofEach: number; readonly unit: number },
): RootTrace {
  return {
    method,
    count: rising.length,
    value: unit * rising.reduce((sum, root) => sum + root, 0),
    rounding: unit * rounding,
    smallest: unit * (rising.find((root) => root > ofEach) ?? 0),
    largest: unit * (rising.at(-1) ?? 0),
  };
}

function rowsOf(root: Root): number {
  return "transpose" in root ? root.transpose.columns : root.rows;
}

function flipped(root: Root): Root {
  return "transpose" in root ? root.transpose : { transpose: root };
}
