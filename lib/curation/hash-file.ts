/** The SHA-256 of a file. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

const PIECE_BYTES = 2 ** 20;

/** 64 hexadecimal digits; reads the file in pieces, and stops between two. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
    signal?.throwIfAborted();
    hash.update(piece);
  }
  return hash.digest("hex");
}
