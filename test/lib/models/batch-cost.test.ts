import assert from "node:assert/strict";
import { test } from "node:test";
import { protocolById } from "gpic-lab/images";
import { batchCost, type Encoder, type ImageBatch } from "gpic-lab/models";

/** An encoder on a clock of its own: a call takes so long, and so long for each image. */
function timed(callSeconds: number, imageSeconds: number) {
  let seconds = 100;
  const batches: ImageBatch[] = [];
  const encoder: Encoder = {
    identity: { id: "made", layer: "made", weightsSha256: "0".repeat(64), builder: 1 },
    ...{ prefix: "sscd", width: 1, protocol: protocolById("gpic"), batchSize: 8, versions: {} },
    device: { device: "cpu", why: "made", tf32: "not applicable", threads: 1 },
    async infer(batch) {
      batches.push(batch);
      seconds += callSeconds + batch.count * imageSeconds;
      // as a session does, which hands the pixels to its thread
      structuredClone(batch.data, { transfer: [batch.data.buffer as ArrayBuffer] });
      return new Float32Array(batch.count);
    },
    async close() {},
  };
  return { encoder, batches, now: () => seconds };
}

test("a batch costs its call and its images, and the first call is not counted", async () => {
  const { encoder, batches, now } = timed(0.25, 0.125);
  const costs = await batchCost(encoder, { sizes: [1, 2, 6], now, seconds: 60 });
  assert.deepEqual(
    costs.map(({ images, seconds, imagesPerSecond }) => [images, seconds, imagesPerSecond]),
    [
      [1, 0.375, 1 / 0.375],
      [2, 0.5, 4],
      [6, 1, 6],
    ],
  );
  assert.deepEqual(
    costs.map(({ repeats }) => repeats),
    [9, 9, 9],
  );
  assert.equal(batches.length, 1 + 3 * 9);
  assert.deepEqual(
    batches.map(({ height, width }) => `${height} x ${width}`),
    batches.map(() => "224 x 224"),
  );
});

test("time that is short is shared, and a size that does not fit any more is left out", async () => {
  const { encoder, now } = timed(0, 1);
  const begun = now();
  const costs = await batchCost(encoder, { sizes: [1, 4, 16], now, seconds: 12 });
  assert.deepEqual(
    costs.map(({ images }) => images),
    [1, 4],
  );
  assert.ok(costs[0]!.repeats >= 2, "more than one measurement of the cheap one");
  assert.ok(now() - begun <= 12);
  const slow = timed(0, 100);
  assert.equal((await batchCost(slow.encoder, { sizes: [1, 2], now: slow.now, seconds: 5 })).length, 1);
});

test("it stops where it is told to, and refuses sizes that are none", async () => {
  const { encoder, now } = timed(0, 1);
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(batchCost(encoder, { sizes: [1], now, seconds: 1, signal }), /enough/);
  for (const sizes of [[], [0], [1.5]])
    await assert.rejects(batchCost(encoder, { sizes, now, seconds: 1 }), /whole sizes above 0 are needed/);
  const any = { ...encoder, protocol: { ...encoder.protocol, size: undefined as never } };
  await assert.rejects(batchCost(any, { sizes: [1], now, seconds: 1 }), /images of one size/);
});
