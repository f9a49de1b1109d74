/** Files on the Hugging Face Hub and behind plain addresses: listing, token, cache, download, ranged reads. */
export { type Piece, type PieceOptions, pieces } from "./bytes.js";
export {
  blobLockPath,
  blobPath,
  cachedCommit,
  cachedFile,
  cachedFolder,
  enterSnapshot,
  repositoryFolder,
  snapshotPath,
} from "./cache.js";
export {
  type ConnectionOptions,
  connectHub,
  connectWeb,
  type FetchFunction,
  type HubConnection,
  type WebConnection,
} from "./connection.js";
export { type DownloadOptions, download } from "./download.js";
export { HubError, type HubErrorKind, PassingError, type Subject } from "./errors.js";
export {
  type FetchOptions,
  type FetchProgress,
  fetchFile,
  fetchFiles,
  MAX_DOWNLOADS,
} from "./fetch-files.js";
export { type FetchPlan, type HubSnapshot, planFetch, remoteFile } from "./fetch-plan.js";
export { type LockOptions, type ProcessIdentity, withLock } from "./lock.js";
export type { RemoteFile } from "./open-part.js";
export type { DownloadFile } from "./partial-file.js";
export { rangeSource } from "./ranges.js";
export {
  fileAddress,
  folderFiles,
  type HubFile,
  type HubRepository,
  hubRepository,
  isCommit,
  isSafePath,
  namedFiles,
  resolveRevision,
  subjectOf,
} from "./repository.js";
export { MAX_REDIRECTS } from "./request.js";
export { Attempts, defaultRetryPolicy, type RetryPolicy, retryAfterMilliseconds } from "./retry.js";
export { checkSpace } from "./space.js";
export { streamBytes } from "./stream.js";
export { hubToken } from "./token.js";
