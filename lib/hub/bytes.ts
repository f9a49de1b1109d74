/**
 * The bytes of a file behind HTTP, with every cut mended by asking for the rest.
 *
 * A server may ignore a range and begin again; so each piece says where it belongs, and whoever takes the pieces sees
 * a step back and decides: a download starts anew, a stream passes over what it already gave.
 */
import type { WebConnection } from "./connection.js";
import { HubError, PassingError, type Subject } from "./errors.js";
import { request, stalled } from "./request.js";
import { Attempts, connectionError } from "./retry.js";

/** A file, and what is known of it. */
export interface RemoteFile {
  readonly url: string;
  readonly subject: Subject;
  /** Its size in bytes; learned from the first answer where it is left out. */
  readonly size?: number | undefined;
}

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

/** A part that lies further in than this is not fetched from a server that only gives whole files. */
const MAX_SKIPPED_BYTES: number = 8 << 20;

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

/** The file is not any more the one whose first bytes are there. */
class ChangedError extends PassingError {}

/** A store refuses an address that it gave out some time ago. */
function expired(error: unknown): boolean {
  return error instanceof HubError && [400, 401, 403, 404, 410].includes(error.status ?? 0);
}

interface Opened {
  readonly response: Response;
  readonly url: string;
  readonly offset: number;
  readonly size: number | undefined;
  readonly etag: string | undefined;
  readonly isPart: boolean;
}

async function openAt(
  connection: WebConnection,
  file: RemoteFile,
  known: number | undefined,
  at: number,
  end: number | undefined,
  etag: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Opened> {
  const { what } = file.subject;
  const whole = at === 0 && (end === undefined || end === known);
  const headers: Record<string, string> = whole
    ? {}
    : {
        range: `bytes=${at}-${end === undefined ? "" : end - 1}`,
        ...(etag === undefined ? {} : { "if-range": etag }),
      };
  const { response, url } = await request(connection, file.url, file.subject, { headers, signal }).catch(
    (error) => {
      throw error instanceof HubError && error.status === 416 && at > 0
        ? new ChangedError(`Cannot read ${what}: byte ${at} is needed, but the file is shorter now`)
        : error;
    },
  );
  try {
    checkIsFile(response, url, file);
    const tag = strongTag(response.headers);
    const isOther = etag !== undefined && tag !== undefined && tag !== etag;
    if (response.status === 206) {
      const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "");
      if (range === null || Number(range[1]) !== at)
        throw new HubError(
          "wrong answer",
          `Cannot read ${what}: the bytes from ${at} on are needed, got others`,
        );
      if (isOther)
        throw new ChangedError(`Cannot read ${what}: it changed while it was read; the rest of it is needed`);
      const total = range[3] === "*" ? known : Number(range[3]);
      checkSize(what, known, total);
      return { response, url, etag: tag ?? etag, offset: at, size: total, isPart: true };
    }
    const length = response.headers.get("content-length");
    const total = length === null ? undefined : Number(length);
    checkSize(what, isOther ? file.size : known, total);
    if (end !== undefined && at > MAX_SKIPPED_BYTES)
      throw new HubError(
        "wrong answer",
        `Cannot read a part of ${what}: a server that serves ranges is needed, got the whole file; download it first`,
      );
    return {
      response,
      url,
      etag: tag,
      offset: 0,
      size: file.size ?? (isOther ? total : (known ?? total)),
      isPart: false,
    };
  } catch (error) {
    await response.body?.cancel().catch(() => {});
    throw error;
  }
}

function checkIsFile(response: Response, url: string, file: RemoteFile): void {
  const isPage = /^text\/html/i.test(response.headers.get("content-type") ?? "");
  if (isPage && !/\.html?($|[?#])/i.test(file.url))
    throw new HubError(
      "wrong answer",
      `Cannot read ${file.subject.what}: the file itself is needed, got a web page from ${new URL(url).host}; is there a proxy, or a page to log in to, in between?`,
    );
}

function checkSize(what: string, promised: number | undefined, told: number | undefined): void {
  if (promised !== undefined && told !== undefined && told !== promised)
    throw new HubError(
      "wrong bytes",
      `Cannot read ${what}: ${promised} bytes were promised, but the server announces ${told}`,
    );
}

function strongTag(headers: Headers): string | undefined {
  const tag = headers.get("etag");
  return tag?.startsWith('"') ? tag : undefined;
}

/** A body in the chunks in which it comes; a pause of the reader is none of the server's. */
async function* bodyOf(
  response: Response,
  connection: WebConnection,
  subject: Subject,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { stallMilliseconds } = connection.retry;
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  // the reader is ended rather than raced against: a promise that waits for the end would keep every chunk
  let ended: unknown;
  const end = (reason: unknown) => {
    ended ??= reason;
    reader.cancel().catch(() => {});
  };
  const onAbort = () => end(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      signal?.throwIfAborted();
      const timer = setTimeout(
        () => end(new PassingError(stalled(subject.what, stallMilliseconds))),
        stallMilliseconds,
      );
      const read = await reader.read().finally(() => clearTimeout(timer));
      if (ended !== undefined) throw ended;
      if (read.done) return;
      yield read.value;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw connectionError(subject.what, error);
  } finally {
    signal?.removeEventListener("abort", onAbort);
    await reader.cancel().catch(() => {});
  }
}
