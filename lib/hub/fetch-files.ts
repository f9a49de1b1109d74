/** Files of a repository on this machine: from the cache, or downloaded into it, or into a folder of one's own. */
import { enterSnapshot } from "./cache.js";
import type { HubConnection } from "./connection.js";
import { download } from "./download.js";
import { findFile, type HubSnapshot, hasSize, placeOf, planFetch, remoteFile } from "./fetch-plan.js";
import { withLock } from "./lock.js";
import type { HubFile } from "./repository.js";
import { checkSpace } from "./space.js";

/** Downloads at the same time; more only makes the Hub answer 429. */
export const MAX_DOWNLOADS = 4;

/** Where files go, and who hears of it. */
export interface FetchOptions {
  /** A folder that gets the files under their own names, instead of the cache. */
  readonly to?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
}

/** How far all files together are. */
export interface FetchProgress {
  readonly filesDone: number;
  readonly filesTotal: number;
  /** Bytes that are there, those from before included. */
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

/**
 * Fetches files, at most four at once; what is there already is not asked for.
 * @returns their paths, in the order of the files
 * @throws HubError for the first that cannot be had; the others stop, and what has come stays for the next call
 * @example await fetchFiles(hub, { repository, revision: "main", commit }, files, { onProgress });
 */
export async function fetchFiles(
  hub: HubConnection,
  snapshot: HubSnapshot,
  files: readonly HubFile[],
  options: FetchOptions = {},
): Promise<string[]> {
  const { to, onProgress } = options;
  const plan = await planFetch(hub, snapshot, files, to);
  await checkSpace(to ?? hub.cache, plan.bytes - plan.bytesThere);
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const paths: string[] = [];
  let filesDone = 0;
  let bytesDone = 0;
  const tell = (delta: number) => {
    bytesDone += delta;
    onProgress?.({ filesDone, filesTotal: files.length, bytesDone, bytesTotal: plan.bytes });
  };
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < files.length) {
      signal.throwIfAborted();
      const index = next++;
      const file = files[index]!;
      let counted = 0;
      paths[index] = await fetchFile(hub, snapshot, file, {
        to,
        signal,
        onBytes: (delta) => {
          counted += delta;
          tell(delta);
        },
      });
      filesDone++;
      tell(file.size - counted);
    }
  };
  const workers = Array.from({ length: Math.min(MAX_DOWNLOADS, files.length) }, () =>
    worker().catch((error) => {
      stop.abort(error);
      throw error;
    }),
  );
  const ended = await Promise.allSettled(workers);
  options.signal?.throwIfAborted();
  if (stop.signal.aborted) throw stop.signal.reason;
  const failed = ended.find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return paths;
}

/**
 * Fetches one file; two processes that ask for it at the same time download it once.
 * @returns its path
 * @throws HubError
 */
export async function fetchFile(
  hub: HubConnection,
  snapshot: HubSnapshot,
  file: HubFile,
  options: {
    readonly to?: string | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly onBytes?: ((delta: number) => void) | undefined;
  } = {},
): Promise<string> {
  const { to, onBytes } = options;
  const there = await findFile(hub, snapshot, file, to);
  if (there !== undefined) return there;
  const place = placeOf(hub, snapshot, file, to);
  await withLock(
    place.lock,
    async (signal) => {
      if (await hasSize(place.whole, file.size)) return;
      await download(hub, remoteFile(hub, snapshot, file), place.whole, {
        partial: place.partial,
        signal,
        onBytes,
      });
    },
    { process: hub.process, signal: options.signal },
  );
  if (to !== undefined) return place.whole;
  return enterSnapshot(hub.cache, snapshot.repository, snapshot.commit, file, snapshot.revision);
}
