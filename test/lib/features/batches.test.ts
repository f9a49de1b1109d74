import assert from "node:assert/strict";
import { test } from "node:test";
import { batchesOf } from "../../../lib/features/batches.js";
import { madePixels } from "./made-extraction.js";

test("images of one size stand side by side in a batch, byte for byte", () => {
  const images = [madePixels(1), madePixels(2), madePixels(3)];
  const [only, ...others] = batchesOf(images);
  assert.deepEqual(others, []);
  assert.deepEqual(only!.places, [0, 1, 2]);
  assert.deepEqual(
    [only!.batch.count, only!.batch.height, only!.batch.width, only!.batch.data],
    [3, 4, 4, Uint8Array.from(images.flatMap(({ data }) => [...data]))],
  );
});

test("images of different sizes never share a batch, not even those of as many pixels", () => {
  const images = [madePixels(1, 6, 2), madePixels(2, 2, 6), madePixels(3, 6, 2), madePixels(4, 4, 3)];
  assert.deepEqual(
    batchesOf(images).map(({ places, batch }) => [places, batch.width, batch.height, batch.data.length]),
    [
      [[0, 2], 6, 2, 72],
      [[1], 2, 6, 36],
      [[3], 4, 3, 36],
    ],
  );
});

test("float images stay float, no images are no batch, and a picture of the wrong length or type is refused", () => {
  const half = { width: 1, height: 1, data: new Float32Array([0.5, 1.5, 2.5]) };
  assert.deepEqual(batchesOf([half])[0]!.batch.data, half.data);
  assert.deepEqual(batchesOf([]), []);
  const whole = { width: 1, height: 1, data: new Uint8Array(3) };
  assert.throws(() => batchesOf([half, whole]), /3 numbers as Float32Array are needed, got 3 as Uint8Array/);
  assert.throws(() => batchesOf([{ ...whole, data: new Uint8Array(2) }]), TypeError);
});
