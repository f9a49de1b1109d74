/**
 * Where a vision-language model answers: an address that speaks OpenAI's chat completions (vLLM, SGLang and others).
 *
 * The paper's filters and captions come from Qwen3-VL-4B-Instruct; how it was asked is not published (silence 2), so
 * temperature 0 and a seed are ours.
 */

/** An endpoint and how it is asked; defaults are in brackets. */
export interface VlmEndpoint {
  /** Up to what precedes /chat/completions: "http://127.0.0.1:8000/v1". */
  readonly baseUrl: string;
  /** The name under which the server knows the model: "Qwen/Qwen3-VL-4B-Instruct". */
  readonly model: string;
  /** Sent as a bearer token; none is sent where there is none. */
  readonly apiKey?: string | undefined;
  /** Questions at once (8). */
  readonly concurrency?: number | undefined;
  /** How long one answer may take, to its last byte (120). */
  readonly timeoutSeconds?: number | undefined;
  /** How often one question is sent at the most, where what failed may pass (5). */
  readonly attempts?: number | undefined;
  /** The first wait after what may pass; it doubles each time, up to a minute (1). */
  readonly backoffSeconds?: number | undefined;
  /** Lets the answer come piece by piece; it is judged when it is whole (false). */
  readonly stream?: boolean | undefined;
  /** The longest side of the picture that is sent (768): no picture is enlarged. */
  readonly longestSidePixels?: number | undefined;
  /** The sampler's seed (0); at temperature 0 it decides nothing but what a server leaves to chance. */
  readonly seed?: number | undefined;
}

/** An endpoint with nothing left open. */
export type CompleteEndpoint = {
  readonly [Name in Exclude<keyof VlmEndpoint, "apiKey">]-?: NonNullable<VlmEndpoint[Name]>;
} & Pick<VlmEndpoint, "apiKey">;

const DEFAULTS = {
  ...{ concurrency: 8, timeoutSeconds: 120, attempts: 5, backoffSeconds: 1, stream: false },
  ...{ longestSidePixels: 768, seed: 0 },
} as const;

/**
 * Fills in the defaults.
 * @throws TypeError or RangeError where an address, a name or a number is none
 * @example completeEndpoint({ baseUrl: "http://127.0.0.1:8000/v1", model: "m" }).concurrency // 8
 */
export function completeEndpoint(endpoint: VlmEndpoint): CompleteEndpoint {
  const given = Object.fromEntries(Object.entries(endpoint).filter(([, value]) => value !== undefined));
  const complete = { ...DEFAULTS, ...given } as unknown as CompleteEndpoint;
  checkAddress(complete.baseUrl);
  if (typeof complete.model !== "string" || complete.model.trim() === "")
    throw new TypeError(`Cannot ask a model: its name is needed, got ${JSON.stringify(complete.model)}`);
  for (const name of ["concurrency", "attempts", "longestSidePixels"] as const)
    if (!Number.isSafeInteger(complete[name]) || complete[name] < 1)
      throw new RangeError(
        `Cannot ask a model: ${name} is a whole number from 1, got ${String(complete[name])}`,
      );
  for (const name of ["timeoutSeconds", "backoffSeconds"] as const)
    if (!(complete[name] > 0 && complete[name] <= 86_400))
      throw new RangeError(`Cannot ask a model: ${name} above 0 is needed, got ${String(complete[name])}`);
  if (!Number.isSafeInteger(complete.seed))
    throw new RangeError(`Cannot ask a model: a whole number as seed is needed, got ${complete.seed}`);
  return { ...complete, baseUrl: complete.baseUrl.replace(/\/+$/, "") };
}

/** No message repeats what may be a password or a key. */
function checkAddress(baseUrl: string): void {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const got = /[@?]/.test(baseUrl) ? "another" : JSON.stringify(baseUrl);
    throw new TypeError(`Cannot ask a model: an http or https address is needed, got ${got}`);
  }
  if (url.username !== "" || url.password !== "")
    throw new TypeError(
      "Cannot ask a model: an address without user name and password is needed (the key goes beside it), got one with them",
    );
  if (url.search !== "" || url.hash !== "")
    throw new TypeError(
      `Cannot ask a model: an address without "?" and "#" is needed, since /chat/completions comes behind it, got one with them`,
    );
}

/**
 * The endpoint that an environment names: GPIC_LAB_VLM_URL, GPIC_LAB_VLM_MODEL and, where needed, GPIC_LAB_VLM_KEY and
 * GPIC_LAB_VLM_CONCURRENCY.
 * @param environment such as `process.env`, which the library never reads by itself
 * @returns undefined where no address is set: nothing is asked then
 * @throws TypeError where an address is set without a model's name
 * @example endpointFrom({}) // undefined
 */
export function endpointFrom(environment: {
  readonly [name: string]: string | undefined;
}): VlmEndpoint | undefined {
  const { GPIC_LAB_VLM_URL: baseUrl, GPIC_LAB_VLM_MODEL: model } = environment;
  if (!baseUrl) return undefined;
  if (!model)
    throw new TypeError(
      "Cannot ask a model: GPIC_LAB_VLM_MODEL is needed beside GPIC_LAB_VLM_URL, got no name",
    );
  const concurrency = environment.GPIC_LAB_VLM_CONCURRENCY;
  const endpoint: VlmEndpoint = {
    ...{ baseUrl, model, apiKey: environment.GPIC_LAB_VLM_KEY || undefined },
    concurrency: concurrency ? Number(concurrency) : undefined,
  };
  completeEndpoint(endpoint);
  return endpoint;
}
