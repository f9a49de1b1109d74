import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { centreCrop, type Pixels, type ResizeFilter, resize } from "gpic-lab/images";
import { goldenJson, goldenPicture, madePicture } from "./resize-pictures.js";
import { resizeByDefinition } from "./resize-twin.js";

const FILTERS = ["bicubic", "bilinear", "lanczos", "box"] as const;

function picture(width: number, height: number, ...grey: number[]): Pixels {
  return { width, height, data: Uint8Array.from(grey.flatMap((value) => [value, 255 - value, 7])) };
}

function sha256(pixels: Pixels): string {
  return createHash("sha256").update(pixels.data).digest("hex");
}

test("box takes the mean of what it covers, halves up, after each pass", () => {
  const halved = resize(picture(2, 2, 0, 1, 10, 10), { width: 1, height: 1 }, "box");
  // red: (0 + 1) / 2 = 1 and 10, whose mean is 6; green: 254.5 = 255 and 245, whose mean is 250
  assert.deepEqual([...halved.data], [6, 250, 7]);
});

test("bilinear to twice the width goes by a quarter and three quarters", () => {
  const doubled = resize(picture(2, 1, 0, 100), { width: 4, height: 1 }, "bilinear");
  assert.deepEqual(
    [0, 3, 6, 9].map((at) => doubled.data[at]),
    [0, 25, 75, 100],
  );
});

test("a picture of one colour keeps it, whatever the size and filter", () => {
  const flat = { width: 37, height: 23, data: new Uint8Array(37 * 23 * 3).fill(201) };
  for (const filter of FILTERS)
    for (const size of [
      { width: 1, height: 1 },
      { width: 100, height: 5 },
      { width: 64, height: 64 },
    ]) {
      const { data } = resize(flat, size, filter);
      assert.equal(data.length, size.width * size.height * 3);
      assert.ok(data.every((value) => value === 201));
    }
});

test("the size that a picture has gives a copy, not the picture's own memory", () => {
  const pixels = madePicture(5, 4, 1);
  const copy = resize(pixels, { width: 5, height: 4 }, "lanczos");
  assert.deepEqual(copy, pixels);
  assert.notEqual(copy.data.buffer, pixels.data.buffer);
  // what a Buffer calls a slice is its own memory
  const buffer = Buffer.from(pixels.data);
  const ofBuffer = resize({ ...pixels, data: buffer }, { width: 5, height: 4 }, "lanczos");
  buffer.fill(0);
  assert.deepEqual(ofBuffer, pixels);
});

test("every filter agrees with its definition over sizes up and down, sides of one pixel, and pictures in bands", () => {
  const random = new Random("resize");
  const side = () => 1 + random.integer(random.integer(4) === 0 ? 3 : 60);
  const sizes = Array.from({ length: 24 }, () => [side(), side(), side(), side()] as const);
  // more than one band of rows, and more than one strip of columns
  sizes.push([450, 600, 30, 40], [30, 20, 300, 640], [2500, 2, 450, 400], [3, 2500, 200, 9]);
  for (const [seed, [fromWidth, fromHeight, width, height]] of sizes.entries())
    for (const filter of FILTERS) {
      const pixels = madePicture(fromWidth, fromHeight, seed);
      const size = { width, height };
      const expected = resizeByDefinition(pixels, size, filter);
      assert.deepEqual(resize(pixels, size, filter), expected, `${filter} ${sizes[seed]}`);
    }
});

test("a picture in the middle of a larger buffer is read from where it lies", () => {
  const { data } = madePicture(40, 30, 2);
  const part = { width: 20, height: 10, data: data.subarray(300, 900) };
  const alone = { ...part, data: part.data.slice() };
  assert.deepEqual(
    resize(part, { width: 7, height: 7 }, "bicubic"),
    resize(alone, { width: 7, height: 7 }, "bicubic"),
  );
});

test("Pillow 9.4 makes the same bytes: bicubic, and the centre crop before it", async () => {
  interface Case {
    readonly input: string;
    readonly op: "resize" | "centre-crop-resize";
    readonly size: number;
    readonly sha256: string;
  }
  const { cases } = goldenJson<{ cases: Case[] }>("resize", "pillow-9.4.json");
  assert.equal(cases.length, 40);
  for (const { input, op, size, sha256: expected } of cases) {
    const pixels = await goldenPicture("resize", input);
    const cropped = op === "resize" ? pixels : centreCrop(pixels);
    assert.equal(
      sha256(resize(cropped, { width: size, height: size }, "bicubic")),
      expected,
      `${input} ${op} ${size}`,
    );
  }
});

for (const order of ["rows-first", "pillow-13"] as const)
  test(`Pillow makes the same bytes with each of its four filters: ${order}`, () => {
    type Case = { seed: number; from: [number, number]; to: [number, number] } & Record<ResizeFilter, string>;
    const { cases } = goldenJson<{ cases: Case[] }>("resize", `${order}.json`);
    assert.equal(cases.length, 245);
    for (const { seed, from, to, ...expected } of cases) {
      const pixels = madePicture(...from, seed);
      for (const filter of FILTERS) {
        const made = resize(pixels, { width: to[0], height: to[1] }, filter, order);
        assert.equal(sha256(made).slice(0, 16), expected[filter], `${filter} ${from} to ${to}`);
      }
    }
  });

test("the two orders differ on some tall pictures, and on none that loses more width than height", () => {
  const tall = madePicture(300, 460, 3);
  const wide = madePicture(460, 300, 3);
  const size = { width: 224, height: 224 };
  assert.notDeepEqual(resize(tall, size, "bicubic"), resize(tall, size, "bicubic", "pillow-13"));
  assert.deepEqual(resize(wide, size, "bicubic"), resize(wide, size, "bicubic", "pillow-13"));
});

test("the centre crop cuts the odd pixel off at the right and at the bottom", () => {
  const row = picture(4, 1, 10, 20, 30, 40);
  assert.deepEqual(centreCrop(row), picture(1, 1, 20));
  const column = picture(2, 5, 0, 1, 10, 11, 20, 21, 30, 31, 40, 41);
  assert.deepEqual(centreCrop(column), picture(2, 2, 10, 11, 20, 21));
  const square = picture(1, 1, 9);
  assert.deepEqual(centreCrop(square), square);
  assert.notEqual(centreCrop(square).data, square.data);
});

test("sizes, filters, orders and pictures that cannot be are refused by name", () => {
  const pixels = picture(2, 1, 0, 1);
  for (const width of [0, -1, 1.5, Number.NaN, 2 ** 31])
    assert.throws(
      () => resize(pixels, { width, height: 1 }, "box"),
      (error) => error instanceof RangeError && error.message.includes(`got ${width}x1`),
    );
  const named =
    /^RangeError: Cannot resize: a filter out of bicubic, bilinear, lanczos, box is needed, got "toString"$/;
  assert.throws(() => resize(pixels, { width: 1, height: 1 }, "toString" as ResizeFilter), named);
  assert.throws(
    () => resize(pixels, { width: 1, height: 1 }, "box", "pillow-12" as "pillow-13"),
    /^RangeError: Cannot resize: an order out of rows-first, pillow-13 is needed, got "pillow-12"$/,
  );
  const short = { ...pixels, data: new Uint8Array(5) };
  assert.throws(() => resize(short, { width: 1, height: 1 }, "box"), /2x1x3 values are needed, got 5/);
  assert.throws(() => centreCrop(short), /^RangeError: Cannot crop: 2x1x3 values are needed, got 5$/);
});
