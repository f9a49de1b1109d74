/**
 * The k-th nearest row of each row, exactly, at the speed of float32.
 *
 * float32 products find the candidates, some more than are asked for; where rounding leaves in doubt which of them is
 * the k-th, float64 distances decide (neighbours-decide.ts). So results are those of float64 throughout, ties and copies
 * included.
 */
import { decideNeighbours, type NeighboursOfRank } from "./neighbours-decide.js";
import { emptyLists, keepBoth, keepDown } from "./neighbours-kept.js";
import type { ChosenRows, Frame } from "./neighbours-rows.js";
import { eachDistanceTile, type PairControl } from "./neighbours-tiles.js";

/** Candidates beyond the largest rank: doubt that reaches further costs a second walk for the row. */
const SPARE_CANDIDATES = 3;

/**
 * Neighbours of rows within their own set; no row is its own.
 * @param ranks each from 1 to the number of the others
 */
export async function neighboursWithin(
  set: ChosenRows,
  frame: Frame,
  ranks: readonly number[],
  control: PairControl = {},
): Promise<NeighboursOfRank[]> {
  const kept = emptyLists(set.rows.length, Math.max(...ranks) + SPARE_CANDIDATES);
  await eachDistanceTile({ left: set, right: set, isSame: true }, frame, (t) => keepBoth(kept, t), control);
  return decideNeighbours({ from: set, to: set, isSame: true }, frame, ranks, kept, control.signal);
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
): Promise<NeighboursOfRank[]> {
  const kept = emptyLists(from.rows.length, Math.max(...ranks) + SPARE_CANDIDATES);
  await eachDistanceTile(
    { left: from, right: to, isSame: false },
    frame,
    (tile) => keepDown(kept, tile),
    control,
  );
  return decideNeighbours({ from, to, isSame: false }, frame, ranks, kept, control.signal);
}
