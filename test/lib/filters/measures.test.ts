import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { samplePool } from "gpic-lab/corpus";
import {
  brightnessOf,
  creteBlur,
  type Luma,
  laplacianVariance,
  lumaOf,
  measureQuality,
} from "gpic-lab/filters";
import { decode, type Pixels, resize, scaledToSide } from "gpic-lab/images";
import { packageFile } from "gpic-lab/io";

function noise(width: number, height: number, seed: number): Luma {
  const random = new Random(seed);
  return { width, height, data: Uint8Array.from({ length: width * height }, () => random.integer(256)) };
}

function rgb({ width, height, data }: Luma): Pixels {
  return {
    width,
    height,
    data: Uint8Array.from({ length: data.length * 3 }, (_, i) => data[Math.floor(i / 3)]!),
  };
}

/** The first photographs of the pool that are at least 1,000 px wide. */
async function largePhotographs(count: number): Promise<Pixels[]> {
  const large: Pixels[] = [];
  for (const { kind, key, readImage } of await samplePool()) {
    if (large.length === count) break;
    if (kind !== "photograph") continue;
    const pixels = await decode(await readImage(), key);
    if (pixels.width >= 1000) large.push(pixels);
  }
  return large;
}

test("luma is Pillow's, at the ends and between", () => {
  const data = new Uint8Array([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 12, 200, 99]);
  // Image.new("RGB", (1, 1), colour).convert("L")
  assert.deepEqual([...lumaOf({ width: 5, height: 1, data }).data], [76, 150, 29, 255, 132]);
});

test("an even picture has no entropy, no contrast and no edge, and counts as blurred", () => {
  const flat = measureQuality(rgb({ width: 300, height: 20, data: new Uint8Array(6000).fill(100) }));
  assert.deepEqual([flat.entropyBits, flat.contrast, flat.meanLuma], [0, 0, 100]);
  assert.deepEqual([flat.laplacianVariance, flat.laplacianVarianceAt256, flat.blurAt256], [0, 0, 1]);
});

test("all 256 values alike have eight bits, and their mean, contrast and clipped shares", () => {
  const ramp = { width: 256, height: 1, data: Uint8Array.from({ length: 256 }, (_, i) => i) };
  const { entropyBits, contrast, meanLuma, darkShare, brightShare } = brightnessOf(ramp);
  assert.deepEqual([entropyBits, meanLuma, darkShare, brightShare], [8, 127.5, 16 / 256, 20 / 256]);
  // the variance of 0..255 is (256^2 - 1) / 12
  assert.ok(Math.abs(contrast - Math.sqrt(65535 / 12)) < 1e-12);
});

test("the variance of the Laplacian is that of a plain double loop with mirrored edges, for odd sizes too", () => {
  for (const [width, height] of [
    [1, 1],
    [1, 7],
    [9, 1],
    [2, 2],
    [13, 8],
  ] as const) {
    const { data } = noise(width, height, width);
    const at = (x: number, y: number) => {
      const fold = (i: number, n: number) => (n === 1 ? 0 : i < 0 ? -i : i >= n ? 2 * n - 2 - i : i);
      return data[fold(y, height) * width + fold(x, width)]!;
    };
    const values: number[] = [];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        values.push(at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4 * at(x, y));
    const mean = values.reduce((a, b) => a + b) / values.length;
    const expected = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    // squares up to 1e6 are summed exactly; the two ways round differently in the last digits
    const measured = laplacianVariance({ width, height, data });
    assert.ok(Math.abs(measured - expected) <= 1e-9 * Math.max(1, expected), `${width} x ${height}`);
  }
});

