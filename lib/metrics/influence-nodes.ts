/**
 * The nodes of the integral over s that influence.ts takes of log(1 - sum of w r^2 / (r^2 + s^2)), for all images.
 *
 * s = exp(x), x in equal steps. The integrand's singularities lie at s = +-i r, which is Im x = pi/2: the trapezoid
 * rule is right to exp(-pi^2 / STEP) = 2e-11 of the whole. Beyond the last node it falls like 1/s, and so the rest is a
 * geometric series, which the last weight takes up.
 */

/** Between nodes, in the logarithm of s. */
const STEP = 0.4;
/** The first node as a share of the mean root: what lies below is at most this share times a logarithm. */
const LOWEST = 1e-10;
/** The last node in largest roots: the series beyond is right to its square. */
const HIGHEST = 1e4;

/** Nodes and what shares are multiplied by at each. */
export interface Nodes {
  /** Nodes below the largest root; their kernel is s^2 / (r^2 + s^2), that of the others r^2 / (r^2 + s^2). */
  readonly lowCount: number;
  /** Step, ds/dx and 1/pi: one for each node. */
  readonly weights: Float64Array;
  /** roots x nodes, row-major. */
  readonly kernel: Float64Array;
}

/**
 * The nodes for some roots.
 * @param roots positive, in falling order
 */
export function integralNodes(roots: Float64Array): Nodes {
  const largest = roots[0];
  if (largest === undefined)
    return { lowCount: 0, weights: new Float64Array(0), kernel: new Float64Array(0) };
  const mean = roots.reduce((sum, value) => sum + value, 0) / roots.length;
  const first = Math.log(LOWEST * mean);
  const count = Math.ceil((Math.log(HIGHEST * largest) - first) / STEP) + 1;
  const places = Float64Array.from({ length: count }, (_, i) => Math.exp(first + i * STEP));
  const weights = places.map((s) => (STEP * s) / Math.PI);
  weights[count - 1]! /= -Math.expm1(-STEP);
  const lowCount = places.findIndex((s) => s >= largest);
  const kernel = new Float64Array(roots.length * count);
  for (let j = 0; j < roots.length; j++)
    for (let node = 0; node < count; node++) {
      // as a ratio, because squares of small roots would be lost
      const ratio = places[node]! / roots[j]!;
      kernel[j * count + node] = node < lowCount ? 1 / (1 + 1 / ratio ** 2) : 1 / (1 + ratio ** 2);
    }
  return { lowCount, weights, kernel };
}
