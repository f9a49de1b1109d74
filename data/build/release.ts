/**
 * The release that curation makes of the kept images: GPIC's layout, names and ten fields.
 *
 * The paper's section 2.5: shuffled, tiers as nested prefixes of the train shards. Keys are the SHA-256 of the image's
 * bytes; images are sorted by key before the shuffle, so that their order in the pool does not matter.
 */
import { Random } from "gpic-lab/core";
import { type Split, sampleTierShards, type Tier, tiers } from "gpic-lab/corpus";
import { tarArchive } from "gpic-lab/io";
import type { CsvRow } from "./csv.js";
import { type PoolImage, pair, sha256 } from "./pool.js";

/** Images of val and test, and shards of each split; train has the rest. */
const VAL_IMAGES = 16;
const TEST_IMAGES = 24;
const shardCounts: { readonly [split in Split]: number } = { train: sampleTierShards.full, val: 1, test: 2 };

/**
 * The shards of the release.
 * @param kept images of the pool
 * @param captions rows with `key` (the pool's), `caption_type`, `caption`
 * @returns path below the release to bytes
 * @throws Error where an image has no caption
 */
export function releaseFiles(
  kept: readonly PoolImage[],
  captions: readonly CsvRow[],
): Map<string, Uint8Array> {
  const captionOf = new Map(captions.map((row) => [row.key!, row]));
  const keyed = kept
    .map((image) => ({ image, key: sha256(image.bytes) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const shuffled = new Random("gpic-lab sample release").shuffle(keyed);
  const parts: { readonly [split in Split]: typeof keyed } = {
    val: shuffled.slice(0, VAL_IMAGES),
    test: shuffled.slice(VAL_IMAGES, VAL_IMAGES + TEST_IMAGES),
    train: shuffled.slice(VAL_IMAGES + TEST_IMAGES),
  };
  const files = new Map<string, Uint8Array>();
  for (const split of ["train", "val", "test"] as const)
    for (let shard = 0; shard < shardCounts[split]; shard++) {
      const cut = (i: number) => Math.floor((i * parts[split].length) / shardCounts[split]);
      const images = parts[split].slice(cut(shard), cut(shard + 1));
      const entries = images.flatMap(({ image, key }) => {
        const caption = captionOf.get(image.metadata.key);
        if (caption === undefined)
          throw new Error(`Cannot release ${image.metadata.key}: a caption is needed, got none`);
        const json = {
          retrieved_at: image.metadata.retrieved_at,
          license: image.metadata.license,
          license_url: image.metadata.license_url,
          attribution: image.metadata.attribution,
          key,
          img_width: image.metadata.img_width,
          img_height: image.metadata.img_height,
          split: split === "train" ? tiersOf(shard) : [],
          caption_type: caption.caption_type,
          caption: caption.caption,
        };
        return pair(key, json, image.bytes, image.extension);
      });
      files.set(`${split}/gpic_${split}_${String(shard).padStart(5, "0")}.tar`, tarArchive(entries));
    }
  return files;
}

function tiersOf(shard: number): Tier[] {
  return tiers.filter((tier) => shard < sampleTierShards[tier]);
}
