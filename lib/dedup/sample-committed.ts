/**
 * The sample's committed descriptors, for whoever has its very pictures: a name says nothing of what is in a file, so the
 * bytes are compared too.
 *
 * A picture's key in the release is the SHA-256 of its bytes; those of the pool's pictures are computed from its shards
 * (20 MB, once a process).
 */
import { createHash } from "node:crypto";
import { samplePool } from "../corpus/index.js";
import { type SampleDescriptors, sampleDescriptors } from "../features/index.js";
import { type ImageSet, imageItems } from "../images/index.js";

/** What the sample has for some keys. */
export interface CommittedDescriptors {
  readonly part: "release" | "pool";
  readonly descriptors: SampleDescriptors;
  /** How many of the keys name another picture than the sample's, or none that can be read. */
  readonly others: number;
}

/** SHA-256 of pictures' bytes, by key. */
type Hashes = ReadonlyMap<string, string>;

/**
 * The part of the sample that has all of some keys; undefined where neither has. Reads the pictures where their hashes are
 * not given, and only then.
 * @throws RangeError where hashes are given, and one of a key is not
 */
export async function committedDescriptors(
  set: Pick<ImageSet, "parts">,
  keys: readonly string[],
  {
    bytesSha256,
    signal,
  }: { readonly bytesSha256?: Hashes | undefined; readonly signal?: AbortSignal | undefined },
): Promise<CommittedDescriptors | undefined> {
  for (const part of ["release", "pool"] as const) {
    const descriptors = await sampleDescriptors(part);
    const known = new Set(descriptors.keys);
    if (!keys.every((key) => known.has(key))) continue;
    const committed =
      part === "pool" ? await poolHashes() : new Map(descriptors.keys.map((key) => [key, key]));
    const found = bytesSha256 ?? (await hashesOf(set, new Set(keys), signal));
    const others = keys.filter((key) => {
      const hash = found.get(key);
      if (hash === undefined && bytesSha256 !== undefined)
        throw new RangeError(
          `Cannot describe images: bytesSha256 of each key is needed, got none of ${JSON.stringify(key)}`,
        );
      return hash !== committed.get(key);
    }).length;
    return { part, descriptors, others };
  }
  return undefined;
}

let hashesOfPool: Promise<Hashes> | undefined;

function poolHashes(): Promise<Hashes> {
  hashesOfPool ??= hashPool();
  return hashesOfPool;
}

async function hashPool(): Promise<Hashes> {
  const hashes = new Map<string, string>();
  for (const { key, readImage } of await samplePool()) hashes.set(key, sha256(await readImage()));
  return hashes;
}

async function hashesOf(
  set: Pick<ImageSet, "parts">,
  wanted: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<Hashes> {
  const hashes = new Map<string, string>();
  for await (const item of imageItems(set, signal)) {
    signal?.throwIfAborted();
    if (!("read" in item && wanted.has(item.key))) continue;
    const read = await item.read();
    // pixels that were never encoded are nobody's file
    hashes.set(item.key, "bytes" in read ? sha256(read.bytes) : "");
  }
  return hashes;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
