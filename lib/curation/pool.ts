/**
 * A pool: what a crawl brought, before anything was looked at, as tar shards of a JSON and a picture for each image.
 *
 * Of the JSON the licence, whom to credit and when it was fetched are needed; a caption is taken where there is one. A
 * corpus that is laid out as the release is a pool too.
 */
import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import { isHubName, type Shard, type ShardPair, shardPairs } from "../corpus/index.js";
import { encodedImage, ImageError, type ImageSet, recordSet } from "../images/index.js";
import { hashFile, shownName } from "../io/index.js";
import { poolShards } from "./pool-shards.js";

/** One image of a pool. */
export interface PoolRecord {
  /** Name of its two entries: no other image of the pool has it. */
  readonly key: string;
  readonly shard: string;
  readonly imageOffset: number;
  readonly imageBytes: number;
  readonly license: string;
  readonly license_url: string;
  readonly attribution: string;
  readonly retrieved_at: string;
  /** Where the JSON holds one. */
  readonly caption_type?: string;
  readonly caption?: string;
  /** Reads the encoded picture. */
  readImage(): Promise<Uint8Array>;
}

/** What is wrong in a shard. */
export interface PoolProblem {
  /** Of the image that is lost by it; "" where none is: an archive that is cut, a file that is none of ours. */
  readonly key: string;
  readonly shard: string;
  /** Where in the shard. */
  readonly offset: number;
  /** A kind of `CorpusProblem`, "no credit data" or "key twice". */
  readonly reason: string;
  /** Of text from outside. */
  readonly message: string;
}

/** A pool that is read through. */
export interface Pool {
  readonly name: string;
  readonly records: readonly PoolRecord[];
  /** Images that cannot be had, each once, by the first thing that is wrong with it. */
  readonly lost: readonly PoolProblem[];
  /** All that is wrong. */
  readonly problems: readonly PoolProblem[];
  /** SHA-256 of the shards' names and hashes. */
  readonly fingerprint: string;
}

/** What reading a pool takes. */
export interface PoolOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((records: number) => void) | undefined;
}

/** What the release keeps of a record's JSON. */
const NEEDED = ["license", "license_url", "attribution", "retrieved_at"] as const;

/**
 * Reads a pool: every byte once for its hash, every JSON for its record, no picture. In memory stay some 500 bytes an
 * image, so that a million fit in half a gigabyte.
 * @param name a folder or a tar of shards, a corpus' folder, hf://ORGANISATION/NAME
 * @throws Error where there are no shards, or something beside them that may be one and would not be read
 * @example (await readPool("data/sample/pool")).records.length // 273
 */
export async function readPool(name: string, { signal, onProgress }: PoolOptions = {}): Promise<Pool> {
  const hash = createHash("sha256");
  const records: PoolRecord[] = [];
  const problems: PoolProblem[] = [];
  const keys = new Set<string>();
  for (const shard of await poolShards(name)) {
    hash.update(`${JSON.stringify([shard.name, await contentOf(shard, signal)])}\n`);
    const source = await shard.open();
    try {
      const tell = (key: string, offset: number, reason: string, message: string) =>
        void problems.push({ key, shard: shard.name, offset, reason, message });
      const pairs = shardPairs(source, {
        ...{ shard: shard.name, signal },
        onProblem: ({ key, offset, kind, expected, found }) =>
          // a text beside an image, as other formats have it, is no image
          tell(kind === "unsupported-entry" ? "" : key, offset, kind, `${expected} is needed, got ${found}`),
      });
      for await (const pair of pairs) {
        const { stem, json, jsonOffset } = pair;
        const missing = NEEDED.find((field) => typeof (json as PoolRecord | null)?.[field] !== "string");
        if (missing !== undefined) tell(stem, jsonOffset, "no credit data", `${missing}, a text, is needed`);
        else if (keys.has(stem)) tell(stem, jsonOffset, "key twice", "a key of its own is needed");
        else {
          keys.add(stem);
          records.push(recordOf(shard, pair));
        }
        onProgress?.(records.length);
      }
    } finally {
      await source.close();
    }
  }
  return { name, records, lost: lostOf(problems, keys), problems, fingerprint: hash.digest("hex") };
}

/** The images that problems cost: of several with one key the first, and none whose image is there all the same. */
function lostOf(problems: readonly PoolProblem[], keys: ReadonlySet<string>): PoolProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ key, shard, offset, reason }) => {
    if (key === "" || (keys.has(key) && reason !== "key twice" && reason !== "no credit data")) return false;
    const image = JSON.stringify(
      reason === "key twice" || reason === "no credit data" ? [shard, offset] : [shard, key],
    );
    return !seen.has(image) && seen.add(image);
  });
}

/** Its hash; of a far shard whose hash nobody lists, its size. */
async function contentOf(
  { sha256, path, sizeBytes }: Shard,
  signal: AbortSignal | undefined,
): Promise<string> {
  return sha256 ?? (path === undefined ? `${sizeBytes} bytes` : (await hashFile(path, { signal })).sha256);
}

function recordOf(shard: Shard, { stem, json, image: { offset, size } }: ShardPair): PoolRecord {
  const { license, license_url, attribution, retrieved_at, caption_type, caption } = json as PoolRecord;
  return {
    ...{ key: stem, shard: shard.name, imageOffset: offset, imageBytes: size },
    ...{ license, license_url, attribution, retrieved_at },
    ...(typeof caption_type === "string" && typeof caption === "string" ? { caption_type, caption } : {}),
    async readImage() {
      const source = await shard.open({ readAhead: false });
      try {
        return await source.read(offset, size);
      } finally {
        await source.close();
      }
    },
  };
}

/**
 * Records as a set of images. A release holds JPEG and PNG: what is neither cannot be read, whatever its name says.
 * @example decideImages(poolSet(pool.records))
 */
export function poolSet(records: readonly PoolRecord[]): ImageSet {
  return recordSet(
    records.map((record) => ({
      ...record,
      async readImage() {
        const bytes = await record.readImage();
        if (encodedImage(bytes, record.key).format === "webp")
          throw new ImageError("unsupported", shownName(record.key), "JPEG or PNG is needed, got WebP");
        return bytes;
      },
    })),
  );
}

/** A pool's name without the folders above it: what may stand in a manifest. */
export function poolTitle({ name }: Pick<Pool, "name">): string {
  return isHubName(name) ? name : basename(resolve(name));
}
