import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import {
  elementsOf,
  isRowMajor,
  rowMajorCopy,
  rowMajorStrides,
  spanOf,
  swapByteOrder,
} from "../../../lib/io/strided.js";

test("a transposed matrix is copied row by row", () => {
  assert.deepEqual(
    rowMajorCopy(new Uint8Array([1, 2, 3, 4, 5, 6]), 1, [3, 2], [1, 3]),
    new Uint8Array([1, 4, 2, 5, 3, 6]),
  );
});

test("a step of 0 repeats, an axis of 1 has any step, and no axes are one element", () => {
  assert.deepEqual(rowMajorCopy(new Uint8Array([7, 8]), 1, [2, 2], [0, 1]), new Uint8Array([7, 8, 7, 8]));
  assert.deepEqual(rowMajorCopy(new Uint8Array([7, 8]), 1, [1, 2, 1], [99, 1, 55]), new Uint8Array([7, 8]));
  assert.deepEqual(rowMajorCopy(new Uint8Array([7, 8]), 2, [], []), new Uint8Array([7, 8]));
});

test("an empty tensor has no elements and no span, whatever its other axes are", () => {
  const shape = [2 ** 53 - 1, 0, 2 ** 53 - 1];
  assert.equal(elementsOf(shape), 0);
  assert.equal(spanOf(shape, rowMajorStrides(shape)), 0);
  assert.ok(isRowMajor(shape, [1, 1, 1]));
  assert.equal(rowMajorCopy(new Uint8Array(0), 4, shape, [1, 1, 1]).length, 0);
});

test("copies agree with a reader that goes element by element, over a thousand shapes and strides", () => {
  const random = new Random(1);
  for (let round = 0; round < 1000; round++) {
    const itemBytes = [1, 2, 4, 8][random.integer(4)]!;
    const shape = Array.from({ length: random.integer(5) }, () => 1 + random.integer(4));
    const strides =
      random.integer(2) === 0
        ? shape.map(() => random.integer(9))
        : random.shuffle(rowMajorStrides(shape)).map((step) => step * (1 + random.integer(2)));
    const span = spanOf(shape, strides);
    const bytes = Uint8Array.from({ length: span * itemBytes }, () => random.integer(256));
    const expected: number[] = [];
    const visit = (axis: number, at: number): void => {
      if (axis === shape.length) expected.push(...bytes.subarray(at * itemBytes, (at + 1) * itemBytes));
      else for (let i = 0; i < shape[axis]!; i++) visit(axis + 1, at + i * strides[axis]!);
    };
    visit(0, 0);
    assert.deepEqual(
      [...rowMajorCopy(bytes, itemBytes, shape, strides)],
      expected,
      `[${shape}] by [${strides}]`,
    );
    if (isRowMajor(shape, strides)) assert.deepEqual([...bytes], expected);
  }
});

test("byte order is turned around number by number", () => {
  const bytes = [1, 2, 3, 4, 5, 6, 7, 8];
  assert.deepEqual([...swapByteOrder(new Uint8Array(bytes), 1)], bytes);
  assert.deepEqual([...swapByteOrder(new Uint8Array(bytes), 2)], [2, 1, 4, 3, 6, 5, 8, 7]);
  assert.deepEqual([...swapByteOrder(new Uint8Array(bytes), 4)], [4, 3, 2, 1, 8, 7, 6, 5]);
  assert.deepEqual([...swapByteOrder(new Uint8Array(bytes), 8)], [8, 7, 6, 5, 4, 3, 2, 1]);
});
