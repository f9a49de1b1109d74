import assert from "node:assert/strict";
import { test } from "node:test";
import { type Caption, sampleCaptions } from "gpic-lab/captions";

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
