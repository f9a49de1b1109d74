/** A file's bytes in one pass, without storing them: every cut is mended, and the sum is checked at the end. */
import { createHash, type Hash } from "node:crypto";
import { pieces } from "./bytes.js";
import type { WebConnection } from "./connection.js";
import { HubError } from "./errors.js";
import type { DownloadFile } from "./partial-file.js";

/**
 * The bytes of a file in their order, each once; the next ones are only read when they are asked for.
 *
 * The hash can only be known at the end: whoever counts what came must not keep the count where this throws.
 * @throws HubError where the file changed on the way, its content has not its hash, or the tries are used up
 * @example for await (const bytes of streamBytes(hub, file)) hash.update(bytes);
 */
export async function* streamBytes(
  connection: WebConnection,
  file: DownloadFile,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { what } = file.subject;
  const hash = createHash("sha256");
  let given = 0;
  let again: { hash: Hash; length: number } | undefined;
  let size = file.size;
  for await (const piece of pieces(connection, file, { signal })) {
    ({ size } = piece);
    let { bytes } = piece;
    if (piece.offset === 0 && given > 0) again = { hash: createHash("sha256"), length: 0 };
    if (again !== undefined) {
      // the server began again: what was given must come again
      const part = bytes.subarray(0, given - again.length);
      again.hash.update(part);
      again.length += part.length;
      bytes = bytes.subarray(part.length);
      if (again.length < given) continue;
      if (again.hash.digest("hex") !== hash.copy().digest("hex"))
        throw new HubError("wrong bytes", `Cannot read ${what}: one file is needed, got parts of two`);
      again = undefined;
    }
    if (bytes.length === 0) continue;
    hash.update(bytes);
    given += bytes.length;
    yield bytes;
  }
  if (size !== undefined && given !== size)
    throw new HubError("wrong bytes", `Cannot read ${what}: ${size} bytes are needed, got ${given}`);
  const found = hash.digest("hex");
  if (file.sha256 !== undefined && found !== file.sha256)
    throw new HubError(
      "wrong bytes",
      `Cannot trust ${what}: content with the hash ${file.sha256} is needed, got ${found}`,
    );
}
