/**
 * Shards on the Hub: found by listing, read from the cache where they are there, else by ranges or as they stream.
 *
 * The paper's section 2.5 and the data card. Only the folders of the splits that are wanted are listed: 8,160 names
 * come in nine pages. A revision is resolved to its commit once; everything after that speaks of the commit.
 */
import {
  cachedCommit,
  cachedFile,
  cachedFolder,
  connectHub,
  folderFiles,
  type HubConnection,
  HubError,
  type HubFile,
  type HubSnapshot,
  hubRepository,
  rangeSource,
  remoteFile,
  resolveRevision,
  streamBytes,
} from "../hub/index.js";
import { type ByteSource, openFileSource, settingsFrom } from "../io/index.js";
import { type CorpusIdentity, identify } from "./identity.js";
import { type Split, splits } from "./image-record.js";
import { parseHubName } from "./name.js";
import { chooseShards, parseShardNumbers, releaseShards, type Shard, type ShardChoice } from "./shards.js";

/** The repository that the paper's data lies in. */
export const GPIC_REPOSITORY = "stanford-vision-lab/gpic";

/** A shard on the Hub, with what is needed to fetch it. */
export interface HubShard extends Shard {
  readonly file: HubFile;
  stream(signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

/** The chosen shards of a corpus on the Hub. */
export interface HubShards {
  readonly hub: HubConnection;
  readonly snapshot: HubSnapshot;
  readonly shards: readonly HubShard[];
  /** Where the names came from: "cache" where the Hub could not be reached, so that there may be more than these. */
  readonly listedBy: "hub" | "cache";
  readonly identity: CorpusIdentity;
  /** What a description of the corpus has to add: where the names came from, unless it was the Hub. */
  readonly note: string;
}

/**
 * Finds the chosen shards of a corpus on the Hub.
 * @param name "hf://stanford-vision-lab/gpic", with "@REVISION" for another one than "main"
 * @param options.hub by default a connection as the settings say
 * @throws HubError where the Hub refuses, or cannot be reached and the cache does not know the revision
 * @throws RangeError where the choice leaves nothing
 * @example (await hubShards("hf://stanford-vision-lab/gpic", { tier: "nano" })).shards.length // 80
 */
export async function hubShards(
  name: string,
  choice: ShardChoice = {},
  options: { readonly hub?: HubConnection | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<HubShards> {
  const { repository: id, revision } = parseHubName(name);
  const repository = hubRepository("dataset", id);
  const hub = options.hub ?? (await connectHub());
  const wanted = wantedSplits(choice);
  const cached = await cachedCommit(hub.cache, repository, revision);
  const list = async (listedBy: "hub" | "cache", commit: string, by: HubConnection): Promise<HubShards> => {
    const snapshot = { repository, revision, commit };
    const files = await Promise.all(
      wanted.map((split) =>
        listedBy === "hub"
          ? all(folderFiles(by, repository, commit, split, { signal: options.signal }))
          : cachedFolder(hub.cache, repository, commit, split),
      ),
    );
    const found = files.flat().flatMap((file) => shardOf(hub, snapshot, file) ?? []);
    if (found.length === 0)
      throw new Error(
        `Cannot open the corpus ${name}: train/, val/ or test/ with gpic_{split}_NNNNN.tar is needed, got none of them at ${commit.slice(0, 12)}`,
      );
    const chosen = chooseShards(found, choice, releaseShards) as HubShard[];
    const shards = await Promise.all(chosen.map((shard) => withPath(hub, snapshot, shard)));
    const identity = identifyHub({
      repository: id,
      endpoint: hub.endpoint,
      commit,
      listedBy,
      shards,
      choice,
    });
    const note =
      listedBy === "hub" ? "" : "; the Hub could not be reached: these are the shards in its cache";
    return { hub, snapshot, shards, listedBy, identity, note };
  };
  const ask = async (by: HubConnection): Promise<HubShards> =>
    list("hub", await resolveRevision(by, repository, revision, options.signal), by);
  if (cached === undefined) return ask(hub);
  const isAway = (error: unknown): error is HubError =>
    error instanceof HubError && error.kind === "unreachable";
  try {
    // with the cache to fall back on, a Hub that does not answer at all is not waited for
    const tries = Math.min(2, hub.retry.tries);
    return await ask({ ...hub, retry: { ...hub.retry, tries } }).catch((error) => {
      if (isAway(error) && error.status !== undefined) return ask(hub);
      throw error;
    });
  } catch (error) {
    if (isAway(error)) return list("cache", cached, hub);
    throw error;
  }
}

/** The folders that a choice needs; a choice that is wrong in itself is refused before anything is asked. */
function wantedSplits({ tier, split, shards }: ShardChoice): readonly Split[] {
  if (shards !== undefined) parseShardNumbers(shards);
  const wanted = splits.filter((one) => one === (split ?? one) && (tier === undefined || one === "train"));
  const isTier = tier === undefined || ["nano", "lite", "full"].includes(tier);
  if (wanted.length === 0 || !isTier) chooseShards([], { tier, split }, releaseShards);
  return wanted;
}

/** One line's beginning for a corpus on the Hub: what it is by the evidence, which repository, which commit. */
export function describeHub(name: string, identity: CorpusIdentity): string {
  const { repository, revision } = parseHubName(name);
  const what = identity.dataset === "gpic" ? "GPIC itself" : "shards on a Hub";
  const commit = identity.revision === undefined ? "" : `, ${identity.revision.slice(0, 12)}`;
  return `${what} (${repository}@${revision}${commit})`;
}

/**
 * Says which data shards on the Hub are.
 *
 * They are GPIC where the Hub itself lists them: the paper's repository, at the public address, each with the hash of
 * its content. A mirror, a test's server, or names found in a cache are none of that evidence. Whether all of the part was read is only known afterwards (`identityAfterReading`).
 */
export function identifyHub(found: {
  readonly repository: string;
  readonly endpoint: string;
  readonly commit: string;
  readonly listedBy: "hub" | "cache";
  readonly shards: readonly Shard[];
  readonly choice: ShardChoice;
}): CorpusIdentity {
  const { repository, endpoint, commit, listedBy, shards, choice } = found;
  const isProven =
    repository === GPIC_REPOSITORY &&
    endpoint === settingsFrom({}).hubEndpoint &&
    listedBy === "hub" &&
    shards.every((shard) => shard.sha256 !== undefined);
  return { ...identify("local", shards, choice), dataset: isProven ? "gpic" : "local", revision: commit };
}

/** The shard with its place on this machine, where the cache has it. */
async function withPath(hub: HubConnection, snapshot: HubSnapshot, shard: HubShard): Promise<HubShard> {
  const path = await cachedFile(hub.cache, snapshot.repository, snapshot.commit, shard.file);
  return path === undefined ? shard : { ...shard, path };
}

function shardOf(hub: HubConnection, snapshot: HubSnapshot, file: HubFile): HubShard | undefined {
  const match = /^(train|val|test)\/gpic_\1_(\d{5})\.tar$/.exec(file.path);
  if (match === null) return undefined;
  const local = () => cachedFile(hub.cache, snapshot.repository, snapshot.commit, file);
  const remote = remoteFile(hub, snapshot, file);
  return {
    name: file.path,
    split: match[1] as Split,
    number: Number(match[2]),
    sizeBytes: file.size,
    ...(file.sha256 === undefined ? {} : { sha256: file.sha256 }),
    file,
    async open(options = {}): Promise<ByteSource> {
      const path = await local();
      return path === undefined ? rangeSource(hub, remote, options) : openFileSource(path);
    },
    async *stream(signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
      const path = await local();
      if (path === undefined) yield* streamBytes(hub, remote, signal);
      else yield* fileBytes(path, signal);
    },
  };
}

/** Bytes of a file that are read at once. */
const FILE_PIECE_BYTES: number = 1 << 20;

async function* fileBytes(
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = await openFileSource(path);
  try {
    for (let at = 0; at < source.length; at += FILE_PIECE_BYTES) {
      signal?.throwIfAborted();
      yield await source.read(at, Math.min(FILE_PIECE_BYTES, source.length - at));
    }
  } finally {
    await source.close();
  }
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}
