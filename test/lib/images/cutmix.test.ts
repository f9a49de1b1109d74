/** CutMix: squares as torchvision makes them, places as the authors draw them, pixels of both pictures. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import {
  addNoise,
  type CutmixPattern,
  cutmix,
  cutmixPatterns,
  drawCutmix,
  type Pixels,
  squarePicture,
} from "gpic-lab/images";

const SIDE = 256;

function patterned(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.set([x * 7 + y * 3, x * x + 5 * y, 11 * x * y + 13], (y * width + x) * 3);
  return { width, height, data };
}

function plain(width: number, height: number, value: number): Pixels {
  return { width, height, data: new Uint8Array(width * height * 3).fill(value) };
}

function places(pattern: CutmixPattern | "all", count: number, seed: string) {
  const random = new Random(seed);
  return Array.from({ length: count }, () => drawCutmix(pattern, SIDE, random));
}

const shareOfPartner = ({ data }: Pixels) => data.filter((value) => value === 200).length / data.length;

// torchvision 0.29, Pillow 13: Compose([Resize(side), CenterCrop(side)]) of the Pillow image, SHA-256 of its bytes
for (const [width, height, side, sha256] of [
  [37, 50, 16, "90276e0f8ec6bef468ba5a851a07d85f90f2174681967f96db71e70127d709cb"],
  [64, 33, 21, "4848ba4b786d935e7a1747e1f682eda8ff814870db51df77b5553875f1e8a5bc"],
  [40, 40, 17, "425e3aee70d1c1d3d293f717ffda0a1a1dffad7f845c41cbd1bc8307f005585d"],
  [500, 375, 85, "5868ce13748456f89a035810a35dbf7b9c5bebaa80d7182dafbff8b8bacecd0f"],
] as const)
  test(`a picture of ${width} x ${height} becomes torchvision's square of ${side}, bit for bit`, () => {
    const { data } = squarePicture(patterned(width, height), side);
    assert.equal(createHash("sha256").update(data).digest("hex"), sha256);
  });

test("each pattern takes the share that it is named after, and a ninth is 85 pixels of 256", () => {
  const pictures = { base: plain(300, 400, 100), partner: plain(500, 280, 200) };
  const shares = { "1/2": 1 / 2, "1/4": 1 / 4, "1/9": (85 / SIDE) ** 2, "1/16": 1 / 16 };
  for (const pattern of cutmixPatterns)
    for (const place of places(pattern, 20, "share")) {
      const mixed = cutmix(pictures, place, SIDE);
      assert.deepEqual([mixed.width, mixed.height], [SIDE, SIDE]);
      assert.equal(shareOfPartner(mixed), shares[pattern]);
    }
});

test("halves lie right or below, quarters in the corners, ninths along the borders", () => {
  const seen = (pattern: CutmixPattern) =>
    new Set(places(pattern, 200, "places").map(({ left, top }) => `${left},${top}`));
  assert.deepEqual([...seen("1/2")].sort(), ["0,128", "128,0"]);
  assert.deepEqual([...seen("1/4")].sort(), ["0,0", "0,128", "128,0", "128,128"]);
  const ninths = places("1/9", 4000, "borders");
  const far = SIDE - 85;
  for (const { left, top } of ninths)
    assert.ok(left === 0 || top === 0 || left === far || top === far, `${left}, ${top}`);
  // a quarter of 4000 and a few corners; four standard deviations are 110
  for (const side of [
    ninths.filter(({ left }) => left === 0),
    ninths.filter(({ top }) => top === 0),
    ninths.filter(({ left }) => left === far),
    ninths.filter(({ top }) => top === far),
  ])
    assert.ok(side.length > 890 && side.length < 1140, `${side.length}`);
});

test("sixteenths keep five percent from every border and do not touch the middle fifth", () => {
  for (const { left, top, width, height } of places("1/16", 2000, "inside")) {
    assert.ok(Math.min(left, top) >= 12 && Math.max(left + width, top + height) <= SIDE - 12);
    const apart = left > 153 || left + width < 103 || top > 153 || top + height < 103;
    assert.ok(apart, `${left}, ${top}`);
  }
});

test("all draws each pattern with the same chance, and the same seed the same places", () => {
  const drawn = places("all", 4000, "all");
  for (const pattern of cutmixPatterns) {
    const count = drawn.filter((place) => place.pattern === pattern).length;
    // 1000 expected, standard deviation 27: five of them
    assert.ok(Math.abs(count - 1000) < 137, `${pattern}: ${count}`);
  }
  assert.deepEqual(places("all", 50, "all"), drawn.slice(0, 50));
});

test("a half shows what lies under it in the second picture, the others show it whole and small", () => {
  const [base, partner] = [plain(SIDE, SIDE, 0), patterned(SIDE, SIDE)];
  const halfPlace = places("1/2", 1, "under")[0]!;
  const halves = cutmix({ base, partner }, halfPlace, SIDE);
  const at = (halfPlace.top * SIDE + halfPlace.left) * 3;
  assert.deepEqual([...halves.data.subarray(at, at + 3)], [...partner.data.subarray(at, at + 3)]);
  const place = places("1/4", 1, "whole")[0]!;
  const quarter = cutmix({ base, partner }, place, SIDE);
  const small = squarePicture(partner, 128);
  for (const y of [0, 60, 127]) {
    const from = ((place.top + y) * SIDE + place.left) * 3;
    assert.deepEqual(
      quarter.data.subarray(from, from + 128 * 3),
      small.data.subarray(y * 128 * 3, (y + 1) * 128 * 3),
    );
  }
});

test("neither picture is changed by mixing", () => {
  const pictures = { base: plain(SIDE, SIDE, 1), partner: plain(SIDE, SIDE, 200) };
  cutmix(pictures, places("1/2", 1, "unchanged")[0]!, SIDE);
  assert.ok(pictures.base.data.every((value) => value === 1));
  assert.ok(pictures.partner.data.every((value) => value === 200));
});

test("unknown patterns, small sides and places outside are refused", () => {
  const random = new Random(1);
  assert.throws(() => drawCutmix("1/3" as CutmixPattern, SIDE, random), /a pattern out of 1\/2, 1\/4/);
  for (const side of [15, 0, 20.5, Number.NaN])
    assert.throws(() => drawCutmix("all", side, random), /at least 16 pixels/);
  const place = { ...places("1/4", 1, "outside")[0]!, left: 200 };
  const pictures = { base: plain(9, 9, 1), partner: plain(9, 9, 2) };
  assert.throws(() => cutmix(pictures, place, SIDE), /a place inside 256 x 256/);
});

test("noise keeps the variance of a picture of unit variance, and its ends are the picture and noise alone", () => {
  const picture = patterned(64, 64);
  const same = addNoise(picture, 0, 3);
  // floats of 24 bits around values up to 255
  assert.ok(same.data.every((value, i) => Math.abs(value - picture.data[i]!) < 1e-4));
  const moments = (data: ArrayLike<number>) => {
    const values = Array.from(data, (value) => value / 127.5 - 1);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
  };
  const noise = moments(addNoise(picture, 1, 3).data);
  // 12,288 normal numbers: standard errors 0.009 of the mean and 0.013 of the variance, five of each
  assert.ok(Math.abs(noise.mean) < 0.045 && Math.abs(noise.variance - 1) < 0.065);
  const half = moments(addNoise(picture, 0.4, 3).data);
  const expected = 0.6 * moments(picture.data).variance + 0.4;
  assert.ok(Math.abs(half.variance - expected) < 0.065 * expected, `${half.variance} for ${expected}`);
  assert.throws(() => addNoise(picture, 1.1, 3), /a share from 0 to 1 is needed, got 1.1/);
});
