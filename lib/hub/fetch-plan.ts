/** What of some files is there already, and where the others are to lie. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { blobLockPath, blobPath, cachedFile } from "./cache.js";
import type { HubConnection } from "./connection.js";
import { HubError } from "./errors.js";
import type { DownloadFile } from "./partial-file.js";
import { fileAddress, type HubFile, type HubRepository, isSafePath, subjectOf } from "./repository.js";

/** A repository at a commit. */
export interface HubSnapshot {
  readonly repository: HubRepository;
  /** What was asked for: "main". */
  readonly revision: string;
  readonly commit: string;
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

/** Where a file is, whole; undefined where it is not there. */
export async function findFile(
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

/** Where a file is to lie, where its bytes lie until then, and the lock for it. */
export function placeOf(
  hub: HubConnection,
  snapshot: HubSnapshot,
  file: HubFile,
  to: string | undefined,
): { readonly whole: string; readonly partial: string; readonly lock: string } {
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

/** Whether a file is there, of this size. */
export async function hasSize(path: string, size: number): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  return there?.isFile() === true && there.size === size;
}
