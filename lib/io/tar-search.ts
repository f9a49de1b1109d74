/** Finds the next header in an archive that is damaged: by its magic word, then by its checksum. */
import type { Need, Reading } from "./reading.js";
import { readTarHeader, TAR_BLOCK_BYTES } from "./tar-header.js";

/** Bytes looked through at once: enough that a search runs at the speed of the disk, little beside any image. */
export const TAR_SEARCH_BYTES: number = 1 << 18;

const MAGIC = Buffer.from("ustar");
/** Where the magic word lies in a header. */
const MAGIC_OFFSET = 257;

/**
 * The first sound header at or behind a byte, at any offset: lost bytes move all that follows off the grid of blocks.
 * Headers from before POSIX carry no magic word, and are not found.
 * @param need the reader's question, used again
 * @param from first byte at which the header may begin
 * @returns where it begins; undefined where there is none up to the source's end
 */
export function* findTarHeader(need: Need, from: number): Reading<number | undefined> {
  for (let at = from; ; ) {
    need.offset = at;
    need.length = TAR_SEARCH_BYTES;
    need.keep = at;
    const bytes = yield need;
    const found = tarHeadersIn(bytes).next();
    if (!found.done) return at + found.value;
    if (bytes.length < TAR_SEARCH_BYTES) return undefined;
    at += TAR_SEARCH_BYTES - TAR_BLOCK_BYTES + 1;
  }
}

/** Where sound headers begin that lie in the bytes as a whole. */
export function* tarHeadersIn(bytes: Uint8Array): Generator<number, void, undefined> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let hit = buffer.indexOf(MAGIC, MAGIC_OFFSET); hit !== -1; hit = buffer.indexOf(MAGIC, hit + 1)) {
    const start = hit - MAGIC_OFFSET;
    if (start + TAR_BLOCK_BYTES > bytes.length) return;
    if (!("fault" in readTarHeader(bytes.subarray(start, start + TAR_BLOCK_BYTES)))) yield start;
  }
}
