/** Moments: closed forms, invariants, numpy's numbers, errors. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gram, Random } from "gpic-lab/core";
import { Moments } from "gpic-lab/features";
import { expected } from "../io/numpy.js";

const { features, far } = expected;

function made(count: number, width: number, seed: string, mean: number = 0): Float32Array {
  const random = new Random(seed);
  return Float32Array.from(
    { length: count * width },
    (_, i) => mean + (1 + (i % width)) * (random.next() - 0.5),
  );
}

function momentsOf(rows: Float32Array, width: number): Moments {
  const moments = Moments.of(width);
  moments.add(rows, rows.length / width);
  return moments;
}

/** The largest difference, relative to the largest number. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < a.length; i++) {
    largest = Math.max(largest, Math.abs(b[i]!));
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
  }
  return difference / largest;
}

test("the moments of two rows are what one writes down", () => {
  const moments = momentsOf(Float32Array.of(1, 2, 3, 6), 2);
  assert.deepEqual([...moments.mean], [2, 4]);
  assert.deepEqual([...moments.covariance()], [2, 4, 4, 8]);
  assert.equal(moments.count, 2);
});

test("rows that are all the same have no covariance, however large they are", () => {
  const moments = Moments.of(3);
  for (let i = 0; i < 700; i++) moments.add(Float64Array.of(1e8, -1e8 / 3, 0.1), 1);
  assert.deepEqual([...moments.mean], [1e8, -1e8 / 3, 0.1]);
  assert.deepEqual([...moments.covariance()], new Array(9).fill(0));
});

test("moments are numpy's, also where the mean is a thousand times the spread", () => {
  // numpy sums in another order: rows x eps x (mean/spread)^2 is 1e-15 and 1e-8 at worst, pairwise sums do better
  const near = momentsOf(Float32Array.from(features.rows), 4);
  assert.ok(apart(near.mean, features.mu) < 1e-14 && apart(near.covariance(), features.sigma) < 1e-14);
  const distant = momentsOf(Float32Array.from(far.rows), 5);
  assert.ok(apart(distant.mean, far.mean) < 1e-15);
  assert.ok(apart(distant.covariance(), far.covariance) < 1e-11);
});

test("the product is that of plain loops, for widths and heights beside every tile and block", () => {
  for (const width of [1, 2, 3, 4, 5, 71, 72, 73, 75, 145])
    for (const count of [0, 1, 2, 511, 512, 513]) {
      const rows = made(count, width, `${width} ${count}`);
      const product = gram(rows, count, width);
      const plain = new Float64Array(width * width);
      for (let row = 0; row < count; row++)
        for (let i = 0; i < width; i++)
          for (let j = 0; j < width; j++)
            plain[i * width + j]! += rows[row * width + i]! * rows[row * width + j]!;
      // the same sums but for the join of two blocks
      if (count > 0) assert.ok(apart(product, plain) < 1e-14, `${count} x ${width}`);
      else assert.ok(product.every((value) => value === 0));
      for (let i = 0; i < width; i++)
        for (let j = 0; j < i; j++) assert.equal(product[i * width + j], product[j * width + i]);
    }
});

test("the size of the pieces does not change a bit", () => {
  const [count, width] = [1700, 7];
  const rows = made(count, width, "pieces", 50);
  const whole = momentsOf(rows, width);
  for (const piece of [1, 8, 511, 512, 513, 1024]) {
    const moments = Moments.of(width);
    for (let from = 0; from < count; from += piece) {
      const some = rows.subarray(from * width, (from + piece) * width);
      moments.add(some, some.length / width);
      // looking at them on the way changes nothing either
      if (from === piece) assert.equal(moments.mean.length, width);
    }
    assert.deepEqual(moments.mean, whole.mean);
    assert.deepEqual(moments.covariance(), whole.covariance());
  }
});

test("parts merged in any order have the moments of the whole within 1e-10", () => {
  const width = 6;
  // parts of unlike size and unlike, large means: what a shard of its own kind would be
  const parts = [1, 3, 600, 40, 1025, 7].map((count, i) => made(count, width, `part ${i}`, 300 * i));
  const rows = Float32Array.from(parts.flatMap((part) => [...part]));
  const whole = momentsOf(rows, width);
  const random = new Random("orders");
  const trees = Array.from({ length: 30 }, () => {
    const left = parts.map((part) => momentsOf(part, width));
    while (left.length > 1) {
      const [a] = left.splice(Math.floor(random.next() * left.length), 1);
      left[Math.floor(random.next() * left.length)]!.merge(a!);
    }
    return left[0]!;
  });
  for (const moments of trees) {
    assert.equal(moments.count, whole.count);
    assert.ok(apart(moments.mean, whole.mean) < 1e-10);
    assert.ok(apart(moments.covariance(), whole.covariance()) < 1e-10);
  }
});

test("merging leaves the other as it was, and no rows add nothing", () => {
  const one = momentsOf(made(600, 3, "one"), 3);
  const other = momentsOf(made(20, 3, "other"), 3);
  const before = other.toBinary();
  one.merge(other);
  assert.deepEqual(other.toBinary(), before);
  const covariance = one.covariance();
  one.merge(Moments.of(3));
  assert.deepEqual([one.count, one.covariance()], [620, covariance]);
  const empty = Moments.of(3);
  empty.merge(other);
  assert.deepEqual(empty.covariance(), other.covariance());
});

test("moments that were stored and read go on to the bit", () => {
  const rows = made(1100, 5, "stored", 9);
  const whole = momentsOf(rows, 5);
  for (const cut of [0, 1, 512, 700]) {
    const first = momentsOf(rows.slice(0, cut * 5), 5);
    const second = Moments.fromBinary(first.toBinary());
    second.add(rows.subarray(cut * 5), 1100 - cut);
    assert.deepEqual(second.toBinary(), whole.toBinary());
  }
  const numbers = whole.toBinary();
  for (const wrong of [
    numbers.slice(1),
    numbers.slice(0, -1),
    new Float64Array(0),
    Float64Array.of(2, 5, 0, 0),
  ])
    assert.throws(() => Moments.fromBinary(wrong), /the numbers that Moments.toBinary gives are needed/);
  numbers[9] = Number.NaN;
  assert.throws(() => Moments.fromBinary(numbers), RangeError);
});

/** Moments by promise, in pieces of so many rows. */
async function promised(rows: Float32Array, width: number, piece: number = Infinity): Promise<Moments> {
  const moments = Moments.of(width);
  const count = rows.length / width;
  for (let from = 0; from < count; from += piece) {
    const some = rows.subarray(from * width, Math.min(count, from + piece) * width);
    await moments.addRows(some, some.length / width);
  }
  return moments;
}

