/**
 * How requests go out: to which Hub, with which token, with what patience.
 *
 * A connection made by `connectHub` sends the token to the Hub's own origin and nowhere else; one made by `connectWeb`
 * has none, and serves plain addresses.
 */
import { randomUUID } from "node:crypto";
import { Random } from "../core/index.js";
import { currentSettings, type Settings } from "../io/index.js";
import { HubError } from "./errors.js";
import type { ProcessIdentity } from "./lock.js";
import { defaultRetryPolicy, type RetryPolicy } from "./retry.js";
import { hubToken } from "./token.js";

/** The part of the standard `fetch` that is used. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/** Where and how to ask. */
export interface WebConnection {
  /** The address of the Hub without a slash at the end; absent for plain addresses. */
  readonly endpoint?: string;
  /** The one origin that gets the token. */
  readonly origin?: string;
  readonly token?: string;
  readonly fetch: FetchFunction;
  readonly retry: RetryPolicy;
  /** Jitter of the pauses: it decides when something is asked again, never what comes out. */
  readonly random: Random;
  /** Lets a lock whose holder was killed be taken at once. */
  readonly process?: ProcessIdentity;
}

/** A connection to a Hub, with the cache that belongs to it. */
export interface HubConnection extends WebConnection {
  readonly endpoint: string;
  readonly origin: string;
  /** The cache's folder, in the layout of Python's huggingface_hub. */
  readonly cache: string;
}

/** What a program may set; everything has a default. */
export interface ConnectionOptions {
  readonly fetch?: FetchFunction | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Seeds the jitter; a seed of its own for each connection where it is left out. */
  readonly seed?: number | string | undefined;
  readonly process?: ProcessIdentity | undefined;
}

/**
 * A connection to the Hub that the settings name.
 * @param options.settings by default what `currentSettings()` gives
 * @throws HubError where the endpoint is no http address, or the token cannot be one
 * @example const hub = await connectHub();
 */
export async function connectHub(
  options: ConnectionOptions & { readonly settings?: Settings | undefined } = {},
): Promise<HubConnection> {
  const settings = options.settings ?? currentSettings();
  const endpoint = settings.hubEndpoint;
  const { origin } = checkEndpoint(endpoint);
  const token = await hubToken(settings);
  return {
    ...connectWeb(options),
    endpoint,
    origin,
    cache: settings.hubCache,
    ...(token === undefined ? {} : { token }),
  };
}

/** A connection for plain addresses: no token, the same patience. */
export function connectWeb(options: ConnectionOptions = {}): WebConnection {
  return {
    // looked up at each call, so that a `fetch` that was replaced counts
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    retry: { ...defaultRetryPolicy, ...options.retry },
    random: new Random(options.seed ?? randomUUID()),
    ...(options.process === undefined ? {} : { process: options.process }),
  };
}

function checkEndpoint(endpoint: string): URL {
  try {
    const url = new URL(endpoint);
    if (/^https?:$/.test(url.protocol) && url.username === "" && url.password === "") return url;
  } catch {}
  throw new HubError(
    "wrong answer",
    "Cannot reach the Hub: HF_ENDPOINT is an http or https address without a user's name, got another",
  );
}
