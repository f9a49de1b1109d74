/**
 * The way to the server: what the `openai` package sends, less what the endpoint was not told to get.
 *
 * The package adds facts about this machine to every request, and headers that OPENAI_CUSTOM_HEADERS of the environment
 * names; neither goes out. Redirects are not followed, so that pictures go to the address that was named and nowhere
 * else; a body may not grow without end.
 */

/** Headers that go out. */
const SENT_HEADERS = ["accept", "authorization", "content-type"];
/** Bytes of an answer: some thousand tokens are a few kilobytes, and each piece of a stream costs half of one. */
export const MOST_BODY_BYTES: number = 8 << 20;

/**
 * `fetch` with the guards above.
 * @param sendsKey false keeps the authorization header back: there is no key
 * @throws TypeError where a body is too long
 */
export function guardedFetch(
  sendsKey: boolean,
): (url: string | URL | Request, init?: RequestInit) => Promise<Response> {
  return async (url, init = {}) => {
    const all = new Headers(init.headers);
    const headers = new Headers();
    for (const name of SENT_HEADERS) {
      const value = all.get(name);
      if (value !== null && (sendsKey || name !== "authorization")) headers.set(name, value);
    }
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    if (response.body === null) return response;
    let bytes = 0;
    const limited = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          bytes += chunk.length;
          if (bytes > MOST_BODY_BYTES)
            controller.error(
              new TypeError(`Cannot read an answer: at most ${MOST_BODY_BYTES} bytes are read, got more`),
            );
          else controller.enqueue(chunk);
        },
      }),
    );
    const { status, statusText } = response;
    const body = response.ok ? limited : errorBody(await new Response(limited).text());
    return new Response(body, { status, statusText, headers: response.headers });
  };
}

/** Older vLLM, and FastAPI around it, write an error without OpenAI's envelope; the package would drop its words. */
function errorBody(text: string): string {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null && !("error" in json)
      ? JSON.stringify({ error: json })
      : text;
  } catch {
    return text;
  }
}
