/** The descriptors of the sample: of every image, in order, and those that the encoder gives where it is installed. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openCorpus } from "gpic-lab/corpus";
import { sampleDescriptors, sampleProtocolMoments } from "gpic-lab/features";
import { crop, decode, drawCrops, protocols } from "gpic-lab/images";
import { currentSettings, installSettings, packageFile, settingsFrom } from "gpic-lab/io";
import { frechetDistance } from "gpic-lab/metrics";
import { openEncoder } from "gpic-lab/models";
import { CROP_SEED, CROPS, describe } from "../../data/build/features.js";
import { readPool } from "../../data/build/pool.js";

installSettings(() => settingsFrom(process.env));
const isInstalled = existsSync(join(currentSettings().cache, "weights", "sscd-int8", "sscd.onnx"));
const skip = isInstalled ? false : "no encoder: gpic-lab models fetch sscd-int8";

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

test("every image of release and pool has its descriptor, in the order of the shards, of length 1", async () => {
  const keys: string[] = [];
  for await (const record of (await openCorpus("sample")).records()) keys.push(record.key);
  const pool = (await readPool(packageFile("data", "sample", "pool"))).map(({ metadata }) => metadata.key);
  for (const [part, expected] of [
    ["release", keys],
    ["pool", pool],
  ] as const) {
    const { keys: found, rows } = await sampleDescriptors(part);
    assert.deepEqual(found, expected);
    assert.equal(rows.width, 512);
    for (let i = 0; i < rows.count; i++) {
      const row = Float32Array.from(rows.data.subarray(i * 512, (i + 1) * 512));
      assert.ok(Math.abs(Math.hypot(...row) - 1) < 1e-5);
    }
  }
});

test("crops have length 1 up to the rounding to 16 bits", async () => {
  const { rows } = await sampleDescriptors("crops");
  assert.equal(rows.count, CROPS);
  for (let i = 0; i < rows.count; i += 50) {
    // 512 roundings of up to half of 1 / 32767, against numbers whose squares sum to 1
    const row = rows.data.subarray(i * 512, (i + 1) * 512);
    assert.ok(Math.abs(Math.hypot(...row) - 1) < 1e-3);
  }
});

test("the moments of the crops by sscd-320 are those of the crops' rows", async () => {
  const moments = await sampleProtocolMoments();
  assert.deepEqual([...moments.keys()].sort(), protocols.map(({ id }) => id).sort());
  const { rows } = await sampleDescriptors("crops");
  const { momentsOf } = await import("gpic-lab/features");
  const { fd } = await frechetDistance({ real: momentsOf({ rows }), generated: moments.get("sscd-320")! });
  // rounding to 1 / 32767 adds 512 variances of a twelfth of its square, and their cross terms: some 1e-6 of 1
  assert.ok(Math.abs(fd) < 1e-5, `${fd}`);
});

test("the encoder gives the committed descriptors again", { skip }, async () => {
  const images: Awaited<ReturnType<typeof decode>>[] = [];
  for await (const record of (await openCorpus("sample")).records())
    images.push(await decode(await record.readImage(), record.key));
  const encoder = await openEncoder("sscd-int8", { device: "cpu" });
  try {
    const release = await sampleDescriptors("release");
    const some = [0, 17, 80, 151];
    const rows = await describe(
      encoder,
      some.map((at) => () => images[at]!),
    );
    const crops = await sampleDescriptors("crops");
    const places = drawCrops(images, CROPS, CROP_SEED);
    const few = [0, 999, 2999];
    const cropRows = await describe(
      encoder,
      few.map((at) => () => crop(images[places[at]!.image]!, places[at]!)),
    );
    const pairs = [
      ...some.map((at, i) => [release.rows.data, at, rows, i] as const),
      ...few.map((at, i) => [crops.rows.data, at, cropRows, i] as const),
    ];
    for (const [committed, at, live, i] of pairs) {
      const there = Float32Array.from(committed.subarray(at * 512, (at + 1) * 512));
      // 8-bit products are summed otherwise by processors without VNNI: the same picture stays far above any other
      assert.ok(cosine(there, live.subarray(i * 512, (i + 1) * 512)) > 0.99);
    }
  } finally {
    await encoder.close();
  }
});
