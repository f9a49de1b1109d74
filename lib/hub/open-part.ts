/** One request for a file or the rest of it, and whether what is answered is that. */
import type { WebConnection } from "./connection.js";
import { HubError, PassingError, type Subject } from "./errors.js";
import { request } from "./request.js";

/** A file, and what is known of it. */
export interface RemoteFile {
  readonly url: string;
  readonly subject: Subject;
  /** Its size in bytes; learned from the first answer where it is left out. */
  readonly size?: number | undefined;
}

/** A part that lies further in than this is not fetched from a server that only gives whole files. */
const MAX_SKIPPED_BYTES: number = 8 << 20;

/** The file is not any more the one whose first bytes are there. */
export class ChangedError extends PassingError {}

/** An answer whose head was found right: the body is the file's from `offset` on. */
export interface Opened {
  readonly response: Response;
  readonly url: string;
  readonly offset: number;
  readonly size: number | undefined;
  readonly etag: string | undefined;
  readonly isPart: boolean;
}

/**
 * Asks once for a file from a byte on, and checks that the answer is that.
 * @param known the size as far as it is known by now
 * @param end one past the last byte that is wanted
 * @param etag of the bytes that are there already
 */
export async function openAt(
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
