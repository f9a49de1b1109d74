import assert from "node:assert/strict";
import { test } from "node:test";
import { shareOf } from "gpic-lab/core";

test("Wilson's interval is the published one, stays in 0..1, and covers its share", () => {
  // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29
  const published: readonly [number, number, number, number][] = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ];
  for (const [count, of, low, high] of published) {
    const { low: least, high: most } = shareOf(count, of);
    // printed to four digits
    assert.ok(Math.abs(least - low) <= 0.00005 && Math.abs(most - high) <= 0.00005, `${least} to ${most}`);
  }
  assert.equal(shareOf(5, 5).high, 1);
  assert.deepEqual(shareOf(0, 0), { share: Number.NaN, count: 0, total: 0, low: 0, high: 1 });
  for (const [count, total] of [
    [3, 2],
    [-1, 2],
    [Number.NaN, 2],
  ] as const)
    assert.throws(
      () => shareOf(count, total),
      /^RangeError: Cannot make a share: a count from 0 to 2 is needed/,
    );
});
