/** A shard with ten kinds of damage between sound records, and the same across two shards. */
import { createHash } from "node:crypto";
import { tarArchive } from "gpic-lab/io";
import { madeJson } from "./made-shard.js";

/** A PNG's header and nothing else: enough for its size, and never decoded. */
export function madePng(widthPixels: number, heightPixels: number, text: string): Uint8Array {
  const head = Buffer.alloc(33);
  head.write("89504e470d0a1a0a0000000d49484452", "hex");
  head.writeUInt32BE(widthPixels, 16);
  head.writeUInt32BE(heightPixels, 20);
  return Buffer.concat([head, Buffer.from(text)]);
}

/** JSON and picture of a sound record. */
export function pngPair(text: string, changes: Record<string, unknown> = {}) {
  const image = madePng(640, 480, text);
  const json = madeJson(image, changes);
  const key = createHash("sha256").update(image).digest("hex");
  const encoded: Uint8Array = Buffer.from(JSON.stringify(json));
  return [
    { name: `${key}.json`, bytes: encoded },
    { name: `${key}.png`, bytes: image },
  ] as const;
}

/** The shard, how many of its records are sound, and which kinds of damage are in it. */
export function damagedShard(): { bytes: Uint8Array; sound: number; kinds: string[] } {
  const [lonelyJson] = pngPair("json without image");
  const [, lonelyImage] = pngPair("image without json");
  const [broken, brokenImage] = pngPair("broken");
  const [latin, latinImage] = pngPair("latin");
  const [marked, markedImage] = pngPair("marked");
  const [ofText, ofTextImage] = pngPair("no picture");
  const files = [
    ...pngPair("sound 0"),
    ...pngPair("missing", { caption: undefined }),
    ...pngPair("type", { img_width: "640" }),
    ...pngPair("range", { caption_type: "haiku" }),
    ...pngPair("sound 1"),
    ...pngPair("size", { img_height: 481 }),
    ...pngPair("key", { key: "0".repeat(64) }),
    lonelyJson,
    lonelyImage,
    { name: broken.name, bytes: broken.bytes.subarray(0, 40) },
    brokenImage,
    ...pngPair("sound 2"),
    { name: latin.name, bytes: Buffer.concat([Buffer.from([0xff, 0xfe]), latin.bytes]) },
    latinImage,
    { name: marked.name, bytes: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), marked.bytes]) },
    markedImage,
    ofText,
    { name: ofTextImage.name, bytes: Buffer.from("<html>") },
    { name: "readme\u001b[2J.txt", bytes: Buffer.from("x") },
    ...pngPair("sound 0"),
    ...pngPair("sound 3"),
    ...pngPair("hit"),
    ...pngPair("sound 4"),
  ];
  const bytes = tarArchive(files).slice(0, -1024);
  const hit = files.length - 4;
  const at = tarArchive(files.slice(0, hit)).length - 1024;
  bytes[at + 150]! ^= 0x5a;
  const kinds = [
    ...["byte-order-mark", "closing-blocks-missing", "duplicate-key", "field-missing", "field-range"],
    ...["field-type", "header-checksum", "image-size", "image-unreadable", "image-without-json"],
    ...["image-without-json", "json-broken", "json-not-utf8", "json-without-image", "key-not-name"],
    "unsupported-entry",
  ];
  return { bytes, sound: 5, kinds };
}
