import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { samplePool } from "gpic-lab/corpus";
import { hashImages, pixelHash, removeCopies, rowsOfKeys } from "gpic-lab/dedup";
import { sampleDescriptors } from "gpic-lab/features";
import { openImages, type Pixels } from "gpic-lab/images";
import { packageFile } from "gpic-lab/io";
import sharp from "sharp";
import { madeSet } from "../images/made-set.js";

const colours: Pixels = { width: 2, height: 3, data: Uint8Array.from({ length: 18 }, (_, i) => 14 * i) };

test("images are hashed in their order, with their places, whether or not somebody watches", async () => {
  const set = await openImages(packageFile("data", "sample", "pool"));
  const pool = await samplePool();
  const seen: number[] = [];
  const watched = await hashImages(set, { onProgress: (images) => seen.push(images) });
  assert.deepEqual(await hashImages(set), watched);
  assert.deepEqual(
    watched.images.map(({ key, place }) => [key, place]),
    pool.map(({ key }, place) => [key, place]),
  );
  assert.deepEqual(
    seen,
    pool.map((_, i) => i + 1),
  );
  const [first] = watched.images;
  const bytes = await pool[0]!.readImage();
  assert.equal(first!.bytesSha256, createHash("sha256").update(bytes).digest("hex"));
  assert.equal(first!.sizeBytes, bytes.length);
});

test("of two equal images of the pool the first stays where ties go by place", async () => {
  const { images } = await hashImages(await openImages(packageFile("data", "sample", "pool")));
  const place = new Map(images.map((image) => [image.key, image.place]));
  const rows = rowsOfKeys([...place.keys()], await sampleDescriptors("pool"));
  const { removed } = await removeCopies({ images, rows }, { rule: { ties: "place" } });
  const same = removed.filter(({ rule }) => rule === "same-bytes");
  assert.equal(same.length, 6);
  for (const { key, keptKey } of same) assert.ok(place.get(keptKey)! < place.get(key)!);
});

test("the hash of pixels is of the picture: of PNG at any compression, and of numbers; not of its shape's mirror", async () => {
  const { width, height, data } = colours;
  const png = (compressionLevel: number) =>
    sharp(data, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel })
      .toBuffer();
  const files = await Promise.all([png(0), png(9)]);
  const items = files.map((bytes, i) => ({ key: `${i}`, read: async () => ({ bytes }) }));
  const { images } = await hashImages(
    madeSet([...items, { key: "raw", read: async () => ({ pixels: colours }) }]),
  );
  assert.deepEqual(new Set(images.map(({ pixelsSha256 }) => pixelsSha256)), new Set([pixelHash(colours)]));
  assert.equal(new Set(images.map(({ bytesSha256 }) => bytesSha256)).size, 3);
  assert.notEqual(pixelHash({ width: height, height: width, data }), pixelHash(colours));
});

test("what is no picture is told and keeps its place; a disk that fails is no property of a picture", async () => {
  const bad = { key: "bad", read: async () => ({ bytes: Buffer.from("text") }) };
  const good = { key: "good", read: async () => ({ pixels: colours }) };
  const { images, unread } = await hashImages(madeSet([bad, good]));
  assert.deepEqual(
    images.map(({ key, place }) => [key, place]),
    [["good", 1]],
  );
  assert.equal(unread[0]!.key, "bad");
  assert.match(unread[0]!.message, /a JPEG, PNG or WebP is needed/);
  const failing = {
    key: "far",
    read: async () => Promise.reject(Object.assign(new Error("EIO"), { code: "EIO" })),
  };
  await assert.rejects(hashImages(madeSet([good, failing])), /EIO/);
});

test("of two images with one key the second is told, and is none of those that are compared", async () => {
  const twice = { key: "a", read: async () => ({ pixels: colours }) };
  const { images, unread } = await hashImages(madeSet([twice, twice, { ...twice, key: "b" }]));
  assert.deepEqual(
    images.map(({ key, place }) => [key, place]),
    [
      ["a", 0],
      ["b", 2],
    ],
  );
  assert.deepEqual(unread, [{ key: "a", message: "a key of its own is needed, got one of another image" }]);
});
