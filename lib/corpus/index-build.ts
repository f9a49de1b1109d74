/**
 * Builds the index of a corpus: Parquet, a part a shard, in a folder that several processes may work on.
 *
 * What is whole stays: a part that was made of the same shard by the same version is not built again, so a build that
 * was killed, or stopped, goes on where it was. A changed shard (size, time of change, hash), a new version of the
 * builder and the wish for hashes make a part anew.
 */
import { mkdir, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Claims, type ClaimToken } from "../io/index.js";
import type { CorpusIdentity } from "./identity.js";
import {
  type IndexedShard,
  isCurrent,
  type PartRecord,
  partName,
  putManifest,
  readPart,
} from "./index-folder.js";
import { openHand } from "./index-hand.js";
import type { Shard } from "./shards.js";

/** How far a build has come. */
export interface IndexProgress {
  /** Parts that are there, whoever built them. */
  readonly shardsDone: number;
  readonly shardsTotal: number;
  /** Images of finished parts and of those that this process is at. */
  readonly images: number;
  /** Images that this call has read, for a rate. */
  readonly imagesRead: number;
}

/** What `buildIndex` takes beside shards and folder. */
export interface IndexBuildOptions {
  /** What `openCorpus` takes to find the shards again. */
  readonly corpus: string;
  readonly identity: Pick<CorpusIdentity, "dataset" | "revision">;
  /** Reads the pictures too and keeps their SHA-256. */
  readonly hash?: boolean | undefined;
  /** Threads; as many as cores, or one where that is as fast, where it is left out. */
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined;
}

/** What a build leaves behind. */
export interface IndexBuilt {
  readonly folder: string;
  /** Rows of the chosen shards. */
  readonly images: number;
  readonly problems: number;
  readonly parts: number;
  /** Parts that this call built. */
  readonly built: number;
  /** Bytes of the chosen shards' Parquet files. */
  readonly sizeBytes: number;
}

/** Bytes of shards below which threads take longer to start than to work. */
const THREADS_FROM_BYTES = 256e6;
/** How often a process that waits for others looks again. */
const POLL_MS = 50;

/**
 * Builds what is missing of an index.
 * @param shards of one corpus; local ones are read in threads, others in this one
 * @param folder is made where it is not there
 * @throws the signal's reason where it was stopped; whatever a shard cannot be opened for
 * @example
 * const { name, shards, identity } = await openCorpus("sample");
 * (await buildIndex(shards, "sample-index", { corpus: name, identity })).images // 152
 */
export async function buildIndex(
  shards: readonly Shard[],
  folder: string,
  options: IndexBuildOptions,
): Promise<IndexBuilt> {
  const { signal, hash = false } = options;
  if (options.workers !== undefined && !(Number.isSafeInteger(options.workers) && options.workers >= 1))
    throw new RangeError(
      `Cannot build the index ${folder}: workers are a whole number from 1 on, got ${options.workers}`,
    );
  signal?.throwIfAborted();
  const home = resolve(folder);
  await mkdir(home, { recursive: true });
  const jobs = new Map<string, Job>();
  for (const shard of shards) jobs.set(shard.name, { shard, indexed: await indexedShard(shard) });
  const claims = new Claims(join(home, "claims"));
  const build = new Build(home, [...jobs.values()], hash, claims, options);
  try {
    const { corpus, identity } = options;
    const claim = await claims.wait("index.json", signal);
    await putManifest(home, {
      corpus,
      dataset: identity.dataset,
      ...(identity.revision !== undefined ? { revision: identity.revision } : {}),
      shards: [...jobs.values()].map(({ indexed }) => indexed),
    }).finally(() => claims.release(claim));
    const built = await build.run();
    await claims.sweep();
    return built;
  } finally {
    await claims.close();
  }
}

/** A shard with what its part will say of it. */
interface Job {
  readonly shard: Shard;
  readonly indexed: IndexedShard;
}

async function indexedShard(shard: Shard): Promise<IndexedShard> {
  const { name, sizeBytes, split, number, path, sha256 } = shard;
  return {
    name,
    sizeBytes,
    ...(split !== undefined ? { split } : {}),
    ...(number !== undefined ? { number } : {}),
    ...(sha256 !== undefined ? { sha256 } : {}),
    ...(path !== undefined ? { modifiedMs: Math.round((await stat(path)).mtimeMs) } : {}),
  };
}

class Build {
  readonly #folder: string;
  readonly #jobs: readonly Job[];
  readonly #hash: boolean;
  readonly #claims: Claims;
  readonly #options: IndexBuildOptions;
  readonly #pending: Job[] = [];
  readonly #parts = new Map<string, PartRecord>();
  readonly #stop = new AbortController();
  #images = 0;
  #imagesRead = 0;
  #built = 0;
  #choosing: Promise<unknown> = Promise.resolve();

