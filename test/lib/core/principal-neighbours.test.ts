import assert from "node:assert/strict";
import { test } from "node:test";
import { keptNeighbours, principalComponents, Random } from "gpic-lab/core";

test("a neighbour that only a later axis tells is lost on a map of the first", () => {
  // along the first axis 0 and 1 are side by side; in the plane 0 and 2 are, and 1 and 3
  const scores = Float64Array.of(0, 0, 1, 9, 3, 0, 4, 9);
  assert.deepEqual(keptNeighbours({ components: 2, scores }, [1, 2]), [0, 1]);
});

test("all axes keep every neighbour, and these are the neighbours of the rows themselves", () => {
  const [count, width] = [40, 9];
  const random = new Random("kept");
  const rows = Float64Array.from({ length: count * width }, () => random.normal());
  const found = principalComponents(rows, count, { components: width });
  const [few, all] = keptNeighbours(found, [3, width]);
  assert.equal(all, 1);
  const nearest = (data: Float64Array, columns: number, of: number): number => {
    const squares = Array.from({ length: count }, (_, other) => {
      let sum = other === of ? Number.POSITIVE_INFINITY : 0;
      for (let i = 0; i < columns; i++) sum += (data[of * width + i]! - data[other * width + i]!) ** 2;
      return sum;
    });
    return squares.indexOf(Math.min(...squares));
  };
  let same = 0;
  for (let row = 0; row < count; row++)
    if (nearest(rows, width, row) === nearest(found.scores, 3, row)) same++;
  assert.equal(few, same / count);
});

test("axes that were not found are refused", () => {
  const found = { components: 2, scores: new Float64Array(8) };
  for (const axes of [0, 3, 1.5])
    assert.throws(() => keptNeighbours(found, [axes]), /1 to 2 axes are possible, got/);
});
