/** The SHA-256 of a file of any size. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

const PIECE_BYTES: number = 1 << 20;

/**
 * The SHA-256 of a file, and its size; reads it in pieces.
 * @param options.onBytes is told how many more bytes are hashed
 * @returns 64 hexadecimal digits, and bytes
 * @throws the system's error where it cannot be read; the signal's reason where it stops
 * @example (await hashFile("release/val/gpic_val_00000.tar")).sha256 // "84e366dd9006..."
 */
export async function hashFile(
  path: string,
  {
    signal,
    onBytes,
  }: {
    readonly signal?: AbortSignal | undefined;
    readonly onBytes?: ((delta: number) => void) | undefined;
  } = {},
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
    signal?.throwIfAborted();
    hash.update(piece);
    bytes += piece.length;
    onBytes?.(piece.length);
  }
  signal?.throwIfAborted();
  return { sha256: hash.digest("hex"), bytes };
}
