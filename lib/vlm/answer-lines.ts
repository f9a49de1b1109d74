/** The lines of a file of answers, one after the other: of the file no more than a line and a block is in memory. */
import type { FileHandle } from "node:fs/promises";
import { MOST_BODY_BYTES } from "./guarded-fetch.js";

const BLOCK_BYTES = 1 << 20;
/** No answer's line is longer: JSON may write each byte of a body as six. */
export const MOST_LINE_BYTES: number = 8 * MOST_BODY_BYTES;
const LINE_END = 0x0a;

/** How a file of lines ends. */
export interface LinesEnd {
  readonly bytes: number;
  /** The last line has its end; so has a file without lines. */
  readonly isWhole: boolean;
}

/**
 * Reads a file's lines.
 * @param take gets each line without its end, and where it begins; undefined for one that is too long. Empty ones are left
 *   out. The bytes are another line's after it returns
 */
export async function eachLine(
  handle: FileHandle,
  take: (line: Buffer | undefined, offset: number) => void,
): Promise<LinesEnd> {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  let bytes = 0;
  let begun: Buffer[] = [];
  let begunBytes = 0;
  const end = (piece: Buffer, until: number) => {
    const length = begunBytes + piece.length;
    const line = begun.length === 0 ? piece : Buffer.concat([...begun, piece]);
    if (length > 0) take(length > MOST_LINE_BYTES ? undefined : line, until - length);
    [begun, begunBytes] = [[], 0];
  };
  for (;;) {
    const { bytesRead } = await handle.read(block, 0, BLOCK_BYTES, bytes);
    if (bytesRead === 0) break;
    const read = block.subarray(0, bytesRead);
    let from = 0;
    for (let at = read.indexOf(LINE_END); at >= 0; at = read.indexOf(LINE_END, from)) {
      end(read.subarray(from, at), bytes + at);
      from = at + 1;
    }
    const rest = read.subarray(from);
    begunBytes += rest.length;
    // of a line that is too long nothing is kept but its length
    if (begunBytes > MOST_LINE_BYTES) begun = [];
    else if (rest.length > 0) begun.push(Buffer.from(rest));
    bytes += bytesRead;
  }
  const isWhole = begunBytes === 0;
  end(block.subarray(0, 0), bytes);
  return { bytes, isWhole };
}
