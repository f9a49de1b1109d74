/** The pairs of two blocks: tiles of whole-number products, then float64 for what they leave. */
import { setImmediate } from "node:timers/promises";
import { type Multiplier, TILE_ROWS } from "./join-product.js";
import {
  type BlockRows,
  GROUP_COLUMNS,
  type LeftRows,
  leastProduct,
  type RightTile,
} from "./join-quantise.js";
import type { PairList } from "./pairs.js";

/** A block of rows, and the number of its first among all. */
export interface Block {
  readonly first: number;
  readonly rows: BlockRows;
}

/** A block as the left side of products. */
export interface LeftBlock extends Block {
  readonly whole: LeftRows;
}

/** Tiles of about a millisecond between two looks at the signal. */
const TILES_BETWEEN_PAUSES = 64;

/** Two blocks, or one twice. */
export interface BlockPair {
  readonly left: LeftBlock;
  readonly right: Block & { readonly tiles: readonly RightTile[] };
  readonly threshold: number;
  readonly scale: number;
}

/**
 * Adds the pairs of two blocks that reach the threshold; of one block with itself, those above the diagonal.
 * @returns how many pairs float64 decided
 */
export async function joinPair(
  pair: BlockPair,
  { multiply }: Multiplier,
  found: PairList,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { left, right, threshold, scale } = pair;
  const { count, width } = left.rows;
  const isDiagonal = left.first === right.first;
  let decided = 0;
  let tilesDone = 0;
  for (const { first, columns, bytes, groupRests } of right.tiles) {
    const groups = groupRests.length;
    for (let top = 0; top < count; top += TILE_ROWS) {
      // nothing of a tile that begins at or right of its last column's row is above the diagonal
      if (isDiagonal && top >= first + columns) break;
      if (++tilesDone % TILES_BETWEEN_PAUSES === 0) {
        await setImmediate();
        signal?.throwIfAborted();
      }
      const rows = Math.min(TILE_ROWS, count - top);
      const { products, largest } = await multiply(
        left.whole.bytes.subarray(top * width, (top + rows) * width),
        bytes,
        columns,
      );
      for (let r = 0; r < rows; r++) {
        const row = top + r;
        const rest = left.whole.rests[row]!;
        for (let g = 0; g < groups; g++) {
          const least = leastProduct(threshold, rest, groupRests[g]!, scale);
          if (largest[r * groups + g]! < least) continue;
          const end = Math.min(first + (g + 1) * GROUP_COLUMNS, right.rows.count);
          let column = first + g * GROUP_COLUMNS;
          let at = r * columns + g * GROUP_COLUMNS;
          for (; column < end; column++, at++) {
            if (products[at]! < least || (isDiagonal && column <= row)) continue;
            decided++;
            const similarity = cosineOf(left.rows, row, right.rows, column);
            if (similarity >= threshold) found.add(left.first + row, right.first + column, similarity);
          }
        }
      }
    }
  }
  return decided;
}

/** As `cosine` of features computes it, to the bit. */
function cosineOf(a: BlockRows, rowOfA: number, b: BlockRows, rowOfB: number): number {
  const { data: x, width } = a;
  const { data: y } = b;
  let sum = 0;
  for (let i = rowOfA * width, j = rowOfB * width, end = i + width; i < end; ) sum += x[i++]! * y[j++]!;
  return sum / Math.sqrt(a.squares[rowOfA]! * b.squares[rowOfB]!);
}
