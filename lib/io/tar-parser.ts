/**
 * The one parser of tar archives: from header to header, whoever brings the bytes.
 *
 * Sources: POSIX ustar and pax; the GNU tar manual for long names and old sparse files. An entry is told only once the
 * header behind it has been seen where it must be: bytes that were lost from an entry, or got into it, show there.
 */
import type { Need, Reading } from "./reading.js";
import type { TarDamage } from "./tar-damage.js";
import type { TarEntry, TarFinding } from "./tar-entry.js";
import { isExtension, MAX_TAR_EXTENSION_BYTES, readExtension, type TarExtension } from "./tar-extension.js";
import { readTarHeader, TAR_BLOCK_BYTES, type TarHeader, type TarHeaderFault } from "./tar-header.js";
import {
  afterCut,
  afterFault,
  afterZeros,
  damage,
  firstNonZero,
  type Held,
  keptFrom,
  release,
  TAR_LOOK_BACK_BYTES,
} from "./tar-mending.js";
import { findTarHeader } from "./tar-search.js";

/** Which entries' data are wanted with them; asked for files of at most `TAR_LOOK_BACK_BYTES`. */
export type WantsTarData = (name: string, size: number) => boolean;

/**
 * Reads an archive.
 * @param out takes what is found
 * @param wantsData which entries' data are to be read too
 * @param start where the first header lies, 0 but for readings from the middle
 */
export function* parseTar(out: TarFinding[], wantsData: WantsTarData, start: number = 0): Reading<void> {
  const need: Need = { offset: start, length: TAR_BLOCK_BYTES, keep: start };
  const held: Held = { entry: undefined, from: start, next: start };
  let shared = NOTHING;
  let own = NOTHING;
  let ownStart: number | undefined;
  for (let at = start; ; ) {
    need.offset = at;
    need.length = TAR_BLOCK_BYTES;
    need.keep = keptFrom(held, at);
    const block = yield need;
    const header = block.length < TAR_BLOCK_BYTES ? undefined : headerIn(block);
    if (header === undefined || header === ZEROS || "fault" in header) {
      if (ownStart !== undefined && header === ZEROS)
        out.push(damage("extension-broken", ownStart, "", "an entry behind an extended header", "none"));
      own = NOTHING;
      ownStart = undefined;
      const next =
        header === undefined
          ? yield* afterCut(out, need, held, at, block.length)
          : header === ZEROS
            ? yield* afterZeros(out, need, held, at)
            : yield* afterFault(out, need, held, at, header);
      if (next === undefined) return;
      at = next;
      held.from = next;
      continue;
    }
    release(out, held);
    const { typeFlag } = header;
    const data = at + TAR_BLOCK_BYTES;
    held.from = data;
    if (isExtension(typeFlag)) {
      held.next = data + padded(header.size);
      const extension = yield* extensionAt(need, typeFlag, data, header.size);
      if (extension === undefined) out.push(brokenExtension(at, header));
      else if (typeFlag === "g") shared = { ...shared, ...extension };
      else own = { ...own, ...extension };
      // a header that says it is longer than any archive would swallow all that follows
      if (header.size > MAX_TAR_EXTENSION_BYTES) held.next = (yield* findTarHeader(need, data)) ?? held.next;
      if (typeFlag !== "g") ownStart ??= at;
      at = held.next;
      continue;
    }
    const size = hasData(typeFlag) ? (own.size ?? shared.size ?? header.size) : 0;
    const offset = typeFlag === "S" ? yield* behindSparseMaps(need, data, block) : data;
    const name = own.path ?? shared.path ?? header.name;
    const linkPath = typeFlag === "1" || typeFlag === "2" ? (own.linkPath ?? shared.linkPath) : undefined;
    const type = own.isSparse || shared.isSparse ? "sparse" : typeOf(typeFlag);
    const headerOffset = ownStart ?? at;
    if (type === "file" && size <= TAR_LOOK_BACK_BYTES && wantsData(name, size)) {
      need.offset = offset;
      need.length = size;
      held.entry = { name, type, typeFlag, size, offset, headerOffset, data: copyOf(yield need) };
    } else if (linkPath !== undefined)
      held.entry = { name, type, typeFlag, size, offset, headerOffset, linkPath };
    else held.entry = { name, type, typeFlag, size, offset, headerOffset };
    held.next = offset + padded(size);
    own = NOTHING;
    ownStart = undefined;
    at = held.next;
  }
}

const NOTHING: TarExtension = {};

const ZEROS = "zeros";

function headerIn(block: Uint8Array): TarHeader | TarHeaderFault | typeof ZEROS {
  if (block[0] === 0 && firstNonZero(block) === block.length) return ZEROS;
  return readTarHeader(block);
}

function* extensionAt(
  need: Need,
  typeFlag: string,
  offset: number,
  size: number,
): Reading<TarExtension | undefined> {
  if (size > MAX_TAR_EXTENSION_BYTES) return undefined;
  need.offset = offset;
  need.length = size;
  const data = yield need;
  return data.length < size ? undefined : readExtension(typeFlag, data);
}

function brokenExtension(at: number, header: TarHeader): TarDamage {
  return header.size > MAX_TAR_EXTENSION_BYTES
    ? damage(
        "extension-broken",
        at,
        header.name,
        `an extended header of at most ${MAX_TAR_EXTENSION_BYTES} bytes`,
        String(header.size),
      )
    : damage("extension-broken", at, header.name, `records "LENGTH KEY=VALUE"`, "another shape");
}

/** GNU's old sparse files have more blocks of their map between header and data, each saying whether one more follows. */
function* behindSparseMaps(need: Need, data: number, header: Uint8Array): Reading<number> {
  let at = data;
  for (let isMore = header[482] === 1; isMore; at += TAR_BLOCK_BYTES) {
    need.offset = at;
    need.length = TAR_BLOCK_BYTES;
    const block = yield need;
    isMore = block[504] === 1;
  }
  return at;
}

const POOL_BYTES = 1 << 16;
let pool = new Uint8Array(0);
let pooled = 0;

/** A copy; small ones share memory, as each piece of memory of its own costs more than a JSON's bytes do. */
function copyOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length > POOL_BYTES / 16) return new Uint8Array(bytes);
  if (pooled + bytes.length > pool.length) {
    pool = new Uint8Array(POOL_BYTES);
    pooled = 0;
  }
  const copy = pool.subarray(pooled, pooled + bytes.length);
  pooled += bytes.length;
  copy.set(bytes);
  return copy;
}

/** Links, devices and folders may state a size, but nothing lies behind their header. */
function hasData(flag: string): boolean {
  return !"123456".includes(flag);
}

function typeOf(flag: string): TarEntry["type"] {
  if (flag === "0" || flag === "7") return "file";
  if (flag === "5") return "directory";
  if (flag === "S") return "sparse";
  return flag === "1" || flag === "2" ? "link" : "other";
}

function padded(size: number): number {
  return Math.ceil(size / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
}
