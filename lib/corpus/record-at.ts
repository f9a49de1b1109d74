/** One record out of the middle of a shard: from its JSON's header to its image, behind or before it. */
import {
  type ByteSource,
  readTarHeader,
  TAR_BLOCK_BYTES,
  TAR_SEARCH_BYTES,
  type TarHeader,
  tarEntries,
  tarHeadersIn,
} from "../io/index.js";
import { kindOf, stemOf } from "./entry-names.js";
import type { ImageRecord } from "./image-record.js";
import { MAX_IMAGE_BYTES, MAX_UNPAIRED } from "./pairing.js";
import type { Shard } from "./shards.js";
import { shardRecords } from "./walk.js";

/** Where a JSON's entry is. */
export interface JsonPlace {
  /** Its first header: a PAX or long-name one, if it has one. */
  readonly start: number;
  readonly name: string;
}

/** Bytes before a header in which its PAX or long-name headers are looked for: a name of 4 KiB and more twice. */
const LEAD_BYTES = 16_384;
/** A name that fills its field may be the beginning of a longer one, which a header before it tells. */
const FULL_NAME_CHARACTERS = 99;

/**
 * The JSON whose own header lies somewhere; undefined where it is another entry's.
 * @param block the 512 bytes there, a sound header
 */
export async function jsonAt(
  source: ByteSource,
  offset: number,
  block: Uint8Array,
): Promise<JsonPlace | undefined> {
  const header = readTarHeader(block);
  if ("fault" in header || !isFile(header) || header.size === 0) return undefined;
  const isFull = header.name.length >= FULL_NAME_CHARACTERS;
  if (!isFull && kindOf(header.name) !== "json") return undefined;
  const start = await firstHeader(source, offset);
  const name = isFull ? await nameAt(source, start) : header.name;
  return kindOf(name) === "json" ? { start, name } : undefined;
}

/**
 * The record of a JSON: with the image right behind it, else with the one of its name a little before or behind.
 * @returns undefined where there is none, or something is wrong with it
 */
export async function recordAt(
  shard: Shard,
  source: ByteSource,
  json: JsonPlace,
): Promise<ImageRecord | undefined> {
  const near = await recordFrom(shard, source, json.start, json, 1);
  if (near !== undefined) return near;
  const image = await imageBefore(source, json);
  if (image !== undefined) {
    const before = await recordFrom(shard, source, image, json, MAX_UNPAIRED);
    if (before !== undefined) return before;
  }
  return recordFrom(shard, source, json.start, json, MAX_UNPAIRED);
}

/** Some bytes, at once where they are near. */
export async function readNear(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  if (source.readSync === undefined) return source.read(offset, length);
  const bytes = new Uint8Array(length);
  source.readSync(offset, bytes);
  return bytes;
}

/** Reads records from a header on until the wanted one comes, or so many other records and problems have. */
async function recordFrom(
  shard: Shard,
  source: ByteSource,
  start: number,
  json: JsonPlace,
  most: number,
): Promise<ImageRecord | undefined> {
  const readImage = async (offset: number, length: number) => {
    const own = await shard.open();
    try {
      return await own.read(offset, length);
    } finally {
      await own.close();
    }
  };
  let others = 0;
  const onProblem = () => {
    if (++others >= most) throw new Enough();
  };
  try {
    for await (const record of shardRecords(source, { shard: shard.name, start, readImage, onProblem })) {
      if (record.jsonOffset === json.start) return record;
      if (++others >= most) return undefined;
    }
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return undefined;
}

/** Thrown to end a reading between two records. */
class Enough extends Error {}

/** Where the entry of a header begins: at the first of the PAX and long-name headers that lead to it. */
async function firstHeader(source: ByteSource, offset: number): Promise<number> {
  const from = Math.max(0, offset - LEAD_BYTES);
  const bytes = await readNear(source, from, offset - from);
  let start = offset;
  for (const at of [...tarHeadersIn(bytes)].reverse()) {
    const header = readTarHeader(bytes.subarray(at, at + TAR_BLOCK_BYTES));
    if ("fault" in header || !"xLK".includes(header.typeFlag)) continue;
    const end = from + at + TAR_BLOCK_BYTES * (1 + Math.ceil(header.size / TAR_BLOCK_BYTES));
    if (end === start) start = from + at;
  }
  return start;
}

async function nameAt(source: ByteSource, start: number): Promise<string> {
  for await (const { name } of tarEntries(source, { start, onDamage: () => {} })) return name;
  return "";
}

/** Where the image of a JSON's name begins before it, among the last headers there. */
async function imageBefore(source: ByteSource, json: JsonPlace): Promise<number | undefined> {
  const stem = stemOf(json.name);
  const first = Math.max(0, json.start - MAX_IMAGE_BYTES - LEAD_BYTES);
  let headers = 0;
  for (let end = json.start; end > first; ) {
    const from = Math.max(first, end - TAR_SEARCH_BYTES);
    const bytes = await readNear(source, from, Math.min(end + TAR_BLOCK_BYTES - 1, json.start) - from);
    for (const at of [...tarHeadersIn(bytes)].reverse()) {
      const header = readTarHeader(bytes.subarray(at, at + TAR_BLOCK_BYTES));
      if ("fault" in header || !isFile(header)) continue;
      const isFull = header.name.length >= FULL_NAME_CHARACTERS;
      const start = isFull ? await firstHeader(source, from + at) : from + at;
      const name = isFull ? await nameAt(source, start) : header.name;
      const kind = kindOf(name);
      if (stemOf(name) === stem && kind !== "json" && kind !== undefined) return start;
      if (++headers > 2 * MAX_UNPAIRED) return undefined;
    }
    end = from;
  }
  return undefined;
}

function isFile({ typeFlag }: TarHeader): boolean {
  return typeFlag === "0" || typeFlag === "7";
}
