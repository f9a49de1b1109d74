import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type FloatPixels,
  type InterpolationMethod,
  interpolate,
  type ResizeFilter,
  resizeFloat,
} from "gpic-lab/images";
import { goldenJson, madePicture, samplePlaces } from "./resize-pictures.js";

interface Case {
  readonly seed: number;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly method: ResizeFilter | InterpolationMethod;
  readonly values: readonly number[];
}

const cases = goldenJson<Case[]>("resize", "floats.json");
const METHODS: readonly InterpolationMethod[] = [
  ...(["torch-bilinear", "torch-bicubic", "torch-bilinear-antialias"] as const),
  ...(["torch-bicubic-antialias", "tensorflow1-bilinear"] as const),
];

function grey(width: number, height: number, ...values: number[]) {
  return { width, height, data: Uint8Array.from(values.flatMap((value) => [value, value, value])) };
}

function reds({ data }: FloatPixels): number[] {
  return [...data].filter((_, at) => at % 3 === 0);
}

function largestError(made: FloatPixels, expected: readonly number[]): number {
  const places = samplePlaces(expected.length, made.data.length);
  return Math.max(...places.map((at, k) => Math.abs(made.data[at]! - Math.fround(expected[k]!))));
}

/**
 * How far a sum in float32 may lie from the exact one after two passes. A pass of n products makes at most n + 1
 * roundings, each of at most 2^-24 of the largest partial sum; the weights of a window have magnitudes whose sum is at
 * most 1.6 (torch's bicubic), and a pass begins with what the first may have overshot to: 255 x 1.6 x 1.6.
 */
function tolerance({ from, to, method }: Case): number {
  const roundings = [0, 1].reduce((sum, side) => sum + taps(method, from[side]!, to[side]!) + 1, 0);
  return roundings * 2 ** -24 * 255 * 1.6 ** 2;
}

function taps(method: string, from: number, to: number): number {
  const radius = method.includes("bicubic") ? 2 : 1;
  return Math.ceil(2 * radius * (method.endsWith("antialias") ? Math.max(1, from / to) : 1)) + 1;
}

test("by hand: torch's half-pixel centres, TensorFlow's corner, antialias over all that is covered", () => {
  const ramp = grey(4, 1, 0, 10, 20, 90);
  const half = { width: 2, height: 1 };
  assert.deepEqual(reds(interpolate(ramp, half, "torch-bilinear")), [5, 55]);
  assert.deepEqual(reds(interpolate(ramp, half, "tensorflow1-bilinear")), [0, 20]);
  // triangles of radius 2 around 1 and 3: weights 3, 3, 1 of 7, as float32
  const antialiased = reds(interpolate(ramp, half, "torch-bilinear-antialias"));
  for (const [at, exact] of [(0 * 3 + 10 * 3 + 20) / 7, (10 + 20 * 3 + 90 * 3) / 7].entries())
    assert.ok(Math.abs(antialiased[at]! - exact) < 90 * 2 ** -22);
  // a = -0.75 at half a pixel: -3/32, 19/32, 19/32, -3/32; the left border counts twice
  const cubic = reds(interpolate(grey(2, 1, 32, 64), { width: 1, height: 1 }, "torch-bicubic"));
  assert.deepEqual(cubic, [48]);
});

test("bicubic overshoots and is neither clipped nor rounded", () => {
  const edge = grey(4, 1, 0, 0, 255, 255);
  for (const made of [
    resizeFloat(edge, { width: 8, height: 1 }, "bicubic"),
    interpolate(edge, { width: 8, height: 1 }, "torch-bicubic"),
    interpolate(edge, { width: 8, height: 1 }, "torch-bicubic-antialias"),
  ]) {
    assert.ok(Math.min(...made.data) < -1);
    assert.ok(Math.max(...made.data) > 256);
    assert.ok(made.data.some((value) => !Number.isInteger(value)));
  }
});

test("the size that a picture has gives its values, by every method", () => {
  const pixels = madePicture(13, 9, 1);
  for (const method of METHODS)
    assert.deepEqual([...interpolate(pixels, pixels, method).data], [...pixels.data]);
  assert.deepEqual([...resizeFloat(pixels, pixels, "lanczos").data], [...pixels.data]);
});

test("Pillow's mode F gives the same float32 values with each of its four filters", () => {
  const pillow = cases.filter(({ method }) => !method.includes("-"));
  assert.equal(pillow.length, 4 * 24);
  for (const { seed, from, to, method, values } of pillow) {
    const made = resizeFloat(
      madePicture(...from, seed),
      { width: to[0], height: to[1] },
      method as ResizeFilter,
    );
    assert.equal(largestError(made, values), 0, `${method} ${from} to ${to}`);
  }
});

for (const method of METHODS)
  test(`${method} differs from the original by its rounding alone`, () => {
    const mine = cases.filter((each) => each.method === method);
    assert.equal(mine.length, 24);
    for (const each of mine) {
      const [width, height] = each.to;
      const made = interpolate(madePicture(...each.from, each.seed), { width, height }, method);
      const error = largestError(made, each.values);
      assert.ok(error <= tolerance(each), `${each.from} to ${each.to}: ${error} > ${tolerance(each)}`);
    }
  });

test("methods, filters and sizes that do not exist are refused by name", () => {
  const pixels = madePicture(2, 2, 0);
  assert.throws(
    () => interpolate(pixels, { width: 1, height: 1 }, "bilinear" as InterpolationMethod),
    /^RangeError: Cannot interpolate: a method out of torch-bilinear, .*tensorflow1-bilinear is needed, got "bilinear"$/,
  );
  assert.throws(() => interpolate(pixels, { width: 0, height: 1 }, "torch-bilinear"), /got 0x1/);
  assert.throws(
    () => resizeFloat(pixels, { width: 1, height: 1 }, "mitchell" as ResizeFilter),
    /got "mitchell"/,
  );
  assert.throws(
    () => resizeFloat({ ...pixels, data: new Uint8Array(3) }, { width: 1, height: 1 }, "box"),
    /2x2x3 values are needed, got 3/,
  );
});
