/** The SHA-256 of a file: what weights are known by. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** Bytes that are read at once. */
const PIECE_BYTES: number = 1 << 20;

/**
 * Hashes a file; about a second for a gigabyte.
 * @param options.onBytes is told how many more bytes are done
 * @returns 64 hexadecimal digits
 * @example await fileSha256("empty.txt") // "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
 */
export async function fileSha256(
  path: string,
  options: { readonly signal?: AbortSignal | undefined; readonly onBytes?: (delta: number) => void } = {},
): Promise<string> {
  const { signal, onBytes = () => {} } = options;
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES, signal })) {
    hash.update(piece);
    onBytes(piece.length);
  }
  return hash.digest("hex");
}
