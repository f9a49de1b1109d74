/** Shards for tests: records with made-up images, and a folder laid out as the release. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { tarArchive } from "gpic-lab/io";

/** The JSON of a record that is sound unless fields are changed. */
export function madeJson(image: Uint8Array, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    retrieved_at: "2026-01-02T03:04:05Z",
    license: "CC BY 2.0",
    license_url: "https://creativecommons.org/licenses/by/2.0/",
    attribution: "Somebody on Flickr",
    key: createHash("sha256").update(image).digest("hex"),
    img_width: 640,
    img_height: 480,
    split: ["nano", "lite", "full"],
    caption_type: "short",
    caption: "A red boat lies on a pebble beach.",
    ...changes,
  };
}

/** JSON and image as two files of a shard. */
export function madePair(text: string, changes: Record<string, unknown> = {}, extension: string = "jpg") {
  const image = new TextEncoder().encode(text);
  const json = madeJson(image, changes);
  const stem = String(json.key);
  return [
    { name: `${stem}.json`, bytes: new TextEncoder().encode(JSON.stringify(json)) },
    { name: `${stem}.${extension}`, bytes: image },
  ] as const;
}

/** Writes shards into a folder; the paths are below it. */
export function writeShards(
  folder: string,
  shards: { readonly [path: string]: readonly { name: string; bytes: Uint8Array }[] },
): void {
  for (const [path, files] of Object.entries(shards)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), tarArchive(files));
  }
}
