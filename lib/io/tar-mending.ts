/**
 * What the parser does where no header is: tells the damage, judges the entry before it, finds the next header.
 *
 * The search begins behind the last sound header, not behind the damage: bytes that were lost from an entry bring the
 * next header forward into its data.
 */
import type { Need, Reading } from "./reading.js";
import type { TarDamage } from "./tar-damage.js";
import type { TarEntry, TarFinding } from "./tar-entry.js";
import { TAR_BLOCK_BYTES, type TarHeaderFault } from "./tar-header.js";
import { findTarHeader, TAR_SEARCH_BYTES } from "./tar-search.js";

/**
 * How far back a search after damage goes, and the most of an entry that is ever held: the largest image that is read
 * as one, so that memory is bounded in a stream, and reading by ranges finds the same.
 */
export const TAR_LOOK_BACK_BYTES: number = 1 << 26;

/** The entry whose end has not been seen yet. */
export interface Held {
  entry: TarEntry | undefined;
  /** Where its data begin, or those of an extended header: a search after damage starts here. */
  from: number;
  /** Where the next header must be. */
  next: number;
}

/** Tells the held entry as sound. */
export function release(out: TarFinding[], held: Held): void {
  if (held.entry !== undefined) out.push(held.entry);
  held.entry = undefined;
}

/** The first byte that may be asked for again, once a header has been asked for. */
export function keptFrom(held: Held, at: number): number {
  return Math.min(at, Math.max(held.from, at - TAR_LOOK_BACK_BYTES));
}

/**
 * The archive ends before a whole header.
 * @param rest bytes that there are of it
 * @returns where to go on; undefined where nothing is left
 */
export function* afterCut(
  out: TarFinding[],
  need: Need,
  held: Held,
  at: number,
  rest: number,
): Reading<number | undefined> {
  const { entry } = held;
  const end = need.end ?? at + rest;
  if (entry !== undefined && entry.offset + entry.size > end) {
    const found = `${Math.max(0, end - entry.offset)} before the archive ends`;
    out.push(damage("archive-cut", entry.headerOffset, entry.name, `${entry.size} bytes of data`, found));
    held.entry = undefined;
  } else if (yield* settle(out, need, held, at)) {
    if (rest > 0)
      out.push(damage("archive-cut", at, "", `a header of ${TAR_BLOCK_BYTES} bytes`, `${rest} bytes`));
    else if (at > end && entry === undefined)
      out.push(damage("archive-cut", end, "", "the data of an extended header", "the end of the archive"));
    else
      out.push(
        damage("closing-blocks-missing", end, "", "closing blocks of zeros", "the end of the archive"),
      );
  }
  const from = Math.max(held.from, end - TAR_LOOK_BACK_BYTES);
  return from >= end ? undefined : yield* findTarHeader(need, from);
}

/** A block of zeros ends an archive; what follows must be zeros too. */
export function* afterZeros(
  out: TarFinding[],
  need: Need,
  held: Held,
  at: number,
): Reading<number | undefined> {
  const from = keptFrom(held, at);
  const tail = yield* tailOf(need, held, at);
  if (firstNonZero(tail.subarray(1)) < tail.length - 1) {
    judge(out, held, at, tail, undefined);
    const inside = yield* findTarHeader(need, from);
    if (inside !== undefined) return inside;
  }
  for (let behind = at; ; behind += TAR_SEARCH_BYTES) {
    need.offset = behind;
    need.length = TAR_SEARCH_BYTES;
    need.keep = Math.max(at, behind - TAR_BLOCK_BYTES);
    const bytes = yield need;
    const other = firstNonZero(bytes);
    if (other !== bytes.length) {
      judge(out, held, at, tail, undefined);
      const found = `other bytes at ${behind + other}`;
      out.push(damage("entries-behind-end", at, "", "zeros up to the end of the archive", found));
      // a header may begin with zeros: its name is empty where only its prefix speaks
      return yield* findTarHeader(need, Math.max(at, behind + other - TAR_BLOCK_BYTES));
    }
    if (bytes.length === TAR_SEARCH_BYTES) continue;
    // zeros that are no whole blocks have moved up, into the data before them
    const isOff = (behind + bytes.length - at) % TAR_BLOCK_BYTES !== 0;
    judge(out, held, at, tail, undefined, isOff);
    return undefined;
  }
}

/** Where a header must be there is none. */
export function* afterFault(
  out: TarFinding[],
  need: Need,
  held: Held,
  at: number,
  { fault, expected, found }: TarHeaderFault,
): Reading<number | undefined> {
  const from = keptFrom(held, at);
  const tail = yield* tailOf(need, held, at);
  const next = yield* findTarHeader(need, from);
  if (judge(out, held, at, tail, next)) out.push(damage(fault, at, "", expected, found));
  return next;
}

/** Judges the held entry where nothing was found that speaks against it but, maybe, its padding. */
function* settle(out: TarFinding[], need: Need, held: Held, at: number): Reading<boolean> {
  const tail = yield* tailOf(need, held, at);
  return judge(out, held, at, tail, undefined);
}

/** The last byte of the held entry's data and what lies behind them up to where the next header must be. */
function* tailOf(need: Need, held: Held, at: number): Reading<Uint8Array> {
  const { entry } = held;
  if (entry === undefined || entry.size === 0) return new Uint8Array(0);
  need.offset = entry.offset + entry.size - 1;
  need.length = at - need.offset;
  need.keep = keptFrom(held, at);
  return need.offset < need.keep ? new Uint8Array(0) : new Uint8Array(yield need);
}

/**
 * Tells the held entry, or that bytes were lost from it or got into it: the next header lies inside its data, or its
 * padding is none. Where the size is a multiple of a block there is no padding to look at, and it counts as sound.
 * @param at where the next header must be
 * @param next where it is, if it is not there
 * @param hasMoved whether what is behind the entry lies further in front than it should
 * @returns whether the entry, if there is one, is sound
 */
function judge(
  out: TarFinding[],
  held: Held,
  at: number,
  tail: Uint8Array,
  next: number | undefined,
  hasMoved: boolean = next !== undefined && next < at,
): boolean {
  const { entry } = held;
  if (entry === undefined) return true;
  const dataEnd = entry.offset + entry.size;
  const padding = tail.subarray(1, Math.max(1, 1 + Math.min(at, next ?? at) - dataEnd));
  const isIn = next !== undefined && next < dataEnd;
  // pictures and JSON end in a mark: zeros there are padding that moved up
  const isShort = hasMoved && tail[0] === 0;
  if (!isIn && !isShort && firstNonZero(padding) === padding.length) {
    release(out, held);
    return true;
  }
  held.entry = undefined;
  const found = isIn
    ? `another header after ${next - entry.offset}`
    : isShort
      ? "padding that begins before their end"
      : "other bytes in their padding";
  out.push(damage("entry-bytes", entry.headerOffset, entry.name, `${entry.size} bytes of data`, found));
  return false;
}

/** One damage as a row. */
export function damage(
  kind: TarDamage["kind"],
  offset: number,
  name: string,
  expected: string,
  found: string,
): TarDamage {
  return { kind, offset, name, expected, found };
}

/** Index of the first byte that is not zero; the length where all are. */
export function firstNonZero(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return i;
  return bytes.length;
}
