import assert from "node:assert/strict";
import { test } from "node:test";
import { type Caption, sampleCaptions, wilson } from "gpic-lab/captions";

test("Wilson's interval is the published one, stays in 0..1, and covers its share", () => {
  // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29
  const published: readonly [number, number, number, number][] = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ];
  for (const [count, of, low, high] of published) {
    const { interval } = wilson(count, of);
    // printed to four digits
    assert.ok(
      Math.abs(interval[0] - low) <= 0.00005 && Math.abs(interval[1] - high) <= 0.00005,
      `${interval}`,
    );
  }
  assert.deepEqual(wilson(5, 5).interval[1], 1);
  assert.deepEqual(wilson(0, 0).interval, [0, 1]);
  assert.throws(() => wilson(3, 2), RangeError);
});

test("a draw is seeded, without repeats, uniform, and all where there are few", async () => {
  const captions = Array.from({ length: 50 }, (_, i): Caption => ({ caption_type: "tag", caption: `${i}` }));
  const drawn = await sampleCaptions(captions, { limit: 10, seed: 3 });
  assert.equal(new Set(drawn.map(({ caption }) => caption)).size, 10);
  assert.deepEqual(await sampleCaptions(captions, { limit: 10, seed: 3 }), drawn);
  assert.deepEqual(await sampleCaptions(captions, { limit: 99 }), captions);
  const counts = new Array<number>(50).fill(0);
  for (let seed = 0; seed < 500; seed++)
    for (const { caption } of await sampleCaptions(captions, { limit: 10, seed })) counts[Number(caption)]!++;
  // 500 draws of 10 in 50: each 100 times, sd sqrt(500 * 0.2 * 0.8) = 8.9; five sd is never left by chance
  assert.ok(Math.min(...counts) > 55 && Math.max(...counts) < 145, `${counts}`);
  await assert.rejects(sampleCaptions(captions, { limit: 0 }), RangeError);
});
