/** Batches that memory is too small for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ImageBatch } from "gpic-lab/models";
import { inPieces } from "../../../lib/models/infer-in-pieces.js";

/** Images of one pixel, whose red value is their number. */
function images(count: number): ImageBatch {
  const data = Uint8Array.from({ length: count * 3 }, (_, i) => (i % 3 === 0 ? i / 3 : 0));
  return { count, height: 1, width: 1, data };
}

/** An engine with room for some images, whose feature is the red value; it keeps what it was asked for. */
function engine(room: number, message: string) {
  const asked: number[] = [];
  const infer = async ({ count, data }: ImageBatch) => {
    asked.push(count);
    if (count > room) throw new Error(message);
    return Float32Array.from({ length: count }, (_, i) => data[3 * i]!);
  };
  return { asked, infer };
}

const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => i);

for (const message of [
  "CUDA failure 2: out of memory",
  "Failed to allocate memory for requested buffer of size 268435456",
  "std::bad_alloc",
])
  test(`where memory runs out (${message}) pieces are halved, once for all, and no image is lost`, async () => {
    const { asked, infer } = engine(3, message);
    const run = inPieces(infer, 1);
    assert.deepEqual(await run(images(10)), { features: numbers(10), mostImages: 2 });
    assert.deepEqual(asked, [10, 5, 2, 2, 2, 2, 2]);
    asked.length = 0;
    assert.deepEqual(await run(images(4)), { features: numbers(4), mostImages: 2 });
    assert.deepEqual(asked, [2, 2]);
  });

test("where memory suffices a batch goes in one piece", async () => {
  const { asked, infer } = engine(64, "");
  assert.deepEqual(await inPieces(infer, 1)(images(9)), {
    features: numbers(9),
    mostImages: Number.POSITIVE_INFINITY,
  });
  assert.deepEqual(asked, [9]);
});

test("one image that memory is too small for, and any other failure, are errors", async () => {
  const small = engine(0, "out of memory");
  await assert.rejects(inPieces(small.infer, 1)(images(4)), /out of memory/);
  assert.deepEqual(small.asked, [4, 2, 1]);
  const broken = engine(0, "Got invalid dimensions for input");
  await assert.rejects(inPieces(broken.infer, 1)(images(4)), /invalid dimensions/);
  assert.deepEqual(broken.asked, [4]);
  await assert.rejects(
    inPieces(async () => new Float32Array(3), 1)(images(4)),
    /4 features are needed, got 3/,
  );
});
