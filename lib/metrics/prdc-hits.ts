/** Which rows of two sets lie in each other's balls. */

import { doubtAt } from "./neighbours-bounds.js";
import type { NeighboursOfRank } from "./neighbours-decide.js";
import { type ChosenRows, comparedDistance, type Frame, normsOf } from "./neighbours-rows.js";
import { eachDistanceTile, type PairControl, type Tile } from "./neighbours-tiles.js";
import type { PrdcHits } from "./prdc-types.js";

/** One side: its rows, and the radii of their balls. */
export interface Balls {
  readonly set: ChosenRows;
  readonly ranks: readonly NeighboursOfRank[];
}

/** Hits of both sides. */
export interface Hits {
  readonly hits: PrdcHits[];
  readonly decidedExactly: number;
}

/** Radii of one side for one k, and the squared distances, in the frame's units, that float32 leaves in doubt. */
interface Thresholds {
  readonly radius: Float64Array;
  readonly below: Float64Array;
  readonly above: Float64Array;
}

/** Compares all real rows with all generated ones; both have the same ranks. */
export async function hitsOf(
  { real, generated }: { readonly real: Balls; readonly generated: Balls },
  frame: Frame,
  control: PairControl,
): Promise<Hits> {
  const hits = real.ranks.map((ofReal, at) => noHits(ofReal, generated.ranks[at]!));
  const ofReal = thresholds(real, frame);
  const ofGenerated = thresholds(generated, frame);
  // the largest ball holds the others: most pairs are done with after one comparison on each side
  const widest = hits.reduce((most, { k }, at) => (k > hits[most]!.k ? at : most), 0);
  const realReach = ofReal[widest]!.above;
  const generatedReach = ofGenerated[widest]!.above;
  let decidedExactly = 0;

  const meet = (i: number, j: number, computed: number): void => {
    let exact = -1;
    const isInside = ({ radius, below, above }: Thresholds, center: number): boolean => {
      if (computed < below[center]!) return true;
      if (computed >= above[center]!) return false;
      if (exact < 0) {
        exact = comparedDistance(real.set, i, generated.set, j);
        decidedExactly++;
      }
      return exact < radius[center]!;
    };
    for (let at = 0; at < hits.length; at++) {
      const { real: mine, generated: theirs } = hits[at]!;
      if (isInside(ofReal[at]!, i)) {
        mine.isCovered[i] = 1;
        theirs.balls[j]!++;
      }
      if (mine.isRecalled[i] === 0 && isInside(ofGenerated[at]!, j)) mine.isRecalled[i] = 1;
    }
  };

  const visit = ({ firstRow, firstColumn, rows, columns, products, rowNorms }: Tile): void => {
    const across = generatedReach.subarray(firstColumn, firstColumn + columns);
    for (let a = 0, at = 0; a < rows; a++) {
      const i = firstRow + a;
      const norm = rowNorms[a]!;
      const reach = realReach[i]!;
      for (let b = 0; b < columns; b++) {
        const computed = products[at++]! + norm;
        if (computed < reach || computed < across[b]!) meet(i, firstColumn + b, computed);
      }
    }
  };
  await eachDistanceTile({ left: real.set, right: generated.set, isSame: false }, frame, visit, control);
  return { hits, decidedExactly };
}

function noHits(real: NeighboursOfRank, generated: NeighboursOfRank): PrdcHits {
  const count = real.distances.length;
  return {
    k: real.rank,
    real: {
      radius: real.distances,
      isCovered: new Uint8Array(count),
      isRecalled: new Uint8Array(count),
    },
    generated: {
      radius: generated.distances,
      balls: new Uint32Array(generated.distances.length),
    },
  };
}

function thresholds({ set, ranks }: Balls, frame: Frame): Thresholds[] {
  const compared = { width: set.features.width, type: frame.type };
  const norms = normsOf(set, frame);
  return ranks.map(({ distances: radius }) => {
    const doubts = Array.from(radius, (one, row) => doubtAt((one * frame.scale) ** 2, norms[row]!, compared));
    return {
      radius,
      below: Float64Array.from(doubts, ({ below }) => below),
      above: Float64Array.from(doubts, ({ above }) => above),
    };
  });
}
