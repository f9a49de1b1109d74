/**
 * Shards of the release's size that take little disk: real headers and plausible JSON, and a hole for each picture.
 *
 * Bytes that nobody wrote read as zeros, so a picture has its size and no pixels: enough for everything that reads
 * metadata, and what is done with pictures must say that these are none.
 */
import { createHash } from "node:crypto";
import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { Random } from "gpic-lab/core";
import { TAR_BLOCK_BYTES, tarFileHeader } from "gpic-lab/io";
import { captionKinds, captionWords, credits, drawWeighted, licences, sizes } from "./plausible.js";

/** How many shards, and how large. */
export interface SparseCorpus {
  readonly shards: number;
  /** About this many each: they differ by some hundredths, as the release's do. */
  readonly imagesPerShard: number;
  /** Shards of val after those of train; none where it is left out. */
  readonly valShards?: number;
  readonly seed?: number;
}

const MEAN_IMAGE_BYTES = 120_000;

/**
 * Writes a corpus laid out as the release.
 * @returns how many images it has
 */
export async function writeSparseCorpus(folder: string, corpus: SparseCorpus): Promise<number> {
  const words = await captionWords();
  const random = new Random(corpus.seed ?? 1);
  let images = 0;
  const name = (split: string, number: number) =>
    `${split}/gpic_${split}_${String(number).padStart(5, "0")}.tar`;
  const shards = [
    ...Array.from({ length: corpus.shards }, (_, number) => ["train", number] as const),
    ...Array.from({ length: corpus.valShards ?? 0 }, (_, number) => ["val", number] as const),
  ];
  for (const [split, number] of shards) {
    const spread = Math.floor(corpus.imagesPerShard / 50);
    const count = corpus.imagesPerShard - spread + random.integer(2 * spread + 1);
    const tiers = split !== "train" ? [] : number < 80 ? ["nano", "lite", "full"] : ["lite", "full"];
    writeShard(join(folder, name(split, number)), count, () => record(random, words, `${images++}`, tiers));
  }
  return images;
}

interface MadeRecord {
  readonly key: string;
  readonly json: Buffer;
  readonly imageBytes: number;
  readonly extension: string;
}

function record(random: Random, words: readonly string[], id: string, tiers: readonly string[]): MadeRecord {
  const key = createHash("sha256").update(id).digest("hex");
  const [license, license_url] = drawWeighted(licences, random.next());
  const [img_width, img_height] = drawWeighted(sizes, random.next());
  const [caption_type, fewest, most] = drawWeighted(captionKinds, random.next());
  const begin = random.integer(words.length - most);
  const json = {
    retrieved_at: `2026-0${1 + random.integer(5)}-1${random.integer(10)}T00:00:00Z`,
    license,
    license_url,
    attribution: `Photographer ${random.integer(200_000)}${drawWeighted(credits, random.next())}`,
    key,
    img_width,
    img_height,
    split: tiers,
    caption_type,
    caption: words.slice(begin, begin + fewest + random.integer(most - fewest)).join(" "),
  };
  const imageBytes = Math.floor(MEAN_IMAGE_BYTES * (0.3 + 1.4 * random.next()));
  const extension = random.next() < 0.12 ? "png" : "jpg";
  return { key, json: Buffer.from(JSON.stringify(json)), imageBytes, extension };
}

function writeShard(path: string, images: number, next: () => MadeRecord): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "w");
  try {
    let at = 0;
    for (let image = 0; image < images; image++) {
      const { key, json, imageBytes, extension } = next();
      const jsonBlocks = padded(json.length);
      const head = Buffer.alloc(2 * TAR_BLOCK_BYTES + jsonBlocks);
      head.set(tarFileHeader(`${key}.json`, json.length), 0);
      head.set(json, TAR_BLOCK_BYTES);
      head.set(tarFileHeader(`${key}.${extension}`, imageBytes), TAR_BLOCK_BYTES + jsonBlocks);
      writeSync(file, head, 0, head.length, at);
      at += head.length + padded(imageBytes);
    }
    ftruncateSync(file, at + 2 * TAR_BLOCK_BYTES);
  } finally {
    closeSync(file);
  }
}

function padded(size: number): number {
  return Math.ceil(size / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
}