test("Crete's blur is that of the definition, written out", () => {
  const luma = noise(31, 17, 5);
  const at = (x: number, y: number) =>
    luma.data[Math.min(16, Math.max(0, y)) * 31 + Math.min(30, Math.max(0, x))]!;
  const blur = (dx: number, dy: number) => {
    const mean = (x: number, y: number) => {
      let sum = 0;
      for (let k = -4; k <= 4; k++) sum += at(x + k * dx, y + k * dy);
      return sum / 9;
    };
    let all = 0;
    let kept = 0;
    for (let y = dy; y < 17; y++)
      for (let x = dx; x < 31; x++) {
        const sharp = Math.abs(at(x, y) - at(x - dx, y - dy));
        all += sharp;
        kept += Math.max(0, sharp - Math.abs(mean(x, y) - mean(x - dx, y - dy)));
      }
    return (all - kept) / all;
  };
  // sums of some hundred numbers of which each is exact to 1e-14
  assert.ok(Math.abs(creteBlur(luma) - Math.max(blur(1, 0), blur(0, 1))) < 1e-12);
});

test("at half the size a photograph's measures at 256 px stay, while that at the own size nearly doubles for some", async () => {
  const changes = [];
  for (const large of await largePhotographs(4)) {
    const [width, height] = [Math.round(large.width / 2), Math.round(large.height / 2)];
    const [a, b] = [measureQuality(large), measureQuality(resize(large, { width, height }, "bicubic"))];
    assert.ok(Math.abs(a.blurAt256 - b.blurAt256) < 0.02, `${a.blurAt256} ${b.blurAt256}`);
    // two bicubic steps are a little softer than one
    const kept = b.laplacianVarianceAt256 / a.laplacianVarianceAt256;
    assert.ok(kept > 0.8 && kept < 1.25, String(kept));
    changes.push(b.laplacianVariance / a.laplacianVariance);
  }
  assert.ok(Math.max(...changes) > 1.8, String(changes));
});

test("of a real photograph the measures are those of OpenCV 5.0, scikit-image 0.26 and numpy", async () => {
  const file = packageFile("data", "decode", "files", "420-q90.jpg");
  const measures = measureQuality(await decode(readFileSync(file), "420-q90.jpg"));
  const golden = {
    laplacianVariance: 4317.712912982473, // cv2.Laplacian(gray, cv2.CV_64F).var()
    laplacianVarianceAt256: 4317.712912982473, // the picture is smaller than 256 px, and is not enlarged
    entropyBits: 7.453849485874471, // skimage.measure.shannon_entropy(gray)
    meanLuma: 168.90652249738403,
    contrast: 60.080009867174596,
  };
  for (const [name, value] of Object.entries(golden)) {
    const measured = measures[name as keyof typeof golden];
    // sums of 2,867 float64 in another order
    assert.ok(Math.abs(measured / value - 1) < 1e-12, `${name}: ${measured}`);
  }
});

test("blurring a photograph raises Crete's blur and lowers the Laplacian's variance, each time", async () => {
  for (let picture of await largePhotographs(2)) {
    const { width, height } = picture;
    let before = measureQuality(picture);
    for (const part of [8, 16, 32]) {
      const little = { width: Math.round(width / part), height: Math.round(height / part) };
      picture = resize(resize(picture, little, "bicubic"), { width, height }, "bicubic");
      const after = measureQuality(picture);
      assert.ok(after.blurAt256 > before.blurAt256, `1/${part}: ${before.blurAt256} ${after.blurAt256}`);
      assert.ok(after.laplacianVariance < before.laplacianVariance, `1/${part}`);
      before = after;
    }
  }
});

test("scaling keeps the proportions, enlarges nothing, and leaves at least a pixel", () => {
  const scene = (width: number, height: number) => rgb(noise(width, height, 1));
  const size = ({ width, height }: Pixels) => [width, height];
  assert.deepEqual(size(scaledToSide(scene(720, 360), 256)), [256, 128]);
  assert.deepEqual(size(scaledToSide(scene(100, 360), 256)), [71, 256]);
  assert.deepEqual(size(scaledToSide(scene(20, 10), 256)), [20, 10]);
  assert.deepEqual(size(scaledToSide(scene(2000, 1), 256)), [256, 1]);
});

test("a measure is the same for any size of picture, down to one pixel", () => {
  const one = measureQuality({ width: 1, height: 1, data: new Uint8Array([9, 9, 9]) });
  for (const [name, value] of Object.entries(one)) assert.ok(Number.isFinite(value), name);
});
