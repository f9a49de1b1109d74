/**
 * The bytes of a file behind HTTP, with every cut mended by asking for the rest.
 *
 * A server may ignore a range and begin again; so each piece says where it belongs, and whoever takes the pieces sees
 * a step back and decides: a download starts anew, a stream passes over what it already gave.
 */
import { bodyOf } from "./body.js";
import type { WebConnection } from "./connection.js";
import { HubError, PassingError } from "./errors.js";
import { ChangedError, openAt, type RemoteFile } from "./open-part.js";
import { Attempts } from "./retry.js";

/** Some bytes, and where they belong. */
export interface Piece {
  /** Bytes from the start of the file; lower than expected where the server began again. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** The file's size as far as it is known. */
  readonly size: number | undefined;
  /** The strong entity tag that came with them. */
  readonly etag: string | undefined;
}

/** What part of a file is wanted. */
export interface PieceOptions {
  readonly start?: number;
  /** One past the last byte; the file's end where it is left out. */
  readonly end?: number;
  /** The entity tag of the bytes that are there: another one makes the server begin again. */
  readonly etag?: string | undefined;
  /** Keeps the store's address from one call to the next, so that the Hub is not asked each time. */
  readonly relay?: { address?: string | undefined };
  readonly signal?: AbortSignal | undefined;
}

/**
 * The pieces of a file, or of a part of it, in their order.
 * @throws HubError where tries are used up, the answer is not the file, or its size is not the one that was promised
 */
export async function* pieces(
  connection: WebConnection,
  file: RemoteFile,
  options: PieceOptions = {},
): AsyncGenerator<Piece, void, undefined> {
  const { signal, relay = {} } = options;
  const attempts = new Attempts(connection.retry, connection.random);
  const part = { start: options.start ?? 0, end: options.end };
  let { etag } = options;
  let { size } = file;
  let at = part.start;
  let furthest = at;
  while (at < (part.end ?? size ?? Number.POSITIVE_INFINITY)) {
    const url = relay.address ?? file.url;
    try {
      const answer = await openAt(connection, { ...file, url }, size, at, part.end, etag, signal);
      // a store's address serves the parts to come as well, until it expires
      relay.address = answer.url === file.url ? undefined : answer.url;
      ({ etag, size } = answer);
      at = answer.offset;
      for await (const bytes of bodyOf(answer.response, connection, file.subject, signal)) {
        const limit = answer.isPart ? (part.end ?? size) : size;
        if (limit !== undefined && at + bytes.length > limit)
          throw new HubError(
            "wrong bytes",
            `Cannot read ${file.subject.what}: ${limit} bytes were promised, got more`,
          );
        yield { offset: at, bytes, size, etag };
        at += bytes.length;
        if (at <= furthest) continue;
        furthest = at;
        attempts.progressed();
        // a whole file is read to the end of its body, to see that nothing is behind it
        if (at >= (part.end ?? Number.POSITIVE_INFINITY)) break;
      }
      if (size === undefined) return;
      if (at < (part.end ?? size))
        throw new PassingError(
          `Cannot read ${file.subject.what}: the connection ended at byte ${at} of ${size}`,
        );
    } catch (error) {
      if (url !== file.url && expired(error)) {
        relay.address = undefined;
        continue;
      }
      if (error instanceof ChangedError && part.end === undefined && at > 0) {
        at = 0;
        etag = undefined;
        size = file.size;
      }
      await attempts.failed(error, signal);
    }
  }
}

/** A store refuses an address that it gave out some time ago. */
function expired(error: unknown): boolean {
  return error instanceof HubError && [400, 401, 403, 404, 410].includes(error.status ?? 0);
}
