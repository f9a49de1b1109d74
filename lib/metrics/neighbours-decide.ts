/**
 * Which candidate is the neighbour of a rank, where rounding leaves it in doubt.
 *
 * The computed values bound the true distance of that rank from both sides (neighbours-bounds.ts): candidates below the
 * bounds are nearer, those above are further, and float64 puts the few between in order. Where even the last candidate
 * is not surely further (many rows at nearly one distance), a second walk compares every row of the doubt in float64.
 */
import { doubtAt, trueRange } from "./neighbours-bounds.js";
import type { KeptNeighbours } from "./neighbours-kept.js";
import { type ChosenRows, comparedDistance, type Frame } from "./neighbours-rows.js";
import { eachDistanceTile } from "./neighbours-tiles.js";

/** The neighbours of one rank of every row. */
export interface NeighboursOfRank {
  /** 1 is the nearest. */
  readonly rank: number;
  readonly distances: Float64Array;
  /** Places among the chosen rows; of several at the same distance, one. */
  readonly indices: Uint32Array;
}

/** Where neighbours are looked for: in `to`, of each row of `from`; of one set with itself, no row is its own. */
export interface NeighbourSides {
  readonly from: ChosenRows;
  readonly to: ChosenRows;
  readonly isSame: boolean;
}

/** The neighbours of each rank, from the lists of candidates. */
export async function decideNeighbours(
  sides: NeighbourSides,
  frame: Frame,
  ranks: readonly number[],
  kept: KeptNeighbours,
  signal: AbortSignal | undefined,
): Promise<NeighboursOfRank[]> {
  const count = sides.from.rows.length;
  const decided: NeighboursOfRank[] = [];
  for (const rank of ranks) {
    const [distances, indices] = [new Float64Array(count), new Uint32Array(count)];
    const undecided: Undecided[] = [];
    for (let row = 0; row < count; row++) {
      const found = amongCandidates(sides, frame, kept, row, rank);
      if ("reach" in found) undecided.push(found);
      else {
        distances[row] = found.distance;
        indices[row] = found.index;
      }
    }
    for (const [at, { distance, index }] of (
      await amongAll(sides, frame, undecided, rank, signal)
    ).entries()) {
      distances[undecided[at]!.row] = distance;
      indices[undecided[at]!.row] = index;
    }
    decided.push({ rank, distances, indices });
  }
  return decided;
}

interface Found {
  readonly distance: number;
  readonly index: number;
}

/** A row whose candidates cannot tell, and the computed value from which on a row is surely further. */
interface Undecided {
  readonly row: number;
  readonly reach: number;
}

function amongCandidates(
  { from, to, isSame }: NeighbourSides,
  { type }: Frame,
  { keep, values, indices, norms }: KeptNeighbours,
  row: number,
  rank: number,
): Found | Undecided {
  const first = row * keep;
  const compared = { width: from.features.width, type };
  const norm = norms[row]!;
  const range = trueRange(values[first + rank - 1]!, norm, compared);
  const surelyNearer = doubtAt(range.below, norm, compared).below;
  const surelyFurther = doubtAt(range.above, norm, compared).above;
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
  const found = candidates.sort(byDistance)[rank - nearer - 1];
  // nothing that was not kept can be nearer than no distance at all
  if (found !== undefined && (isComplete || found.distance === 0)) return found;
  return { row, reach: surelyFurther };
}

async function amongAll(
  { from, to, isSame }: NeighbourSides,
  frame: Frame,
  undecided: readonly Undecided[],
  rank: number,
  signal: AbortSignal | undefined,
): Promise<Found[]> {
  if (undecided.length === 0) return [];
  const left = { features: from.features, rows: Uint32Array.from(undecided, ({ row }) => from.rows[row]!) };
  const nearest = undecided.map((): Found[] => []);
  await eachDistanceTile(
    { left, right: to, isSame: false },
    frame,
    ({ firstRow, firstColumn, rows, columns, products, rowNorms }) => {
      for (let a = 0, at = 0; a < rows; a++) {
        const { row, reach } = undecided[firstRow + a]!;
        const list = nearest[firstRow + a]!;
        const bound = reach - rowNorms[a]!;
        for (let b = 0; b < columns; b++) {
          const index = firstColumn + b;
          if (products[at++]! >= bound || (isSame && index === row)) continue;
          list.push({ distance: comparedDistance(from, row, to, index), index });
        }
        list.sort(byDistance).splice(rank);
      }
    },
    { signal },
  );
  return nearest.map((list) => list[rank - 1]!);
}

function byDistance(a: Found, b: Found): number {
  return a.distance - b.distance || a.index - b.index;
}