  constructor(
    folder: string,
    jobs: readonly Job[],
    hash: boolean,
    claims: Claims,
    options: IndexBuildOptions,
  ) {
    this.#folder = folder;
    this.#jobs = jobs;
    this.#hash = hash;
    this.#claims = claims;
    this.#options = options;
  }

  async run(): Promise<IndexBuilt> {
    const { signal } = this.#options;
    for (const job of this.#jobs) if (!(await this.#isThere(job))) this.#pending.push(job);
    this.#tell();
    const abort = () => this.#stop.abort(signal?.reason);
    signal?.addEventListener("abort", abort);
    try {
      const count = this.#workers();
      const hands = Array.from({ length: count }, () => this.#work(count > 1));
      const results = await Promise.allSettled(hands);
      const failed = results.find((result) => result.status === "rejected");
      signal?.throwIfAborted();
      if (failed !== undefined) throw failed.reason;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
    return this.#result();
  }

  #workers(): number {
    const bytes = this.#pending.reduce((sum, { shard }) => sum + shard.sizeBytes, 0);
    const wanted =
      this.#options.workers ?? (bytes < THREADS_FROM_BYTES ? 1 : Math.max(1, availableParallelism()));
    return Math.max(1, Math.min(wanted, this.#pending.length));
  }

  /** One hand at the work, until nothing is left. */
  async #work(threads: boolean): Promise<void> {
    let reading = 0;
    const hand = openHand(this.#folder, this.#hash, threads, this.#stop.signal, (images) => {
      reading += images;
      this.#images += images;
      this.#imagesRead += images;
      this.#tell();
    });
    try {
      for (;;) {
        const next = await this.#next();
        if (next === undefined) return;
        reading = 0;
        if ((await this.#buildOne(hand, next.job, next.claim)) !== undefined) continue;
        this.#images -= reading;
        this.#pending.push(next.job);
      }
    } catch (error) {
      this.#stop.abort(error);
      throw error;
    } finally {
      await hand.close();
    }
  }

  async #buildOne(
    hand: ReturnType<typeof openHand>,
    job: Job,
    claim: ClaimToken,
  ): Promise<PartRecord | undefined> {
    try {
      const part = await hand.build(job.shard, job.indexed, claim);
      if (part !== undefined) {
        this.#built++;
        this.#parts.set(job.shard.name, part);
        this.#tell();
      }
      return part;
    } finally {
      await this.#claims.release(claim);
    }
  }

  /** The next shard that is neither there nor claimed by another process; waits for those, as they may die. */
  #next(): Promise<{ readonly job: Job; readonly claim: ClaimToken } | undefined> {
    const choice = this.#choosing.then(async () => {
      for (;;) {
        for (const job of [...this.#pending]) {
          this.#stop.signal.throwIfAborted();
          const claim = await this.#claims.try(partName(job.shard.name));
          if (claim !== undefined) this.#pending.splice(this.#pending.indexOf(job), 1);
          if (claim !== undefined && !(await this.#isThere(job))) return { job, claim };
          if (claim !== undefined) {
            await this.#claims.release(claim);
            this.#tell();
          }
        }
        if (this.#pending.length === 0) return undefined;
        await pause(POLL_MS);
        this.#stop.signal.throwIfAborted();
        for (const job of [...this.#pending])
          if (await this.#isThere(job)) {
            this.#pending.splice(this.#pending.indexOf(job), 1);
            this.#tell();
          }
      }
    });
    this.#choosing = choice.catch(() => {});
    return choice;
  }

  async #isThere({ shard, indexed }: Job): Promise<boolean> {
    const part = await readPart(this.#folder, shard.name);
    if (part === undefined || !isCurrent(part, indexed, this.#hash)) return false;
    this.#parts.set(shard.name, part);
    this.#images += part.images;
    return true;
  }

  #tell(): void {
    this.#options.onProgress?.({
      shardsDone: this.#parts.size,
      shardsTotal: this.#jobs.length,
      images: this.#images,
      imagesRead: this.#imagesRead,
    });
  }

  async #result(): Promise<IndexBuilt> {
    const parts = [...this.#parts.values()];
    const sum = (of: (part: PartRecord) => number) => parts.reduce((total, part) => total + of(part), 0);
    let sizeBytes = 0;
    for (const part of parts)
      for (const file of [...part.imageFiles, ...part.problemFiles])
        sizeBytes += (await stat(join(this.#folder, file))).size;
    return {
      folder: this.#folder,
      images: sum(({ images }) => images),
      problems: sum(({ problems }) => problems),
      parts: parts.length,
      built: this.#built,
      sizeBytes,
    };
  }
}