test("moments by promise are those of plain adding, for widths beside every panel and means far from zero", async () => {
  for (const width of [1, 95, 96, 127, 128, 129, 257, 300]) {
    const rows = made(1100, width, `wide ${width}`, 1000);
    const plain = momentsOf(rows, width);
    const moments = await promised(rows, width);
    await moments.settle();
    // the means by the same sums; products of 512 rows in another order: 512 x eps at the very most
    assert.deepEqual(moments.mean, plain.mean);
    assert.equal(moments.count, 1100);
    const covariance = moments.covariance();
    assert.ok(apart(covariance, plain.covariance()) < 1e-13, `${width}`);
    for (let i = 0; i < width; i++)
      for (let j = 0; j < i; j++) assert.equal(covariance[i * width + j], covariance[j * width + i]);
  }
});

test("by promise, too, neither the size of the pieces nor settling on the way changes a bit", async () => {
  const [count, width] = [1300, 130];
  const rows = made(count, width, "pieces", 50);
  const whole = await promised(rows, width);
  for (const piece of [7, 511, 512, 513, 1024])
    assert.deepEqual((await promised(rows, width, piece)).toBinary(), whole.toBinary());
  const settled = await promised(rows.subarray(0, 700 * width), width);
  await settled.settle();
  settled.covariance();
  await settled.addRows(rows.subarray(700 * width), count - 700);
  assert.deepEqual(settled.toBinary(), whole.toBinary());
  await Promise.all([settled.settle(), whole.settle()]);
  assert.deepEqual(settled.covariance(), whole.covariance());
});

test("moments by promise merge like others", async () => {
  const width = 100;
  const [one, other] = [made(530, width, "one", 9), made(90, width, "other", -9)];
  const moments = await promised(one, width);
  const part = await promised(other, width);
  await part.settle();
  moments.merge(part);
  const whole = momentsOf(Float32Array.of(...one, ...other), width);
  assert.ok(apart(moments.mean, whole.mean) < 1e-12);
  assert.ok(apart(moments.covariance(), whole.covariance()) < 1e-12);
});

test("moments are not used while rows are being added to them, and stay whole where some are wrong", async () => {
  const moments = Moments.of(100);
  const adding = moments.addRows(made(600, 100, "busy"), 600);
  assert.throws(
    () => moments.add(made(1, 100, "late"), 1),
    /what addRows or settle promised must be awaited/,
  );
  assert.throws(() => moments.mean, /must be awaited/);
  await assert.rejects(moments.addRows(made(1, 100, "late"), 1), /must be awaited/);
  await adding;
  await assert.rejects(moments.addRows(new Float32Array(100).fill(Number.NaN), 1), /Cannot add row 600: /);
  assert.equal(moments.count, 600);
});

test("what has no moments is an error that says what is missing", () => {
  assert.throws(() => Moments.of(0), /a width of at least 1 is needed, got 0/);
  const moments = momentsOf(Float32Array.of(1, 2), 2);
  assert.throws(() => moments.covariance(), /at least 2 rows are needed, got 1/);
  assert.throws(() => moments.add(new Float32Array(5), 2), /2 x 2 numbers are needed, got 5/);
  assert.throws(
    () => moments.add(Float32Array.of(1, 2, 3, Number.NaN), 2),
    /Cannot add row 2: .*got NaN in column 1/,
  );
  assert.equal(moments.count, 1);
  assert.throws(() => moments.merge(Moments.of(3)), /a width of 2 is needed, got 3/);
  assert.ok(Moments.of(2).mean.every(Number.isNaN));
});
