/** Crops drawn by seed, and cut out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { crop, drawCrops, type Pixels } from "gpic-lab/images";

/** A picture whose every value tells its place. */
function numbered(width: number, height: number): Pixels {
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => i) };
}

test("a crop holds the pixels of its rectangle", () => {
  const { width, height, data } = crop(numbered(4, 3), { left: 1, top: 1, width: 2, height: 2 });
  assert.deepEqual([width, height], [2, 2]);
  assert.deepEqual([...data], [15, 16, 17, 18, 19, 20, 27, 28, 29, 30, 31, 32]);
  const whole = numbered(4, 3);
  assert.deepEqual(crop(whole, { left: 0, top: 0, width: 4, height: 3 }), whole);
});

test("a rectangle that is not inside is refused", () => {
  const place = { left: 0, top: 0, width: 4, height: 3 };
  for (const wrong of [{ left: 1 }, { top: -1 }, { width: 0 }, { height: 3.5 }, { left: Number.NaN }])
    assert.throws(() => crop(numbered(4, 3), { ...place, ...wrong }), /a rectangle inside 4 x 3 is needed/);
});

test("crops lie inside their pictures, of every picture, and each side is 40 % of it at least", () => {
  const sizes = [
    { width: 640, height: 480 },
    { width: 7, height: 1 },
    { width: 300, height: 900 },
  ];
  const crops = drawCrops(sizes, 2000, "seed");
  for (const { image, left, top, width, height } of crops) {
    const size = sizes[image]!;
    assert.ok(left >= 0 && top >= 0 && left + width <= size.width && top + height <= size.height);
    assert.ok(width >= Math.round(0.4 * size.width) && height >= Math.max(1, Math.round(0.4 * size.height)));
  }
  const counts = sizes.map((_, at) => crops.filter(({ image }) => image === at).length);
  // 2000 draws of 1/3: five standard deviations are 106
  for (const count of counts) assert.ok(Math.abs(count - 2000 / 3) < 106);
});

test("a seed gives the same crops, another seed others, and more crops begin with the same", () => {
  const sizes = [{ width: 100, height: 100 }];
  assert.deepEqual(drawCrops(sizes, 5, 7), drawCrops(sizes, 9, 7).slice(0, 5));
  assert.notDeepEqual(drawCrops(sizes, 5, 7), drawCrops(sizes, 5, 8));
  assert.throws(() => drawCrops([], 1, 7), RangeError);
});
