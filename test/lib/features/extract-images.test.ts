import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openCorpus } from "gpic-lab/corpus";
import { extractFeatures } from "gpic-lab/features";
import { type ImageSet, openImages, type ProtocolId, protocolById } from "gpic-lab/images";
import { ownCache, temporary } from "../corpus/scratch.js";
import { digestOf, madeEncoder, rowsOf, WIDTH } from "./made-extraction.js";

ownCache();

/** The made encoder behind a real preparation. */
function encoderOf(protocol: ProtocolId, onInfer?: Parameters<typeof madeEncoder>[0]) {
  return {
    ...madeEncoder({ batchSize: 16, tellsPlace: true, ...onInfer }),
    protocol: protocolById(protocol),
  };
}

/** The first so many pictures of the sample, as bytes. */
async function pictures(count: number): Promise<{ key: string; bytes: Uint8Array }[]> {
  const found: { key: string; bytes: Uint8Array }[] = [];
  for await (const record of (await openCorpus("sample")).records()) {
    found.push({ key: record.key, bytes: await record.readImage() });
    if (found.length === count) break;
  }
  return found;
}

test("the sample gives the same bytes from memory with one thread, and from a folder that two calls share", async (t) => {
  const images = await openImages("sample");
  const encoder = encoderOf("gpic");
  const one = await extractFeatures(images, { encoder, workers: 1 });
  const folder = temporary(t);
  const shared = await Promise.all(
    [1, 2].map((workers) => extractFeatures(images, { encoder, workers, folder })),
  );
  const digests = await Promise.all([one, ...shared].map(digestOf));
  assert.equal(new Set(digests).size, 1);
  assert.equal(shared[0]!.imagesInferred + shared[1]!.imagesInferred, one.images);

  const keys: string[] = [];
  for await (const { key } of (await openCorpus("sample")).records()) keys.push(key);
  assert.ok(keys.length > 100);
  assert.deepEqual(await one.keys(), keys);
  assert.deepEqual(
    [one.failures, one.protocol, (await rowsOf(one)).length],
    [[], "gpic", keys.length * WIDTH],
  );
});

test("damaged files among sound ones are told of by kind, and change no other row", async (t) => {
  const folder = temporary(t);
  const sound = await pictures(6);
  for (const [at, { bytes }] of sound.entries()) writeFileSync(join(folder, `${at}.jpg`), bytes);
  const extract = (images: ImageSet) =>
    extractFeatures(images, { encoder: { ...encoderOf("gpic"), batchSize: 4 }, workers: 2 });
  const before = await extract(await openImages(folder));
  const first = sound[0]!.bytes;
  writeFileSync(join(folder, "1-cut.jpg"), first.subarray(0, first.length >> 1));
  writeFileSync(join(folder, "2-empty.png"), "");
  writeFileSync(join(folder, "3-text.webp"), "no picture");
  mkdirSync(join(folder, "deep"));
  writeFileSync(join(folder, "deep", "other.jpg"), "GIF89a\x01\0\x01\0\0\0\0;");
  const after = await extract(await openImages(folder));
  assert.deepEqual(
    after.failures.map(({ key, kind }) => `${key}: ${kind}`),
    [
      "1-cut.jpg: truncated",
      "2-empty.png: empty",
      "3-text.webp: not an image",
      "deep/other.jpg: unsupported",
    ],
  );
  assert.deepEqual(await after.keys(), await before.keys());
  assert.deepEqual(await rowsOf(after), await rowsOf(before));
});

test("pictures of many sizes go through a protocol that keeps their shape, in batches of one size each", async (t) => {
  const folder = temporary(t);
  for (const [at, { bytes }] of (await pictures(24)).entries())
    writeFileSync(join(folder, `${at}.jpg`), bytes);
  const sizes = new Set<string>();
  const encoder = encoderOf("sscd-288", {
    onInfer: ({ width, height }) => void sizes.add(`${width}x${height}`),
  });
  const images = await openImages(folder);
  const result = await extractFeatures(images, { encoder, workers: 2 });
  assert.ok(sizes.size > 3, [...sizes].join(" "));
  assert.ok([...sizes].every((size) => Math.min(...size.split("x").map(Number)) === 288));
  assert.equal(result.images, 24);
  assert.equal(
    await digestOf(result),
    await digestOf(await extractFeatures(images, { encoder, workers: 1 })),
  );
});
