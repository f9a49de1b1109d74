/**
 * The Hub's cache in the layout of Python's huggingface_hub, so that each side finds what the other downloaded.
 *
 * Source: huggingface_hub 2.4, file_download.py.
 *   datasets--ORG--NAME/blobs/<sha256 or git oid>              the bytes
 *   datasets--ORG--NAME/snapshots/<commit>/<path> -> ../../../blobs/...   relative links
 *   datasets--ORG--NAME/refs/<revision>                        the commit, without a line feed
 * Known difference: `.no_exist`, `trees/` and Xet's shared store are neither written nor read.
 */
import { randomUUID } from "node:crypto";
import {
  copyFile,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { HubError } from "./errors.js";
import { type HubFile, type HubRepository, isCommit, isSafePath } from "./repository.js";

/** The folder of a repository in the cache. */
export function repositoryFolder(cache: string, { type, name }: HubRepository): string {
  return join(cache, [`${type}s`, ...name.split("/")].join("--"));
}

/** Where a file's bytes lie, named by their hash. */
export function blobPath(cache: string, repository: HubRepository, file: HubFile): string {
  const oid = file.sha256 ?? file.gitOid;
  if (oid === undefined || !/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(oid))
    throw new HubError("cache", `Cannot keep ${file.path}: the hash of its content is needed, got none`);
  return join(repositoryFolder(cache, repository), "blobs", oid);
}

/** The lock for a blob; Python's lies beside it without "gpic-lab". */
export function blobLockPath(cache: string, repository: HubRepository, file: HubFile): string {
  const blob = blobPath(cache, repository, file);
  return join(cache, ".locks", basename(dirname(dirname(blob))), `${basename(blob)}.gpic-lab.lock`);
}

/** Where a file lies under its own name. */
export function snapshotPath(cache: string, repository: HubRepository, commit: string, path: string): string {
  if (!isCommit(commit) || !isSafePath(path))
    throw new HubError(
      "cache",
      `Cannot look into the cache: a commit and a path below it are needed, got ${JSON.stringify([commit, path])}`,
    );
  return join(repositoryFolder(cache, repository), "snapshots", commit, ...path.split("/"));
}

/**
 * The commit that the cache last knew for a revision; a commit stands for itself where the cache has some of it.
 * @returns undefined where the cache knows none
 */
export async function cachedCommit(
  cache: string,
  repository: HubRepository,
  revision: string,
): Promise<string | undefined> {
  const folder = repositoryFolder(cache, repository);
  if (!isSafePath(revision)) return undefined;
  const commit = isCommit(revision)
    ? revision
    : (await readFile(join(folder, "refs", ...revision.split("/")), "utf8").catch(() => "")).trim();
  if (!isCommit(commit)) return undefined;
  return (await isThere(join(folder, "snapshots", commit))) ? commit : undefined;
}

/**
 * A file's path in the cache.
 * @param file name, and the size that it must have
 * @returns undefined where it is not there, or not whole
 */
export async function cachedFile(
  cache: string,
  repository: HubRepository,
  commit: string,
  file: { readonly path: string; readonly size?: number },
): Promise<string | undefined> {
  const path = snapshotPath(cache, repository, commit, file.path);
  const there = await stat(path).catch(() => undefined);
  const isWhole = there?.isFile() && (file.size === undefined || there.size === file.size);
  return isWhole ? path : undefined;
}

/** The files that the cache has in a folder of a commit, in the order of their names, with the hashes that their blobs are named by. */
export async function cachedFolder(
  cache: string,
  repository: HubRepository,
  commit: string,
  folder: string,
): Promise<HubFile[]> {
  const inside = snapshotPath(cache, repository, commit, folder);
  const names = await readdir(inside).catch(() => [] as string[]);
  const files = await Promise.all(
    names.sort().map(async (name): Promise<HubFile | undefined> => {
      const path = `${folder}/${name}`;
      const there = await stat(join(inside, name)).catch(() => undefined);
      if (!there?.isFile()) return undefined;
      const oid = basename(await readlink(join(inside, name)).catch(() => ""));
      const hash = /^[0-9a-f]{64}$/.test(oid)
        ? { sha256: oid }
        : /^[0-9a-f]{40}$/.test(oid)
          ? { gitOid: oid }
          : {};
      return { path, size: there.size, ...hash };
    }),
  );
  return files.filter((file) => file !== undefined);
}

/**
 * Gives a blob its name in a commit, and says which commit a revision was.
 * @param revision what was asked for; nothing is written for a commit
 */
export async function enterSnapshot(
  cache: string,
  repository: HubRepository,
  commit: string,
  file: HubFile,
  revision: string,
): Promise<string> {
  const path = snapshotPath(cache, repository, commit, file.path);
  if (!isCommit(revision) && isSafePath(revision)) {
    const ref = join(repositoryFolder(cache, repository), "refs", ...revision.split("/"));
    if ((await readFile(ref, "utf8").catch(() => undefined)) !== commit)
      await replace(ref, (beside) => writeFile(beside, commit));
  }
  if ((await cachedFile(cache, repository, commit, file)) !== undefined) return path;
  const blob = blobPath(cache, repository, file);
  await replace(path, (beside) =>
    symlink(relative(dirname(path), blob), beside).catch((error: NodeJS.ErrnoException) => {
      // a system without links for everybody: the file is there twice, as Python does it
      if (error.code !== "EPERM" && error.code !== "ENOSYS") throw error;
      return copyFile(blob, beside);
    }),
  );
  return path;
}

/** Makes a file beside its place and moves it there, so that nobody sees half of it. */
async function replace(path: string, make: (beside: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${randomUUID().slice(0, 8)}`;
  try {
    await make(beside);
    await rename(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
