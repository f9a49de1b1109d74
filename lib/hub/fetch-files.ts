/** Files of a repository on this machine: from the cache, or downloaded into it, or into a folder of one's own. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { blobLockPath, blobPath, cachedFile, enterSnapshot } from "./cache.js";
import type { HubConnection } from "./connection.js";
import { type DownloadFile, download } from "./download.js";
import { HubError } from "./errors.js";
import { withLock } from "./lock.js";
import { fileAddress, type HubFile, type HubRepository, isSafePath, subjectOf } from "./repository.js";
import { checkSpace } from "./space.js";

/** Downloads at the same time; more only makes the Hub answer 429. */
export const MAX_DOWNLOADS = 4;

/** A repository at a commit. */
export interface HubSnapshot {
  readonly repository: HubRepository;
  /** What was asked for: "main". */
  readonly revision: string;
  readonly commit: string;
}

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

/** What is there of some files before anything is fetched. */
export interface FetchPlan {
  readonly files: readonly HubFile[];
  readonly bytes: number;
  /** Whole files that are there. */
  readonly filesThere: number;
  /** Their bytes, and those of partial files. */
  readonly bytesThere: number;
}

/**
 * Looks what of some files is there already; reads sizes, asks nobody.
 * @throws HubError where a file of another size has the name of one in `to`
 */
export async function planFetch(
  hub: HubConnection,
  snapshot: HubSnapshot,
  files: readonly HubFile[],
  to?: string,
): Promise<FetchPlan> {
  let filesThere = 0;
  let bytesThere = 0;
  let bytes = 0;
  for (const file of files) {
    bytes += file.size;
    if ((await findFile(hub, snapshot, file, to)) !== undefined) {
      filesThere++;
      bytesThere += file.size;
      continue;
    }
    const partial = await stat(placeOf(hub, snapshot, file, to).partial).catch(() => undefined);
    bytesThere += Math.min(partial?.size ?? 0, file.size);
  }
  return { files, bytes, filesThere, bytesThere };
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

/** A file's address and the sums that its content must have. */
export function remoteFile(hub: HubConnection, snapshot: HubSnapshot, file: HubFile): DownloadFile {
  const { repository, commit } = snapshot;
  return {
    url: fileAddress(hub, repository, commit, file.path),
    subject: subjectOf(hub, repository, file.path),
    size: file.size,
    sha256: file.sha256,
    gitOid: file.gitOid,
  };
}

async function findFile(
  hub: HubConnection,
  snapshot: HubSnapshot,
  file: HubFile,
  to: string | undefined,
): Promise<string | undefined> {
  if (to === undefined) return cachedFile(hub.cache, snapshot.repository, snapshot.commit, file);
  const { whole } = placeOf(hub, snapshot, file, to);
  const there = await stat(whole).catch(() => undefined);
  if (there === undefined) return undefined;
  if (there.isFile() && there.size === file.size) return whole;
  throw new HubError(
    "cache",
    `Cannot write ${whole}: ${file.size} bytes belong there, got a file of ${there.size}; move it away, or choose another folder`,
  );
}

function placeOf(hub: HubConnection, snapshot: HubSnapshot, file: HubFile, to: string | undefined) {
  if (to === undefined) {
    const whole = blobPath(hub.cache, snapshot.repository, file);
    return {
      whole,
      partial: `${whole}.incomplete`,
      lock: blobLockPath(hub.cache, snapshot.repository, file),
    };
  }
  if (!isSafePath(file.path))
    throw new HubError("cache", `Cannot write ${JSON.stringify(file.path)}: a path below ${to} is needed`);
  const whole = join(to, ...file.path.split("/"));
  return { whole, partial: `${whole}.incomplete`, lock: `${whole}.lock` };
}

async function hasSize(path: string, size: number): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  return there?.isFile() === true && there.size === size;
}
