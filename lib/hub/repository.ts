/** What lies in a repository on the Hub: the commit of a revision, the files of a folder with their sizes and hashes. */
import {
  datasetInfo,
  type ListFileEntry,
  listFiles,
  modelInfo,
  type PathInfo,
  pathsInfo,
} from "@huggingface/hub";
import { apiFetch } from "./api.js";
import type { HubConnection } from "./connection.js";
import { HubError, type Subject } from "./errors.js";

/** A repository on the Hub. */
export interface HubRepository {
  readonly type: "model" | "dataset";
  /** "stanford-vision-lab/gpic". */
  readonly name: string;
}

/** A file of a repository at one commit. */
export interface HubFile {
  /** Below the repository, with slashes. */
  readonly path: string;
  /** Bytes of the content, not of the pointer to it. */
  readonly size: number;
  /** SHA-256 of the content, of files in LFS or Xet. */
  readonly sha256?: string;
  /** Git's SHA-1 of the blob, of all other files. */
  readonly gitOid?: string;
}

/** Paths that are asked about in one question. */
const PATHS_AT_ONCE = 500;

/**
 * A repository by its name.
 * @throws SyntaxError where it is none
 * @example hubRepository("dataset", "stanford-vision-lab/gpic")
 */
export function hubRepository(type: "model" | "dataset", name: string): HubRepository {
  if (name.length <= 200 && /^(?:[\w-][\w.-]*\/)?[\w-][\w.-]*$/.test(name) && !/--|\.\.|\.git$/.test(name))
    return { type, name };
  throw new SyntaxError(`Cannot name a repository: ORGANISATION/NAME is needed, got ${JSON.stringify(name)}`);
}

/** Whether a text is the full name of a commit. */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

/** What an error says of a repository or a file in it. */
export function subjectOf(hub: HubConnection, repository: HubRepository, path?: string): Subject {
  const { type, name } = repository;
  const page = `${hub.endpoint}/${type === "dataset" ? "datasets/" : ""}${name}`;
  return { what: path === undefined ? name : `${path} of ${name}`, page };
}

/** The address of a file's content. */
export function fileAddress(
  hub: HubConnection,
  repository: HubRepository,
  commit: string,
  path: string,
): string {
  const { type, name } = repository;
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return `${hub.endpoint}/${type === "dataset" ? "datasets/" : ""}${name}/resolve/${encodeURIComponent(commit)}/${encoded}`;
}

/**
 * The commit that a revision stands for now.
 * @param revision a branch, a tag, a ref with slashes such as "refs/convert/parquet", or a commit, which is given back
 * @throws HubError
 */
export async function resolveRevision(
  hub: HubConnection,
  repository: HubRepository,
  revision: string,
  signal?: AbortSignal,
): Promise<string> {
  if (isCommit(revision)) return revision;
  const params = {
    name: repository.name,
    revision,
    hubUrl: hub.endpoint,
    fetch: apiFetch(
      hub,
      subjectOf(hub, repository, `the revision ${JSON.stringify(revision)}`),
      false,
      signal,
    ),
  };
  const { sha }: { sha?: unknown } =
    repository.type === "dataset"
      ? await datasetInfo({ ...params, additionalFields: ["sha"] })
      : await modelInfo({ ...params, additionalFields: ["sha"] });
  if (typeof sha === "string" && isCommit(sha)) return sha;
  throw new HubError(
    "wrong answer",
    `Cannot read ${repository.name}: the commit of ${JSON.stringify(revision)} is needed, got none; is ${hub.endpoint} a Hub?`,
  );
}

/**
 * The files of a folder, as the pages of the listing come.
 * @param folder "" for all of the repository; a folder that is not there has no files
 * @param options.recursive whether folders in it count too
 * @throws HubError, also where a name would lead out of the folder
 */
export async function* folderFiles(
  hub: HubConnection,
  repository: HubRepository,
  commit: string,
  folder: string,
  options: { readonly recursive?: boolean; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<HubFile, void, undefined> {
  const subject = subjectOf(hub, repository, folder === "" ? undefined : `${folder}/`);
  const entries = listFiles({
    repo: repository,
    revision: commit,
    path: folder.split("/").map(encodeURIComponent).join("/"),
    recursive: options.recursive ?? false,
    hubUrl: hub.endpoint,
    fetch: apiFetch(hub, subject, true, options.signal),
  });
  try {
    for await (const entry of entries) {
      if (entry.type !== "file") continue;
      const file = hubFile(entry, repository);
      if (folder === "" || file.path.startsWith(`${folder}/`)) yield file;
    }
  } catch (error) {
    if (!(error instanceof HubError && error.kind === "no file")) throw error;
  }
}

/**
 * Sizes and hashes of files whose names are known.
 * @returns those that are there
 * @throws HubError
 */
export async function namedFiles(
  hub: HubConnection,
  repository: HubRepository,
  commit: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<HubFile[]> {
  const found: HubFile[] = [];
  for (let from = 0; from < paths.length; from += PATHS_AT_ONCE) {
    const entries = await pathsInfo({
      repo: repository,
      revision: commit,
      paths: paths.slice(from, from + PATHS_AT_ONCE),
      hubUrl: hub.endpoint,
      fetch: apiFetch(hub, subjectOf(hub, repository), true, signal),
    });
    found.push(...entries.filter(({ type }) => type === "file").map((entry) => hubFile(entry, repository)));
  }
  return found;
}

/** Whether a file's name stays below the folder that it is written into, on every system. */
export function isSafePath(path: string): boolean {
  return (
    path.length <= 4096 &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    !/[\u0000-\u001f\\:]/.test(path) &&
    path.split("/").every((part) => part !== "" && part !== "." && part !== "..")
  );
}

/** An entry of a listing is text from outside: every field is checked. */
function hubFile(entry: ListFileEntry | PathInfo, repository: HubRepository): HubFile {
  const { path, size, oid, lfs } = entry;
  const wrong = (what: string) =>
    new HubError("wrong answer", `Cannot read the listing of ${repository.name}: ${what}`);
  if (typeof path !== "string" || !isSafePath(path))
    throw wrong(`names of files below it are needed, got ${JSON.stringify(path)?.slice(0, 200)}`);
  const bytes = lfs?.size ?? size;
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw wrong(`the size of ${path} is needed, got ${bytes}`);
  if (lfs !== undefined && lfs !== null) {
    const sha256 = String(lfs.oid).replace(/^sha256:/, "");
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw wrong(`the SHA-256 of ${path} is needed, got something else`);
    return { path, size: bytes, sha256 };
  }
  if (typeof oid !== "string" || !/^[0-9a-f]{40}$/.test(oid))
    throw wrong(`the hash of ${path} is needed, got something else`);
  return { path, size: bytes, gitOid: oid };
}
