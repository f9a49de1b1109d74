/** Ways of spoiling a photograph. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openCorpus } from "gpic-lab/corpus";
import { decode, degradationById, degradations, type Pixels } from "gpic-lab/images";

/** Red rises to the right, green downwards. */
function slope(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set([5 * x, 5 * y, 90], (y * width + x) * 3);
  return { width, height, data };
}

function rootMeanSquare(a: Pixels, b: Pixels): number {
  return Math.sqrt(a.data.reduce((sum, value, i) => sum + (value - b.data[i]!) ** 2, 0) / a.data.length);
}

test("mirroring puts the left to the right, and twice gives the picture back", async () => {
  const picture = slope(6, 4);
  const mirror = degradationById("mirror");
  const mirrored = await mirror.apply(picture, 1);
  assert.deepEqual([...mirrored.data.subarray(0, 6)], [25, 0, 90, 20, 0, 90]);
  assert.deepEqual(await mirror.apply(mirrored, 1), picture);
});

test("the crop is the middle 60 % of each side", async () => {
  const { width, height, data } = await degradationById("crop").apply(slope(20, 10), 1);
  assert.deepEqual([width, height], [12, 6]);
  assert.deepEqual([...data.subarray(0, 3)], [20, 10, 90]);
  const smallest = await degradationById("crop").apply(slope(1, 1), 1);
  assert.deepEqual([smallest.width, smallest.height], [1, 1]);
});

test("of a photograph the stronger way leaves less than the weaker one, and all but the crop keep its size", async () => {
  const [record] = await (await openCorpus("sample")).draw(1, { seed: 3 });
  const picture = await decode(await record!.readImage(), record!.key);
  const before = Uint8Array.from(picture.data);
  const apart = new Map<string, number>();
  for (const { id, apply } of degradations) {
    const spoilt = await apply(picture, "a seed");
    if (id === "crop") continue;
    assert.deepEqual([spoilt.width, spoilt.height], [picture.width, picture.height]);
    apart.set(id, rootMeanSquare(picture, spoilt));
  }
  for (const kind of ["blur", "noise", "jpeg"])
    assert.ok(apart.get(`${kind}-light`)! > 0 && apart.get(`${kind}-light`)! < apart.get(`${kind}-strong`)!);
  assert.deepEqual(picture.data, before);
});

test("noise is drawn by its seed and rounded, not wrapped, at black and white", async () => {
  const black = { width: 40, height: 40, data: new Uint8Array(40 * 40 * 3) };
  const noise = degradationById("noise-light");
  const a = await noise.apply(black, "a");
  assert.deepEqual(await noise.apply(black, "a"), a);
  assert.notDeepEqual(await noise.apply(black, "b"), a);
  // sqrt(0.02) x 127.5 = 18 about 1: five deviations are 91
  assert.ok(Math.max(...a.data) < 100);
  assert.ok(a.data.some((value) => value === 0) && a.data.some((value) => value > 18));
});

test("a way that does not exist and a picture that is none are refused", async () => {
  assert.throws(() => degradationById("rain"), /one of blur-light, .* is needed, got "rain"/);
  for (const { apply } of degradations)
    await assert.rejects(apply({ width: 2, height: 2, data: new Uint8Array(5) }, 1), RangeError);
});
