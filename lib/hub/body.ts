/** The body of an answer, chunk by chunk. */
import type { WebConnection } from "./connection.js";
import { PassingError, type Subject } from "./errors.js";
import { stalled } from "./request.js";
import { connectionError } from "./retry.js";

/**
 * A body in the chunks in which it comes, one at a time in memory; a pause of the reader is none of the server's.
 * @throws PassingError where the server stalls or the connection breaks; the signal's reason where it stops
 */
export async function* bodyOf(
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
