/**
 * All pairs of rows whose cosine reaches a threshold, exactly: the search of section 2.3, where the paper's is
 * approximate.
 *
 * Method: the upper triangle of all pairs, a pair of blocks at a time; within it tiles of whole-number products, which
 * lose no pair (join-quantise.ts); what they leave is decided in float64 by the very formula of `cosine` in `features`.
 * So which pairs are found depends on nothing but the rows: not on blocks, threads or the processor.
 */
import { createHash } from "node:crypto";
import type { FeatureRows } from "../features/index.js";
import { type JoinJournal, openJournal } from "./join-journal.js";
import { type Multiplier, openMultiplier } from "./join-product.js";
import { bestScale, blockRows, leftRows, type RightTile, rightTiles } from "./join-quantise.js";
import { type Block, joinPair, type LeftBlock } from "./join-tiles.js";
import { PairList, type SimilarPairs } from "./pairs.js";
import { type RowSource, rowsInMemory } from "./row-source.js";

/** What a join is asked for. */
export interface JoinOptions {
  /** The least cosine of a pair that is found, above 0 and at most 1. */
  readonly threshold: number;
  /** Rows that are in memory at once, twice; default 4,096 (of 512 numbers: 22 MB in all). */
  readonly blockRows?: number | undefined;
  /** A file in which finished blocks are kept, so that a join that was stopped goes on; for one process at a time. */
  readonly journal?: string | undefined;
  /** More pairs than this are an error: a threshold too low finds nearly all; default 50 million (800 MB). */
  readonly maxPairs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: JoinProgress) => void) | undefined;
}

/** How far a join has come, in pairs of rows. */
export interface JoinProgress {
  readonly compared: number;
  readonly total: number;
  readonly found: number;
}

/** What a join found, and what it took. */
export interface JoinResult {
  readonly pairs: SimilarPairs;
  readonly threshold: number;
  /** Pairs of rows: count x (count - 1) / 2. */
  readonly total: number;
  /** Pairs that whole numbers left, and float64 decided; of blocks that a journal held, none. */
  readonly decided: number;
  /** Pairs of blocks that the journal held already. */
  readonly resumed: number;
}

const BLOCK_ROWS = 4096;
const MAX_PAIRS = 50_000_000;
/** The last blocks stay as tiles of whole numbers where they fit: each of them is used by all blocks before it. */
const KEPT_TILE_BYTES = 2 ** 26;

/**
 * Finds all pairs of rows whose cosine is at or above a threshold.
 * @param rows in memory (`{ data, count, width }`), or a source that is read block by block (`openRows`)
 * @returns each pair once, in the order of its rows
 * @throws RangeError where the threshold is not above 0 and at most 1, a row has no direction, or there are too many pairs
 * @throws Error where the journal is of another work, or a living process is at work on it
 * @example
 * const rows = { data: Float32Array.of(1, 0, 0, 1, 2, 0.1), count: 3, width: 2 };
 * (await similarityJoin(rows, { threshold: 0.9 })).pairs; // first [0], second [2], similarity [0.9988]
 */
export async function similarityJoin(
  rows: FeatureRows | RowSource,
  options: JoinOptions,
): Promise<JoinResult> {
  const source = "read" in rows ? rows : rowsInMemory(rows);
  const { threshold, blockRows = BLOCK_ROWS, journal: path, maxPairs = MAX_PAIRS } = options;
  if (!(threshold > 0 && threshold <= 1))
    throw new RangeError(`Cannot join rows: a threshold above 0 and at most 1 is needed, got ${threshold}`);
  if (!Number.isSafeInteger(blockRows) || blockRows < 1)
    throw new RangeError(`Cannot join rows: blocks of at least 1 row are needed, got ${blockRows}`);
  const { count, width } = source;
  const pairs = new PairList();
  const total = (count * (count - 1)) / 2;
  if (count < 2) return { pairs: pairs.sorted(), threshold, total, decided: 0, resumed: 0 };
  const describe = async () => ({
    ...{ count, width, threshold, blockRows },
    sha256: await hashRows(source, blockRows, options),
  });
  const journal = path === undefined ? undefined : await openJournal(path, describe, pairs, options.signal);
  try {
    const multiplier = await openMultiplier(width);
    try {
      const settings = { ...options, threshold, blockRows, maxPairs };
      const decided = await joinBlocks(source, settings, pairs, { multiplier, journal });
      return { pairs: pairs.sorted(), threshold, total, decided, resumed: journal?.finished ?? 0 };
    } finally {
      await multiplier.close();
    }
  } finally {
    await journal?.close();
  }
}

async function hashRows(
  source: RowSource,
  blockRows: number,
  { signal }: Pick<JoinOptions, "signal">,
): Promise<string> {
  const hash = createHash("sha256");
  for (let first = 0; first < source.count; first += blockRows) {
    signal?.throwIfAborted();
    const { buffer, byteOffset, byteLength } = await source.read(
      first,
      Math.min(blockRows, source.count - first),
    );
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex");
}

interface Settings extends Pick<JoinOptions, "threshold" | "signal" | "onProgress"> {
  readonly blockRows: number;
  readonly maxPairs: number;
}

interface Tools {
  readonly multiplier: Multiplier;
  readonly journal: JoinJournal | undefined;
}

async function joinBlocks(
  source: RowSource,
  { threshold, blockRows: side, maxPairs, signal, onProgress }: Settings,
  pairs: PairList,
  tools: Tools,
): Promise<number> {
  const { count, width, name } = source;
  const blocks = Math.ceil(count / side);
  const firstKept = blocks - Math.floor(KEPT_TILE_BYTES / (side * width));
  const kept = new Map<number, readonly RightTile[]>();
  const read = async (block: number): Promise<Block> => {
    const first = block * side;
    const data = await source.read(first, Math.min(side, count - first));
    return { first, rows: blockRows(data, width, first, name) };
  };
  let scale: number | undefined;
  let done = 0;
  let compared = 0;
  let decided = 0;
  const found = new PairList();
  for (let i = 0; i < blocks; i++) {
    let left: LeftBlock | undefined;
    for (let j = i; j < blocks; j++) {
      const [high, wide] = [Math.min(side, count - i * side), Math.min(side, count - j * side)];
      compared += i === j ? (high * (high - 1)) / 2 : high * wide;
      if (done++ < (tools.journal?.finished ?? 0)) continue;
      signal?.throwIfAborted();
      if (left === undefined) {
        const block = await read(i);
        scale ??= bestScale(block.rows);
        left = { ...block, whole: leftRows(block.rows, scale) };
      }
      const right: Block = i === j ? left : await read(j);
      const tiles = kept.get(j) ?? rightTiles(right.rows, scale!);
      if (j >= firstKept) kept.set(j, tiles);
      found.clear();
      const pair = { left, right: { ...right, tiles }, threshold, scale: scale! };
      decided += await joinPair(pair, tools.multiplier, found, signal);
      if (pairs.count + found.count > maxPairs)
        throw new RangeError(
          `Cannot join rows at ${threshold}: at most ${maxPairs} pairs are needed, got more after ${compared} of ${(count * (count - 1)) / 2} comparisons; a higher threshold finds fewer`,
        );
      const view = found.view();
      for (let p = 0; p < view.count; p++) pairs.add(view.first[p]!, view.second[p]!, view.similarity[p]!);
      await tools.journal?.append(view);
      onProgress?.({ compared, total: (count * (count - 1)) / 2, found: pairs.count });
    }
    kept.delete(i);
  }
  return decided;
}
