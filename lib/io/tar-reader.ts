/**
 * Reads tar archives: by hopping from header to header where ranges can be read, in one pass where bytes stream by.
 *
 * Both run the same parser and find the same entries and the same damage.
 */
import { setImmediate } from "node:timers/promises";
import { type ByteSource, isByteStream } from "./byte-source.js";
import { rangeFeed, sequentialFeed } from "./feed.js";
import { streamFeed } from "./stream-feed.js";
import { type TarDamage, TarError } from "./tar-damage.js";
import { isDamage, type TarEntry, type TarFinding } from "./tar-entry.js";
import { parseTar, type WantsTarData } from "./tar-parser.js";

/** What reading an archive takes. */
export interface TarOptions {
  /** Stops between two reads, by throwing the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Which files' data to bring with the entries, by name and size; none where it is left out. */
  readonly wantsData?: WantsTarData | undefined;
  /** Byte at which the first header lies, for sources that can be read by ranges; 0 where it is left out. */
  readonly start?: number | undefined;
  /** Reads every byte in large pieces instead of hopping: for a far source whose data are wanted anyway. */
  readonly sequential?: boolean | undefined;
}

/** What `tarEntries` takes. */
export interface TarEntryOptions extends TarOptions {
  /** Takes damage, and lets the reading go on at the next sound header; without it the first one is thrown. */
  readonly onDamage?: ((damage: TarDamage) => void) | undefined;
}

/** Findings handed on together: synchronous reads stop for the event loop after so many, a millisecond or less. */
const BATCH = 64;
/** Data handed on together at the most, beyond one entry's. */
const BATCH_BYTES = 1 << 20;

/**
 * The entries of an archive in their order.
 * @param archive a source, whose data are hopped over, or a stream of bytes, read once from its start and pulled only
 *   as entries are asked for; memory stays within the size of an entry, and of 64 MiB
 * @throws TarError at the first damage, unless `onDamage` takes it
 * @example for await (const entry of tarEntries(source)) console.log(entry.name, entry.size);
 */
export async function* tarEntries(
  archive: ByteSource | AsyncIterable<Uint8Array>,
  options: TarEntryOptions = {},
): AsyncGenerator<TarEntry, void, undefined> {
  const name = isByteStream(archive) ? "stream" : archive.name;
  for await (const batch of tarFindings(archive, options))
    for (const finding of batch) {
      options.signal?.throwIfAborted();
      if (!isDamage(finding)) yield finding;
      else if (options.onDamage === undefined) throw new TarError(name, finding);
      else options.onDamage(finding);
    }
}

/**
 * Entries and damage in the order in which they are found, in batches of at most 64, each handed on before the reader
 * waits for more bytes.
 */
export async function* tarFindings(
  archive: ByteSource | AsyncIterable<Uint8Array>,
  options: TarOptions = {},
): AsyncGenerator<readonly TarFinding[], void, undefined> {
  const { signal, wantsData = () => false, start = 0, sequential = false } = options;
  const feed = isByteStream(archive)
    ? streamFeed(archive)
    : sequential
      ? sequentialFeed(archive)
      : rangeFeed(archive);
  const found: TarFinding[] = [];
  let bytes = 0;
  const parser = parseTar(found, wantsData, start);
  try {
    for (let step = parser.next(); !step.done; ) {
      signal?.throwIfAborted();
      const given = feed.take(step.value);
      const waits = given instanceof Promise;
      if (found.length >= BATCH || bytes >= BATCH_BYTES || (waits && found.length > 0)) {
        // whoever takes the batch may never come back for what is being read
        if (waits) given.catch(() => {});
        if (found.length > 0) yield found.splice(0);
        bytes = 0;
        if (!waits) await setImmediate();
      }
      const view = waits ? await given : given;
      bytes += view.length;
      step = parser.next(view);
    }
    if (found.length > 0) yield found;
  } finally {
    await feed.close();
  }
}
