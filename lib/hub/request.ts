/**
 * One request, its redirects followed by hand.
 *
 * The Hub answers a file's address with a redirect to a store on another host. The token goes to the Hub's own origin
 * (scheme, host and port) only; `fetch` itself would have to be trusted with that, so it is not left to it.
 */
import type { WebConnection } from "./connection.js";
import { HubError, PassingError, refusal, type Subject } from "./errors.js";
import { connectionError, passingStatuses, retryAfterMilliseconds } from "./retry.js";

/** The Hub needs one or two hops; more is a circle. */
export const MAX_REDIRECTS = 5;

/** What one request takes. */
export interface RequestOptions {
  readonly method?: "GET" | "HEAD" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

/** A sound answer (200 to 299), its body unread, and where it came from in the end. */
export interface Answer {
  readonly response: Response;
  /** The address behind all redirects. */
  readonly url: string;
}

/**
 * Sends one request, without another try.
 * @throws PassingError where another try may help; HubError where it will not; the signal's reason where it stops
 */
export async function request(
  connection: WebConnection,
  url: string,
  subject: Subject,
  options: RequestOptions = {},
): Promise<Answer> {
  let address = webAddress(url, subject);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const isHub = address.origin === connection.origin;
    const response = await ask(connection, address, subject, options, isHub);
    if (![301, 302, 303, 307, 308].includes(response.status)) {
      if (response.ok) return { response, url: address.href };
      await response.body?.cancel().catch(() => {});
      throw failure(response, address, subject, connection, isHub);
    }
    await response.body?.cancel().catch(() => {});
    address = redirected(response, address, subject, options.method ?? "GET");
  }
  throw new HubError(
    "wrong answer",
    `Cannot read ${subject.what}: at most ${MAX_REDIRECTS} redirects are followed, got more`,
  );
}

async function ask(
  connection: WebConnection,
  address: URL,
  subject: Subject,
  options: RequestOptions,
  isHub: boolean,
): Promise<Response> {
  const { stallMilliseconds } = connection.retry;
  const gone = new AbortController();
  const timer = setTimeout(
    () => gone.abort(new PassingError(stalled(subject.what, stallMilliseconds))),
    stallMilliseconds,
  );
  const signal = options.signal === undefined ? gone.signal : AbortSignal.any([options.signal, gone.signal]);
  try {
    return await connection.fetch(address.href, {
      method: options.method ?? "GET",
      redirect: "manual",
      headers: {
        // anything else would hide how many bytes come, and which
        "accept-encoding": "identity",
        ...options.headers,
        ...(isHub && connection.token !== undefined ? { authorization: `Bearer ${connection.token}` } : {}),
      },
      ...(options.body === undefined ? {} : { body: options.body }),
      signal,
    });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw connectionError(subject.what, error);
  } finally {
    clearTimeout(timer);
  }
}

/** What a message says of a server that sends nothing. */
export function stalled(what: string, milliseconds: number): string {
  return `Cannot read ${what}: a byte is needed at least every ${milliseconds / 1000} s, got none`;
}

function failure(
  response: Response,
  address: URL,
  subject: Subject,
  connection: WebConnection,
  isHub: boolean,
): HubError {
  const { status, headers } = response;
  if (passingStatuses.has(status)) {
    const retryAfter = retryAfterMilliseconds(headers);
    return new PassingError(
      `Cannot read ${subject.what}: an answer of 200 is needed, got ${status} from ${address.host}`,
      { status, ...(retryAfter === undefined ? {} : { retryAfterMilliseconds: retryAfter }) },
    );
  }
  return refusal({ status, headers, url: address.href }, subject, {
    token: connection.token,
    isHub,
    ...(connection.endpoint === undefined ? {} : { endpoint: connection.endpoint }),
  });
}

function redirected(response: Response, from: URL, subject: Subject, method: string): URL {
  const location = response.headers.get("location");
  const wrong = (got: string) =>
    new HubError(
      "wrong answer",
      `Cannot read ${subject.what}: a redirect to a web address is needed, ${got}`,
    );
  if (location === null || !URL.canParse(location, from)) throw wrong("got none that can be read");
  const to = new URL(location, from);
  if (!/^https?:$/.test(to.protocol)) throw wrong(`got one to ${to.protocol}`);
  if (from.protocol === "https:" && to.protocol === "http:") throw wrong("got one from https to http");
  if (method === "POST" && response.status < 307) throw wrong(`got ${response.status} to a question by POST`);
  return to;
}

function webAddress(url: string, subject: Subject): URL {
  if (URL.canParse(url) && /^https?:/.test(url)) return new URL(url);
  throw new HubError("wrong answer", `Cannot read ${subject.what}: an http or https address is needed`);
}
