/** Differences of pictures: closed forms, invariants, the brute-force twin of the place, errors. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import {
  decode,
  differencePicture,
  mostDifferentPlace,
  type Pixels,
  pictureDifference,
  picturePng,
  protocolById,
  resize,
  roundedPixels,
} from "gpic-lab/images";

function noise(width: number, height: number, seed: string): Pixels {
  const random = new Random(seed);
  return {
    width,
    height,
    data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)),
  };
}

test("the difference of two pixels is what one writes down, whatever type they have", () => {
  const first = { width: 2, height: 1, data: Uint8Array.of(0, 10, 255, 7, 7, 7) };
  const second = { width: 2, height: 1, data: Float32Array.of(1.5, 10, 254, 7, 7, -8) };
  const { data, largest, mean } = pictureDifference(first, second);
  assert.deepEqual([...data], [1.5, 0, 1, 0, 0, 15]);
  assert.equal(largest, 15);
  assert.equal(mean, 17.5 / 6);
});

test("a picture does not differ from itself, and the order of two does not matter", () => {
  const [a, b] = [noise(31, 17, "a"), noise(31, 17, "b")];
  assert.deepEqual([pictureDifference(a, a).largest, pictureDifference(a, a).mean], [0, 0]);
  assert.deepEqual(pictureDifference(a, b), pictureDifference(b, a));
});

test("gpic is Pillow's bicubic itself, and edm2 the same filter without the 8 bits between its passes", () => {
  // grey enough that no overshoot is cut between the passes
  const { data, ...size } = noise(60, 45, "protocols");
  const pixels = { ...size, data: data.map((value) => 96 + (value >> 2)) };
  const bicubic = resize(pixels, { width: 224, height: 224 }, "bicubic");
  assert.equal(pictureDifference(protocolById("gpic").prepare(pixels), bicubic).largest, 0);
  // half a step of the first pass, times the second pass' absolute weights (at most 1.25), is less than one step: the
  // two sums are apart by less than 1, and what they round to by at most 1
  assert.ok(pictureDifference(roundedPixels(protocolById("edm2").prepare(pixels)), bicubic).largest <= 1);
});

test("a difference is shown magnified, and cut where it exceeds 255", () => {
  const black = { width: 1, height: 1, data: new Uint8Array(3) };
  const difference = pictureDifference(black, { width: 1, height: 1, data: Float32Array.of(0.4, 5, 100) });
  assert.deepEqual([...differencePicture(difference, 8).data], [3, 40, 255]);
});

test("floats are rounded and cut to 8 bits, and 8 bits stay the picture that they are", () => {
  const floats = { width: 1, height: 1, data: Float32Array.of(-3.2, 127.5, 260) };
  assert.deepEqual([...roundedPixels(floats).data], [0, 128, 255]);
  const bytes = noise(2, 2, "bytes");
  assert.equal(roundedPixels(bytes).data, bytes.data);
});

test("the PNG of a picture decodes to its pixels", async () => {
  const pixels = noise(9, 5, "png");
  assert.deepEqual((await decode(await picturePng(pixels), "a.png")).data, pixels.data);
});

test("the place where two pictures differ most is the one that a search of all places finds", () => {
  const [a, b] = [noise(23, 14, "c"), noise(23, 14, "d")];
  const difference = pictureDifference(a, b);
  for (const side of [1, 5, 14]) {
    let best = { left: 0, top: 0, sum: -1 };
    for (let top = 0; top + side <= 14; top++)
      for (let left = 0; left + side <= 23; left++) {
        let sum = 0;
        for (let y = top; y < top + side; y++)
          for (let i = (y * 23 + left) * 3; i < (y * 23 + left + side) * 3; i++) sum += difference.data[i]!;
        if (sum > best.sum) best = { left, top, sum };
      }
    const { left, top } = best;
    assert.deepEqual(mostDifferentPlace(difference, side), { left, top, width: side, height: side });
  }
});

test("pictures of two sizes, data of another length, and squares that do not fit are refused", () => {
  const [a, b] = [noise(3, 2, "e"), noise(2, 3, "f")];
  assert.throws(() => pictureDifference(a, b), {
    name: "RangeError",
    message: "Cannot compare pictures: two of one size are needed, got 3x2 and 2x3",
  });
  assert.throws(() => pictureDifference(a, { ...a, data: new Uint8Array(17) }), {
    name: "RangeError",
    message: "Cannot compare pictures: 3x2x3 values are needed, got 17",
  });
  assert.throws(() => mostDifferentPlace(pictureDifference(a, a), 3), /a square of 1 to 2 pixels is needed/);
  assert.throws(() => differencePicture(pictureDifference(a, a), 0), /a magnification above 0 is needed/);
});
