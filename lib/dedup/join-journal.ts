/**
 * What a join has done, in one file: a head that names the work, then a record for each pair of blocks in their order.
 *
 * A record is on the disk before the next one begins, and carries its place and a checksum: after a kill the file ends at
 * its last whole record, and the join goes on from there. A file of another work, or one in which a record is missing or
 * there twice, is refused, never overwritten. One process has it at a time (join-claim.ts).
 */
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { makeFolder, syncFolder } from "../io/index.js";
import { claimJournal } from "./join-claim.js";
import type { PairList, SimilarPairs } from "./pairs.js";

/** The work that a journal is of; every field decides what its records mean. */
export interface JoinWork {
  readonly count: number;
  readonly width: number;
  readonly threshold: number;
  readonly blockRows: number;
  /** SHA-256 of all rows. */
  readonly sha256: string;
}

/** A journal that is open. */
export interface JoinJournal {
  /** Pairs of blocks that it holds. */
  readonly finished: number;
  /**
   * Adds the pairs that the next pair of blocks gave.
   * @throws Error where another process has taken the journal
   */
  append(pairs: SimilarPairs): Promise<void>;
  close(): Promise<void>;
}

const HEAD_BYTES = 512;
const FORMAT = "gpic-lab join 2";
/** Place of the pair of blocks, number of pairs, checksum. */
const RECORD_HEAD_BYTES = 12;
const CHECKSUM_AT = 8;
/** Two rows and a similarity. */
const PAIR_BYTES = 16;

/**
 * Opens a journal, or begins one.
 * @param describe what the work is; asked when no other process has the journal, as all rows are read for it
 * @param found receives the pairs of finished blocks
 * @throws Error where the file is of another work, is no journal, lacks a record, or a living process is at work on it
 */
export async function openJournal(
  path: string,
  describe: () => Promise<JoinWork>,
  found: PairList,
  signal?: AbortSignal,
): Promise<JoinJournal> {
  await makeFolder(dirname(path));
  const claim = await claimJournal(path, signal);
  let file: FileHandle | undefined;
  const close = async () => {
    try {
      await file?.close();
    } finally {
      await claim.release();
    }
  };
  try {
    const work = await describe();
    file = await open(path, "a+");
    const { finished, end } = await readJournal(file, path, work, found);
    await claim.check();
    await file.truncate(end);
    if (end === 0) {
      await write(file, headOf(work));
      await syncFolder(dirname(path));
    }
    const opened = file;
    let next = finished;
    return {
      finished,
      async append(pairs) {
        await claim.check();
        await write(opened, recordOf(next++, pairs));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function write(file: FileHandle, bytes: Uint8Array): Promise<void> {
  await file.writeFile(bytes);
  await file.datasync();
}

function headOf(work: JoinWork): Uint8Array {
  const text = JSON.stringify({ format: FORMAT, ...work });
  return new TextEncoder().encode(`${text.padEnd(HEAD_BYTES - 1)}\n`);
}

function recordOf(place: number, { count, first, second, similarity }: SimilarPairs): Uint8Array {
  const bytes = new Uint8Array(RECORD_HEAD_BYTES + count * PAIR_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, place, true);
  view.setUint32(4, count, true);
  for (let i = 0, at = RECORD_HEAD_BYTES; i < count; i++, at += PAIR_BYTES) {
    view.setUint32(at, first[i]!, true);
    view.setUint32(at + 4, second[i]!, true);
    view.setFloat64(at + 8, similarity[i]!, true);
  }
  view.setUint32(CHECKSUM_AT, checksum(bytes), true);
  return bytes;
}

/** Of place, number and pairs: an end of zeros, as a power cut leaves it, is no record. */
function checksum(record: Uint8Array): number {
  return crc32(record.subarray(RECORD_HEAD_BYTES), crc32(record.subarray(0, CHECKSUM_AT), 1)) >>> 0;
}

async function readJournal(
  file: FileHandle,
  path: string,
  work: JoinWork,
  found: PairList,
): Promise<{ readonly finished: number; readonly end: number }> {
  const { size } = await file.stat();
  const head = await part(file, 0, HEAD_BYTES);
  // killed while the head was written: nothing was done
  if (
    size < HEAD_BYTES &&
    headOf(work)
      .subarray(0, size)
      .every((byte, i) => byte === head[i])
  )
    return { finished: 0, end: 0 };
  if (Buffer.compare(head, headOf(work)) !== 0)
    throw new Error(
      `Cannot go on with the join in ${path}: the journal of this very work is needed (same rows, threshold and block size), got ${differences(head, work)}; name another file, or remove it`,
    );
  let finished = 0;
  let end = HEAD_BYTES;
  while (end + RECORD_HEAD_BYTES <= size) {
    const start = await part(file, end, RECORD_HEAD_BYTES);
    const count = new DataView(start.buffer, start.byteOffset).getUint32(4, true);
    const length = RECORD_HEAD_BYTES + count * PAIR_BYTES;
    if (end + length > size) break;
    const record = await part(file, end, length);
    const view = new DataView(record.buffer, record.byteOffset);
    if (view.getUint32(CHECKSUM_AT, true) !== checksum(record)) break;
    const place = view.getUint32(0, true);
    if (place !== finished)
      throw new Error(
        `Cannot go on with the join in ${path}: a record of each pair of blocks in their order is needed, got number ${place} where ${finished} belongs; name another file, or remove it`,
      );
    for (let at = RECORD_HEAD_BYTES; at < length; at += PAIR_BYTES)
      found.add(view.getUint32(at, true), view.getUint32(at + 4, true), view.getFloat64(at + 8, true));
    finished++;
    end += length;
  }
  return { finished, end };
}

async function part(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

function differences(head: Uint8Array, work: JoinWork): string {
  let found: Record<string, unknown>;
  try {
    found = JSON.parse(new TextDecoder().decode(head)) as Record<string, unknown>;
  } catch {
    return "a file that is no journal";
  }
  const names = Object.keys(work).filter((name) => found[name] !== work[name as keyof JoinWork]);
  return `one with another ${names.join(", ") || "format"}`;
}
