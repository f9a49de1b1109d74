/**
 * Draws images uniformly out of shards that nobody has indexed: by jumps, without reading what lies between.
 *
 * A jump to a random byte that takes the next image is biased: it favours images behind large ones. Here the shards
 * are cut into cells so small that at most one JSON's header begins in each, cells are drawn uniformly and without
 * replacement, and a cell in which a header begins gives its record, every other cell nothing. So every record is as
 * likely as any other, whatever its size: the correction for size is that a large image brings many empty cells. The
 * price is a small read for each, some 125 for an image of 127 kB; reads, not bytes, are what it costs.
 *
 * Known difference: a header is known by its magic word and checksum, so that archives from before POSIX give
 * nothing, and an image that holds a whole archive could give a record that a walk would not.
 */
import { Random } from "../core/index.js";
import { type ByteSource, TAR_BLOCK_BYTES, tarHeadersIn } from "../io/index.js";
import { type Cell, CellOrder } from "./cell-order.js";
import type { ImageRecord } from "./image-record.js";
import { type JsonPlace, jsonAt, readNear, recordAt } from "./record-at.js";
import type { Shard } from "./shards.js";

/** Bytes of a cell: a header and one block of data, the least that a JSON takes, so that two never begin in one. */
export const SAMPLE_CELL_BYTES: number = 2 * TAR_BLOCK_BYTES;
/** Most reads that are under way at once: enough to hide a server's delay, too few to be a burden. */
export const MAX_OPEN_READS = 8;

/** What drawing takes. */
export interface SampleOptions {
  /** The same seed and shards give the same records in the same order. */
  readonly seed: number | string;
  readonly signal?: AbortSignal | undefined;
  /**
   * Bytes of a cell, `SAMPLE_CELL_BYTES` where it is left out, with which any shard is sampled exactly. Larger cells
   * take fewer reads, in proportion; they are exact where no two JSON begin in one, and refused where two are seen.
   */
  readonly cellBytes?: number | undefined;
}

/**
 * Draws records uniformly, without replacement.
 * @param shards local ones or far ones
 * @param count how many; fewer are given only where there are no more sound ones
 * @returns in the order drawn, which is random
 * @throws RangeError where count or cellBytes are no whole numbers in range, or two JSON begin in one cell
 * @throws the signal's reason where it was stopped
 * @example const records = await sampleShards(corpus.shards, 16, { seed: 7 });
 */
export async function sampleShards(
  shards: readonly Shard[],
  count: number,
  options: SampleOptions,
): Promise<ImageRecord[]> {
  const { seed, signal, cellBytes = SAMPLE_CELL_BYTES } = options;
  if (!Number.isSafeInteger(count) || count < 0)
    throw new RangeError(`Cannot draw a sample: count is a whole number from 0, got ${count}`);
  if (!Number.isSafeInteger(cellBytes) || cellBytes < SAMPLE_CELL_BYTES)
    throw new RangeError(
      `Cannot draw a sample: cellBytes is a whole number from ${SAMPLE_CELL_BYTES}, got ${cellBytes}`,
    );
  const cells = new CellOrder(shards, cellBytes, new Random(seed));
  const records: ImageRecord[] = [];
  while (records.length < count) {
    const drawn = cells.next(MAX_OPEN_READS * 8);
    if (drawn.length === 0) break;
    for (const record of await readCells(drawn, cellBytes, signal))
      if (record !== undefined && records.length < count) records.push(record);
  }
  return records;
}

/** Reads cells, each shard opened once, a bounded number at a time; results stand in the order of the cells. */
async function readCells(
  cells: readonly Cell[],
  cellBytes: number,
  signal: AbortSignal | undefined,
): Promise<(ImageRecord | undefined)[]> {
  const byShard = new Map<Shard, number[]>();
  for (const [i, { shard }] of cells.entries()) byShard.set(shard, [...(byShard.get(shard) ?? []), i]);
  const results: (ImageRecord | undefined)[] = cells.map(() => undefined);
  await inParallel([...byShard], MAX_OPEN_READS, async ([shard, indices]) => {
    signal?.throwIfAborted();
    const source = await shard.open({ readAhead: false });
    try {
      await inParallel(indices, byShard.size === 1 ? MAX_OPEN_READS : 1, async (i) => {
        signal?.throwIfAborted();
        results[i] = await recordIn(shard, source, cells[i]!.offset, cellBytes);
      });
    } finally {
      await source.close();
    }
  });
  return results;
}

/** The record whose JSON's header begins in a cell, if there is one and nothing is wrong with it. */
async function recordIn(
  shard: Shard,
  source: ByteSource,
  offset: number,
  cellBytes: number,
): Promise<ImageRecord | undefined> {
  const end = Math.min(source.length, offset + cellBytes + TAR_BLOCK_BYTES - 1);
  const bytes = await readNear(source, offset, end - offset);
  const found: JsonPlace[] = [];
  for (const at of tarHeadersIn(bytes)) {
    const json = await jsonAt(source, offset + at, bytes.subarray(at, at + TAR_BLOCK_BYTES));
    if (json !== undefined) found.push(json);
  }
  if (found.length > 1)
    throw new RangeError(
      `Cannot draw a sample of ${shard.name} with cells of ${cellBytes} bytes: at most one record may begin in each, got ${found.length} at byte ${offset}; take smaller cells`,
    );
  return found[0] === undefined ? undefined : recordAt(shard, source, found[0]);
}

/** Does the work for each item, some at once, and stops taking new ones where one fails. */
async function inParallel<T>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      try {
        await work(items[next++]!);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  // all lanes end before the failure is told: none may go on reading from what is then closed
  const ends = await Promise.allSettled(Array.from({ length: Math.min(most, items.length) }, lane));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
