/** Writes the shards of a release: JSON and picture for each image, streamed, whole or not there, the same bytes each time. */
import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { encodedImage } from "../images/index.js";
import { makeFolder, replaceFile, TAR_BLOCK_BYTES, tarFileHeader } from "../io/index.js";
import type { CaptionedRecord } from "./captions-stage.js";
import type { WrittenShard } from "./manifest.js";
import type { PlannedShard } from "./splits.js";
import { hashOf, type WorkFolder } from "./work-folder.js";

/**
 * Writes one shard, or finds it written.
 * @param records of the whole release, by the numbers that the plan uses
 * @throws Error where a picture's bytes are no longer those that were hashed
 */
export async function writeShard(
  { name, tiers, images }: PlannedShard,
  records: readonly CaptionedRecord[],
  { work, signal }: { readonly work: WorkFolder; readonly signal: AbortSignal | undefined },
): Promise<WrittenShard> {
  const path = join(work.out, name);
  const entries = images.map((number) => ({
    record: records[number]!,
    json: metadataOf(records[number]!, tiers),
  }));
  const of = hashOf(entries.map(({ json }) => json));
  const block = name.replaceAll("/", "-");
  const make = async (): Promise<WrittenShard> => {
    let written = { bytes: 0, sha256: "" };
    await makeFolder(dirname(path));
    await replaceFile(path, async (beside) => {
      written = await writeTar(beside, entries, signal);
    });
    return { name, images: images.length, ...written };
  };
  const shard = await work.block("shards", block, { of, make });
  const found = await stat(path).catch(() => undefined);
  // somebody took it away, or cut it, since it was written
  if (found?.size !== shard.bytes) return make();
  return shard;
}

async function writeTar(
  path: string,
  entries: readonly { readonly record: CaptionedRecord; readonly json: string }[],
  signal: AbortSignal | undefined,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  const file = await open(path, "wx");
  let bytes = 0;
  const put = async (data: Uint8Array) => {
    hash.update(data);
    await file.writeFile(data);
    bytes += data.length;
  };
  const entry = async (name: string, data: Uint8Array) => {
    await put(tarFileHeader(name, data.length));
    await put(data);
    await put(new Uint8Array((TAR_BLOCK_BYTES - (data.length % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES));
  };
  try {
    for (const { record, json } of entries) {
      signal?.throwIfAborted();
      const { releaseKey, record: image } = record;
      const picture = await image.readImage();
      if (createHash("sha256").update(picture).digest("hex") !== releaseKey)
        throw new Error(
          `Cannot write ${path}: the picture ${JSON.stringify(image.key)} as it was read before is needed, got other bytes; has ${image.shard} changed?`,
        );
      await entry(`${releaseKey}.json`, new TextEncoder().encode(json));
      const { format } = encodedImage(picture, releaseKey);
      await entry(`${releaseKey}.${format === "png" ? "png" : "jpg"}`, picture);
    }
    await put(new Uint8Array(2 * TAR_BLOCK_BYTES));
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** The ten fields of the data card, in the release's order. */
function metadataOf(
  { record, releaseKey, widthPixels, heightPixels, captionType, caption }: CaptionedRecord,
  tiers: PlannedShard["tiers"],
): string {
  const { retrieved_at, license, license_url, attribution } = record;
  return JSON.stringify({
    ...{ retrieved_at, license, license_url, attribution, key: releaseKey },
    ...{ img_width: widthPixels, img_height: heightPixels, split: tiers },
    ...{ caption_type: captionType, caption },
  });
}
