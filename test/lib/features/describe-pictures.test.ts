/** Pictures in memory, as features. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { describePictures } from "gpic-lab/features";
import type { Pixels } from "gpic-lab/images";
import { madeEncoder } from "./made-extraction.js";

function grey(level: number, width = 2): Pixels {
  return { width, height: 2, data: new Uint8Array(width * 2 * 3).fill(level) };
}

test("each picture gets its own row, in order, where sizes mix within a batch and the last batch is short", async () => {
  const pictures = [grey(10), grey(20, 3), grey(30), grey(40, 3), grey(50)];
  const sizes: number[] = [];
  const encoder = madeEncoder({ batchSize: 4, onInfer: ({ count }) => sizes.push(count) });
  const progress: number[] = [];
  const rows = await describePictures(
    encoder,
    pictures.map((picture, i) => (i % 2 === 0 ? () => picture : async () => picture)),
    { onProgress: ({ picturesDone }) => progress.push(picturesDone) },
  );
  assert.deepEqual([rows.count, rows.width], [5, 6]);
  assert.deepEqual(
    Array.from({ length: 5 }, (_, i) => Math.round(255 * rows.data[6 * i]!)),
    [10, 20, 30, 40, 50],
  );
  assert.deepEqual(sizes, [2, 2, 1]);
  assert.deepEqual(progress, [4, 5]);
});

test("a picture is made when its batch comes, and a signal stops before the next one", async () => {
  let made = 0;
  const stop = new AbortController();
  const picture = () => {
    if (++made === 3) stop.abort(new Error("stopped here"));
    return grey(made);
  };
  await assert.rejects(
    describePictures(madeEncoder({ batchSize: 2 }), Array(9).fill(picture), { signal: stop.signal }),
    /stopped here/,
  );
  assert.equal(made, 3);
});

test("no pictures give no rows", async () => {
  assert.deepEqual(await describePictures(madeEncoder(), []), {
    data: new Float32Array(0),
    count: 0,
    width: 6,
  });
});
