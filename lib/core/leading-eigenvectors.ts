/**
 * The largest eigenvalues of a symmetric matrix and their eigenvectors, from its products with vectors alone.
 *
 * Block Lanczos with complete reorthogonalisation: a random block and its images under the matrix span a space that
 * grows until the wanted eigenvectors lie in it, which is measured (residuals) and not hoped for. Where eigenvalues lie
 * close together, as those of a good descriptor do, the plain randomised method (Halko, Martinsson and Tropp 2011) stops
 * far too early. Source: Golub and Van Loan, Matrix Computations, 10.3; blocks because eigenvalues may be equal.
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { Random } from "./random.js";

/** What is wanted. */
export interface LeadingOptions {
  readonly count: number;
  readonly seed: number | string;
}

/** Eigenpairs, that of the largest eigenvalue first. */
export interface LeadingEigenvectors {
  readonly values: readonly number[];
  /** Each of length 1. */
  readonly vectors: readonly Float64Array[];
  /** The largest |Av - cv|, as a share of the largest eigenvalue. */
  readonly residual: number;
}

/** Residuals below this share of the largest eigenvalue are rounding; an eigenvalue is then right to its square. */
const SMALL_RESIDUAL = 1e-10;
/** More start vectors than eigenvectors are wanted: the last of these then comes as fast as the first. */
const SPARE_VECTORS = 2;
/** What is left of a vector that lies in the space already is noise. */
const NOTHING_LEFT = 1e-10;
/** How much larger the space grows before it is looked at again: looking costs its size to the third. */
const GROWTH = 1.4;

/**
 * The largest eigenvalues of a positive semidefinite symmetric matrix.
 * @param times the matrix' product with a vector of `size` numbers, which it must not change
 * @param options.count 1 to size
 * @example leadingEigenvectors((v) => v.map((x, i) => (i + 1) * x), 3, { count: 1, seed: 1 }).values // [3]
 */
export function leadingEigenvectors(
  times: (vector: Float64Array) => Float64Array,
  size: number,
  { count, seed }: LeadingOptions,
): LeadingEigenvectors {
  const random = new Random(seed);
  const basis: Float64Array[] = [];
  const images: Float64Array[] = [];
  let block = Array.from({ length: Math.min(size, count + SPARE_VECTORS) }, () => randomVector(size, random));
  for (let next = 0; ; ) {
    const before = basis.length;
    for (const vector of block)
      if (basis.length < size && makeOrthogonal(vector, basis)) {
        basis.push(vector);
        images.push(times(vector));
      }
    const isWhole = basis.length === size || basis.length === before;
    if (basis.length >= count && (basis.length >= next || isWhole)) {
      const found = ritz(basis, images, count);
      if (isWhole || found.residual <= SMALL_RESIDUAL) return found;
      next = Math.ceil(GROWTH * basis.length);
    }
    block = images.slice(before).map((image) => image.slice());
  }
}

function randomVector(size: number, random: Random): Float64Array {
  return Float64Array.from({ length: size }, () => random.normal());
}

/**
 * Takes out of a vector what lies in the space of the basis, twice because once leaves rounding, and makes it length 1.
 * @returns whether anything was left
 */
function makeOrthogonal(vector: Float64Array, basis: readonly Float64Array[]): boolean {
  const length = Math.sqrt(dot(vector, vector));
  for (let pass = 0; pass < 2; pass++) for (const other of basis) add(vector, other, -dot(vector, other));
  const left = Math.sqrt(dot(vector, vector));
  if (!(left > NOTHING_LEFT * length)) return false;
  for (let i = 0; i < vector.length; i++) vector[i]! /= left;
  return true;
}

/** The best eigenpairs that the space holds. */
function ritz(
  basis: readonly Float64Array[],
  images: readonly Float64Array[],
  count: number,
): LeadingEigenvectors {
  const small = new Matrix(basis.length, basis.length);
  for (const [i, vector] of basis.entries())
    for (let j = 0; j <= i; j++) {
      const product = dot(vector, images[j]!);
      small.set(i, j, product);
      small.set(j, i, product);
    }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(small, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const wanted = order.slice(0, count);
  const combined = (vectors: readonly Float64Array[], column: number): Float64Array => {
    const sum = new Float64Array(vectors[0]!.length);
    for (const [i, vector] of vectors.entries()) add(sum, vector, eigenvectorMatrix.get(i, column));
    return sum;
  };
  const values = wanted.map((column) => realEigenvalues[column]!);
  const vectors = wanted.map((column) => combined(basis, column));
  const residuals = wanted.map((column, at) => {
    const left = combined(images, column);
    add(left, vectors[at]!, -values[at]!);
    return Math.sqrt(dot(left, left));
  });
  const largest = Math.max(...values);
  return { values, vectors, residual: largest > 0 ? Math.max(...residuals) / largest : 0 };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** sum += factor * vector. */
function add(sum: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += factor * vector[i]!;
}
