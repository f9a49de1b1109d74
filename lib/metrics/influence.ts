/**
 * What each generated image does to the Frechet distance: the distance with it, less the distance without it.
 *
 * Leaving out row c takes (n - 1)/(n - 2) times b c c', b = n/(n - 1)^2, from the covariance. First order: the
 * derivatives 2 (m2 - m1) and I - T of influence-transport.ts; off by about d/n of itself, an image's share of the
 * covariance. Where rows are fewer than columns that share is 1 and the distance has no derivative, because a dimension
 * goes with the image: first order keeps most of the ranks there, not the size. Not only to first order: the step has
 * rank one, so for M = F' S2 F and z = F' c
 *   Tr M^(1/2) - Tr (M - b z z')^(1/2) = -1/pi * integral over s from 0 to infinity of log(1 - b z' (M + s^2)^-1 z) ds,
 * which follows from 2 pi sqrt(m) = integral of log(1 + m/t) t^(-1/2) dt and the determinant of a rank-one step. Under
 * s = exp(x) the trapezoid rule converges like exp(-pi^2 / step). All images share the nodes, so that leaving out each
 * one exactly costs a product of rows x rank x nodes, and rows may be fewer than columns.
 */
import type { FeatureRows } from "../features/index.js";
import { multiply } from "../models/index.js";
import type { MeanAndCovariance } from "./frechet-check.js";
import { integralNodes, type Nodes } from "./influence-nodes.js";
import { type RowWalkOptions, squaredLength, type TurnedRows, turnedRows } from "./influence-rows.js";
import { type Transport, transportBetween } from "./influence-transport.js";
import { momentsOfSide } from "./moments-of-rows.js";

/** How many images `mostHelpful` and `leastHelpful` name. */
const RANKED_IMAGES = 20;

/** What each image does to a distance. */
export interface FrechetInfluence {
  /** The distance of all images. */
  readonly fd: number;
  /** For each generated image the distance with it, less that without it: positive where it raises the distance. */
  readonly influence: Float64Array;
  /** The same to first order, from the derivatives of the distance. */
  readonly firstOrder: Float64Array;
  /** Indices of the 20 images that lower the distance most, or raise it least, the best first. */
  readonly mostHelpful: readonly number[];
  /** Indices of the 20 images that raise the distance most, the worst first. */
  readonly leastHelpful: readonly number[];
  /** Dimensions that both sides have. */
  readonly rank: number;
  /** Images. */
  readonly count: number;
}

/**
 * What each generated image does to the distance.
 * @param sets generated rows (n x width, n at least 3); real rows or moments. For the influence of real images give the
 * sides the other way round: the distance is the same from both.
 * @throws RangeError where widths differ, or there are fewer than three generated rows
 * @example (await frechetInfluence({ real, generated })).leastHelpful[0] // the image without which FD falls most
 */
export async function frechetInfluence(
  sets: { readonly real: FeatureRows | MeanAndCovariance; readonly generated: FeatureRows },
  options: RowWalkOptions = {},
): Promise<FrechetInfluence> {
  const { generated } = sets;
  if (generated.count < 3)
    throw new RangeError(
      `Cannot leave images out: at least 3 generated rows are needed, got ${generated.count}`,
    );
  const { signal } = options;
  const real = await momentsOfSide(sets.real, signal);
  const moments = await momentsOfSide(generated, signal);
  const transport = await transportBetween({ real, generated: moments }, { signal });
  const nodes = integralNodes(transport.roots);
  const influence = new Float64Array(generated.count);
  const firstOrder = new Float64Array(generated.count);
  const side = { apart: moments.mean.map((value, i) => value - real.mean[i]!), moments, transport };
  for await (const some of turnedRows(generated, moments.mean, transport.fromGenerated, options)) {
    const drops = await rootDrops(some, transport.roots, nodes, generated.count);
    for (let row = 0; row < some.count; row++) {
      const change = changes(some, row, drops[row]!, generated.count, side);
      influence[some.from + row] = change.exact;
      firstOrder[some.from + row] = change.first;
    }
  }
  const order = Array.from(influence, (_, i) => i).sort((a, b) => influence[a]! - influence[b]!);
  return {
    fd: transport.fd,
    influence,
    firstOrder,
    mostHelpful: order.slice(0, RANKED_IMAGES),
    leastHelpful: order.reverse().slice(0, RANKED_IMAGES),
    rank: transport.rank,
    count: generated.count,
  };
}

/** For each row by how much Tr M^(1/2) falls with M - b z z'. */
async function rootDrops(
  { count, turned }: TurnedRows,
  roots: Float64Array,
  nodes: Nodes,
  images: number,
): Promise<Float64Array> {
  const drops = new Float64Array(count);
  const rank = roots.length;
  if (rank === 0) return drops;
  const step = images / (images - 1) ** 2;
  // b z_j^2 / m_j = b u_j^2 / r_j, an image's share in each dimension
  const shares = turned.data.map((u, at) => (step * u * u) / roots[at % rank]!);
  const sums = await multiply(
    { rows: count, columns: rank, data: shares },
    { rows: rank, columns: nodes.weights.length, data: nodes.kernel },
  );
  for (let row = 0, at = 0; row < count; row++) {
    let whole = 0;
    for (let j = 0; j < rank; j++) whole += shares[row * rank + j]!;
    // exactly 0 where rows are fewer than columns, or rounding about it
    const rest = Math.max(0, 1 - whole);
    for (let node = 0; node < nodes.weights.length; node++, at++) {
      const isLow = node < nodes.lowCount;
      const log = isLow ? Math.log(rest + sums.data[at]!) : Math.log1p(-sums.data[at]!);
      drops[row]! -= nodes.weights[node]! * log;
    }
  }
  return drops;
}

function changes(
  { centred, turned }: TurnedRows,
  row: number,
  drop: number,
  count: number,
  side: { apart: Float64Array; moments: MeanAndCovariance; transport: Transport },
): { exact: number; first: number } {
  const { width, rank, roots, traces } = side.transport;
  const own = squaredLength(centred, row, width);
  const carried = squaredLength(turned.data, row, rank);
  let along = 0;
  for (let c = 0; c < width; c++) along += side.apart[c]! * centred[row * width + c]!;
  const shared = roots.reduce((sum, value) => sum + value, 0);
  const step = count / (count - 1) ** 2;
  // sqrt((n - 1)/(n - 2)) - 1 and (n - 1)/(n - 2) - 1, without cancelling
  const stretch = 1 / (count - 2);
  const rootStretch = Math.expm1(0.5 * Math.log1p(stretch));
  const mean = (2 * along) / (count - 1) - own / (count - 1) ** 2;
  const ownTrace = (1 + stretch) * step * own - stretch * traces.generated;
  const mixed = 2 * (rootStretch * shared - (1 + rootStretch) * drop);
  return {
    exact: mean + ownTrace + mixed,
    first:
      (2 * along) / (count - 1) +
      (1 + stretch) * step * (own - carried) -
      stretch * (traces.generated - shared),
  };
}
