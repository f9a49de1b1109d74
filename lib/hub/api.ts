/** Questions to the Hub's API: our tries, token and redirects under the Hub's own library. */
import type { HubConnection } from "./connection.js";
import { HubError, type Subject } from "./errors.js";
import { request } from "./request.js";
import { Attempts, connectionError } from "./retry.js";

/** An answer of the API is a page of a listing: some hundred kB. */
const MAX_API_BYTES: number = 64 << 20;

/**
 * A `fetch` for the Hub's library; the body is read before it counts as an answer.
 * @param isList whether the answer is a list or one object; another is an error
 */
export function apiFetch(
  hub: HubConnection,
  subject: Subject,
  isList: boolean,
  signal: AbortSignal | undefined,
): typeof fetch {
  return async (input, init = {}) => {
    const url = String(input);
    if (new URL(url).origin !== hub.origin)
      throw new HubError(
        "wrong answer",
        `Cannot read the listing of ${subject.what}: its next page on ${hub.endpoint} is needed, got one on another host`,
      );
    const attempts = new Attempts(hub.retry, hub.random);
    for (;;)
      try {
        const { response } = await request(hub, url, subject, {
          method: init.method === "POST" ? "POST" : "GET",
          headers: {
            accept: "application/json",
            ...(init.method === "POST" ? { "content-type": "application/json" } : {}),
          },
          ...(typeof init.body === "string" ? { body: init.body } : {}),
          signal,
        });
        return await jsonOf(response, hub, subject, isList);
      } catch (error) {
        await attempts.failed(error, signal);
      }
  };
}

async function jsonOf(
  response: Response,
  hub: HubConnection,
  subject: Subject,
  isList: boolean,
): Promise<Response> {
  const { headers } = response;
  const type = headers.get("content-type") ?? "no content type";
  const wrong = (got: string) =>
    new HubError(
      "wrong answer",
      `Cannot read ${subject.what}: JSON from ${hub.endpoint} is needed, got ${got}; is it a Hub, or is a proxy in between?`,
    );
  if (!/^application\/json\b/i.test(type)) {
    await response.body?.cancel().catch(() => {});
    throw wrong(/^text\/html/i.test(type) ? "a web page" : type.slice(0, 60));
  }
  const text = await readText(response, subject);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong("text that is none");
  }
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (Array.isArray(value) !== isList || parts.some((part) => typeof part !== "object" || part === null))
    throw wrong(`another value than ${isList ? "a list of files" : "a description"}`);
  return new Response(text, { headers: { "content-type": type, link: headers.get("link") ?? "" } });
}

async function readText(response: Response, subject: Subject): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of response.body ?? []) {
      length += part.length;
      if (length > MAX_API_BYTES)
        throw new HubError(
          "wrong answer",
          `Cannot read the listing of ${subject.what}: at most ${MAX_API_BYTES} bytes are read, got more`,
        );
      parts.push(part);
    }
  } catch (error) {
    throw connectionError(`the listing of ${subject.what}`, error);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}
