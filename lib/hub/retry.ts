/**
 * Trying again: when, how often, and after which pause.
 *
 * Exponential back-off with jitter, so that many machines that were cut off together do not come back together.
 * `Retry-After` is honoured in both of its forms; a date is measured against the answer's own `Date`, on the server's
 * clock, so that a wrong clock here does not matter.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../core/index.js";
import { HubError, PassingError } from "./errors.js";

/** How patient a connection is. */
export interface RetryPolicy {
  /** Tries in a row that bring nothing before the last failure is reported. */
  readonly tries: number;
  /** The pause after the first failure; it doubles with each further one. */
  readonly firstPauseMilliseconds: number;
  /** The longest pause of our own choosing. */
  readonly longestPauseMilliseconds: number;
  /** The longest pause that a server may ask for; a longer one is reported instead of waited for. */
  readonly longestRetryAfterMilliseconds: number;
  /** A server that sends no byte for this long is taken as gone. */
  readonly stallMilliseconds: number;
}

/** Half a minute without a byte is no slow line any more; eight tries span about two minutes. */
export const defaultRetryPolicy: RetryPolicy = {
  tries: 8,
  firstPauseMilliseconds: 500,
  longestPauseMilliseconds: 60_000,
  longestRetryAfterMilliseconds: 300_000,
  stallMilliseconds: 30_000,
};

/** Statuses that pass: too many requests, a timeout, a server or gateway in trouble. */
export const passingStatuses: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Failures of a certificate do not pass. */
const LASTING = /CERT|SIGNATURE|ERR_TLS|ERR_SSL|EPROTO|ERR_INVALID|UND_ERR_INVALID/;

/** Waits, and ends early by throwing the signal's reason. */
async function waitFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, signal === undefined ? {} : { signal }).catch((reason) => {
    signal?.throwIfAborted();
    throw reason;
  });
}

/** Counts the tries in a row that brought nothing. */
export class Attempts {
  readonly #policy: RetryPolicy;
  readonly #random: Random;
  readonly #wait: typeof waitFor;
  #failures = 0;

  /**
   * @param random gives the jitter
   * @param wait passes the time
   */
  constructor(
    policy: RetryPolicy,
    random: Random,
    wait: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void> = waitFor,
  ) {
    this.#policy = policy;
    this.#random = random;
    this.#wait = wait;
  }

  /** Says that something new came: the next failure is the first again. */
  progressed(): void {
    this.#failures = 0;
  }

  /**
   * Waits before the next try.
   * @throws the error itself where it does not pass, or the tries are used up; the signal's reason where it stops
   */
  async failed(error: unknown, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (!(error instanceof PassingError)) throw error;
    this.#failures++;
    if (this.#failures >= this.#policy.tries) {
      const count = this.#failures === 1 ? "" : ` (${this.#failures} tries)`;
      throw new HubError("unreachable", `${error.message}${count}`, {
        cause: error,
        ...(error.status !== undefined ? { status: error.status } : {}),
      });
    }
    await this.#wait(this.#pauseMilliseconds(error), signal);
  }

  #pauseMilliseconds(error: PassingError): number {
    const { firstPauseMilliseconds, longestPauseMilliseconds, longestRetryAfterMilliseconds } = this.#policy;
    const asked = error.retryAfterMilliseconds ?? 0;
    if (asked > longestRetryAfterMilliseconds)
      throw new HubError(
        "unreachable",
        `${error.message}; it asks for a pause of ${Math.ceil(asked / 1000)} s: try again then`,
        { cause: error },
      );
    const doubled = Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** (this.#failures - 1));
    const jittered = doubled * (0.5 + 0.5 * this.#random.next());
    return asked === 0 ? jittered : asked + jittered - doubled / 2;
  }
}

/**
 * The pause that a `Retry-After` asks for.
 * @param headers of the answer; a date needs its `Date` too
 * @returns milliseconds, 0 or more; undefined where there is none that can be read
 * @example retryAfterMilliseconds(new Headers({ "retry-after": "2" })) // 2000
 */
export function retryAfterMilliseconds(headers: Headers): number | undefined {
  const text = headers.get("retry-after")?.trim();
  if (text === undefined) return undefined;
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return 1000 * Number(text);
  if (!/^[A-Z][a-z]{2}.*GMT$/.test(text)) return undefined;
  const wait = Date.parse(text) - Date.parse(headers.get("date") ?? "");
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

/**
 * A failure of the connection, as the kind of error it is.
 * @param what was read
 * @param error what `fetch`, or reading its body, threw
 */
export function connectionError(what: string, error: unknown): Error {
  if (error instanceof HubError) return error;
  const causes = [error, (error as { cause?: unknown } | null)?.cause].filter((one) => one instanceof Error);
  const code = causes.map((one) => (one as NodeJS.ErrnoException).code).find((one) => one !== undefined);
  const reason = String(code ?? causes.at(-1)?.message ?? error);
  const message = `Cannot read ${what}: a connection is needed, got ${reason}`;
  return LASTING.test(reason)
    ? new HubError("unreachable", message, { cause: error })
    : new PassingError(message, { cause: error });
}
