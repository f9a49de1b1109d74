/** A Gaussian blur: what it keeps, and what a plain sum over the plane gives. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { blur, type Pixels } from "gpic-lab/images";

function drawn(width: number, height: number): Pixels {
  const random = new Random("blur");
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
}

test("one grey stays one grey, up to the border", () => {
  const grey = { width: 9, height: 5, data: new Uint8Array(9 * 5 * 3).fill(137) };
  assert.deepEqual(blur(grey, 3), grey);
});

test("the middle of a white dot keeps the share that the bell has there", () => {
  const picture = { width: 21, height: 21, data: new Uint8Array(21 * 21 * 3) };
  picture.data[(10 * 21 + 10) * 3] = 255;
  const { data } = blur(picture, 1);
  // the sum of exp(-k^2/2) over all whole k is sqrt(2 pi) to 1e-8: the middle has 1/(2 pi) of the dot
  assert.equal(data[(10 * 21 + 10) * 3], Math.round(255 / (2 * Math.PI)));
  assert.equal(data[(10 * 21 + 12) * 3], Math.round((255 * Math.exp(-2)) / (2 * Math.PI)));
  assert.equal(data[(10 * 21 + 10) * 3 + 1], 0);
});

test("every pixel is the weighted mean of the plane about it, the border's pixels going on outside", () => {
  const picture = drawn(7, 4);
  const sigma = 1.3;
  const { data } = blur(picture, sigma);
  const reach = Math.ceil(4 * sigma);
  for (let y = 0; y < 4; y++)
    for (let x = 0; x < 7; x++) {
      let [sum, weights] = [0, 0];
      for (let dy = -reach; dy <= reach; dy++)
        for (let dx = -reach; dx <= reach; dx++) {
          const weight = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
          const [fromY, fromX] = [Math.min(3, Math.max(0, y + dy)), Math.min(6, Math.max(0, x + dx))];
          sum += weight * picture.data[(fromY * 7 + fromX) * 3 + 2]!;
          weights += weight;
        }
      // float32 between the passes moves 255 by 1e-5: only a tie could round otherwise
      assert.ok(Math.abs(data[(y * 7 + x) * 3 + 2]! - sum / weights) < 0.5001);
    }
});

test("a wide blur leaves the mean of the picture and little else", () => {
  const picture = drawn(40, 30);
  const spread = ({ data }: Pixels) => {
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    return { mean, sd: Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length) };
  };
  const [before, after] = [spread(picture), spread(blur(picture, 4))];
  assert.ok(Math.abs(before.mean - after.mean) < 3);
  // independent values: the weights' squares sum to about 1/(4 pi sigma^2), 1/14 of the deviation
  assert.ok(after.sd < before.sd / 8);
});

test("a sigma that is no length is refused", () => {
  for (const sigma of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => blur(drawn(3, 3), sigma), /Cannot blur: a sigma above 0 pixels is needed/);
  assert.throws(() => blur({ width: 3, height: 3, data: new Uint8Array(5) }, 1), /Cannot blur/);
});
