/**
 * The pool as a crawl would have brought it: shards of JSON and image, before anything was looked at.
 *
 * A record's key is the SHA-256 of the address that it was fetched from, so that the same bytes under two addresses
 * are two records; the release's key, the SHA-256 of the bytes, is what curation gives it.
 */
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { shardPairs } from "gpic-lab/corpus";
import { openFileSource, tarArchive } from "gpic-lab/io";

/** The JSON beside an image of the pool, in the order in which it is written. */
export interface PoolMetadata {
  readonly key: string;
  readonly retrieved_at: string;
  readonly license: string;
  readonly license_url: string;
  readonly attribution: string;
  readonly img_width: number;
  readonly img_height: number;
  readonly title: string;
  readonly author: string;
  /** "flickr", "wikimedia" or "other". */
  readonly source: string;
  readonly source_url: string;
  /** What was done to the picture since its author published it; "none" or words, as licences ask for it. */
  readonly changes: string;
}

/** One image of the pool. */
export interface PoolImage {
  readonly metadata: PoolMetadata;
  readonly bytes: Uint8Array;
  readonly extension: "jpg" | "png";
}

/** Images in a shard of the pool; the last one has fewer. */
export const IMAGES_PER_SHARD: number = 40;

/** SHA-256 in hexadecimal. */
export function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Every image of a pool's folder, in the order of its shards. */
export async function readPool(folder: string): Promise<PoolImage[]> {
  const images: PoolImage[] = [];
  for (const shard of readdirSync(folder)
    .filter((file) => file.endsWith(".tar"))
    .sort()) {
    const source = await openFileSource(join(folder, shard));
    try {
      for await (const pair of shardPairs(source, { shard })) {
        const bytes = await source.read(pair.image.offset, pair.image.size);
        images.push({ metadata: pair.json as PoolMetadata, bytes, extension: pair.imageExtension });
      }
    } finally {
      await source.close();
    }
  }
  return images;
}

/** The shards of a pool: file name to bytes. */
export function poolShards(images: readonly PoolImage[]): Map<string, Uint8Array> {
  const shards = new Map<string, Uint8Array>();
  for (let i = 0; i * IMAGES_PER_SHARD < images.length; i++) {
    const part = images.slice(i * IMAGES_PER_SHARD, (i + 1) * IMAGES_PER_SHARD);
    const files = part.flatMap(({ metadata, bytes, extension }) =>
      pair(metadata.key, metadata, bytes, extension),
    );
    shards.set(`pool_${String(i).padStart(5, "0")}.tar`, tarArchive(files));
  }
  return shards;
}

/** `{key}.json` and, directly behind it, the image. */
export function pair(key: string, json: object, bytes: Uint8Array, extension: string) {
  return [
    { name: `${key}.json`, bytes: new TextEncoder().encode(JSON.stringify(json)) },
    { name: `${key}.${extension}`, bytes },
  ];
}
