/** Files on the Hugging Face Hub and behind plain addresses: listing, token, cache, download, ranged reads. */
export { type Piece, type PieceOptions, pieces, type RemoteFile } from "./bytes.js";
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
export { type DownloadFile, type DownloadOptions, download } from "./download.js";
export { HubError, type HubErrorKind, PassingError, type Subject } from "./errors.js";
export {
  type FetchOptions,
  type FetchPlan,
  type FetchProgress,
  fetchFile,
  fetchFiles,
  type HubSnapshot,
  MAX_DOWNLOADS,
  planFetch,
  remoteFile,
} from "./fetch-files.js";
export { type LockOptions, type ProcessIdentity, withLock } from "./lock.js";
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
