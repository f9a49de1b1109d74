/**
 * The k-th nearest row of each row, exactly, at the speed of float32.
 *
 * float32 products find the candidates, some more than are asked for; where rounding leaves in doubt which of them is
 * the k-th, float64 distances decide. Where doubt reaches beyond the candidates (many rows at nearly one distance), the
 * row is compared with all others in float64. So results are those of float64 throughout, ties and copies included.
 */
import { setImmediate } from "node:timers/promises";
import { doubtAt, trueRange } from "./neighbours-bounds.js";
import { emptyLists, type KeptNeighbours, keepBoth, keepDown } from "./neighbours-kept.js";
import { type ChosenRows, comparedDistance, type Frame } from "./neighbours-rows.js";
import { eachDistanceTile, type PairControl } from "./neighbours-tiles.js";

/** The neighbours of one rank of every row. */
export interface NeighboursOfRank {
  /** 1 is the nearest. */
  readonly rank: number;
  readonly distances: Float64Array;
  /** Places among the chosen rows; of several at the same distance, one. */
  readonly indices: Uint32Array;
}

/** Neighbours of every row, for each rank that was asked for. */
export interface Neighbours {
  readonly ranks: readonly NeighboursOfRank[];
  /** Squared lengths of the rows in the frame. */
  readonly norms: Float64Array;
}

/** Candidates beyond the largest rank: doubt that reaches further costs a comparison of all rows. */
const SPARE_CANDIDATES = 3;
/** Comparisons of one row with all others between two looks at the signal. */
const ROWS_BETWEEN_PAUSES = 8;

/**
 * Neighbours of rows within their own set; no row is its own.
 * @param ranks each from 1 to the number of the others
 */
export async function neighboursWithin(
  set: ChosenRows,
  frame: Frame,
  ranks: readonly number[],
  control: PairControl = {},
): Promise<Neighbours> {
  const kept = emptyLists(set.rows.length, Math.max(...ranks) + SPARE_CANDIDATES);
  await eachDistanceTile({ left: set, right: set, isSame: true }, frame, (t) => keepBoth(kept, t), control);
  return decide({ from: set, to: set, isSame: true }, ranks, kept, control.signal);
}

/**
 * Neighbours in one set (`to`) of the rows of another (`from`).
 * @param ranks each from 1 to the number of rows of `to`
 */
export async function neighboursBetween(
  { from, to }: { readonly from: ChosenRows; readonly to: ChosenRows },
  frame: Frame,
  ranks: readonly number[],
  control: PairControl = {},
): Promise<Neighbours> {
  const kept = emptyLists(from.rows.length, Math.max(...ranks) + SPARE_CANDIDATES);
  await eachDistanceTile(
    { left: from, right: to, isSame: false },
    frame,
    (tile) => keepDown(kept, tile),
    control,
  );
  return decide({ from, to, isSame: false }, ranks, kept, control.signal);
}

interface Sides {
  readonly from: ChosenRows;
  readonly to: ChosenRows;
  readonly isSame: boolean;
}

async function decide(
  sides: Sides,
  ranks: readonly number[],
  kept: KeptNeighbours,
  signal: AbortSignal | undefined,
): Promise<Neighbours> {
  const count = sides.from.rows.length;
  const decided = ranks.map((rank) => ({
    rank,
    distances: new Float64Array(count),
    indices: new Uint32Array(count),
  }));
  let compared = 0;
  for (let row = 0; row < count; row++)
    for (const { rank, distances, indices } of decided) {
      let found = amongCandidates(sides, kept, row, rank);
      if (found === undefined) {
        if (++compared % ROWS_BETWEEN_PAUSES === 0) {
          await setImmediate();
          signal?.throwIfAborted();
        }
        found = amongAll(sides, row, rank);
      }
      distances[row] = found.distance;
      indices[row] = found.index;
    }
  return { ranks: decided, norms: kept.norms };
}

interface Found {
  readonly distance: number;
  readonly index: number;
}

/** The neighbour of a rank, or undefined where the candidates cannot tell. */
function amongCandidates(
  { from, to, isSame }: Sides,
  { keep, values, indices, norms }: KeptNeighbours,
  row: number,
  rank: number,
): Found | undefined {
  const first = row * keep;
  const { width } = from.features;
  const norm = norms[row]!;
  const range = trueRange(values[first + rank - 1]!, norm, width);
  const surelyNearer = doubtAt(range.below, norm, width).below;
  const surelyFurther = doubtAt(range.above, norm, width).above;
  const others = to.rows.length - (isSame ? 1 : 0);
  const candidates: Found[] = [];
  let nearer = 0;
  let isComplete = others <= keep;
  for (let at = first; at < first + Math.min(keep, others); at++) {
    const value = values[at]!;
    if (value < surelyNearer) nearer++;
    else if (value >= surelyFurther) {
      isComplete = true;
      break;
    } else candidates.push({ distance: comparedDistance(from, row, to, indices[at]!), index: indices[at]! });
  }
  candidates.sort((a, b) => a.distance - b.distance || a.index - b.index);
  const found = candidates[rank - nearer - 1];
  // nothing that was not kept can be nearer than no distance at all
  return isComplete || found?.distance === 0 ? found : undefined;
}

function amongAll({ from, to, isSame }: Sides, row: number, rank: number): Found {
  const all: Found[] = [];
  for (let index = 0; index < to.rows.length; index++)
    if (!isSame || index !== row) all.push({ distance: comparedDistance(from, row, to, index), index });
  all.sort((a, b) => a.distance - b.distance || a.index - b.index);
  return all[rank - 1]!;
}
