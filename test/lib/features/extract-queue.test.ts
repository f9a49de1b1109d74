import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { AheadQueue } from "../../../lib/features/extract-queue.js";

/** A queue of sizes, and how many of them a filler puts in until it has to wait. */
async function fill(
  queue: AheadQueue<{ readonly size: number }>,
  sizes: readonly number[],
  working: number,
): Promise<{ readonly put: () => number; readonly stop: () => Promise<void> }> {
  let put = 0;
  const filling = (async () => {
    for (const size of sizes) {
      await queue.room(working);
      queue.put(turn().then(() => ({ size })));
      put++;
    }
  })().catch(() => {});
  for (let i = 0; i < 100; i++) await turn();
  return {
    put: () => put,
    async stop() {
      queue.stop(new Error("enough"));
      await filling;
      await queue.settled();
    },
  };
}

function made(places: number, bytes: number): AheadQueue<{ readonly size: number }> {
  return new AheadQueue({ places, bytes, bytesOf: ({ size }) => size });
}

test("what waits in the queue is bounded in bytes where its places would take more, and goes on as it is taken", async () => {
  const queue = made(64, 100);
  const { put, stop } = await fill(queue, Array<number>(50).fill(30), 1);
  // 30, 60 and 90 leave room for one more
  assert.equal(put(), 4);
  assert.deepEqual([await queue.take(), await queue.take()], [{ size: 30 }, { size: 30 }]);
  for (let i = 0; i < 20; i++) await turn();
  assert.equal(put(), 6);
  await stop();
});

test("what is under way counts as the largest so far", async () => {
  const queue = made(64, 100);
  const { put, stop } = await fill(queue, Array<number>(50).fill(40), 2);
  // two were begun before any size was known; then 40 + 40 leave room for one
  assert.equal(put(), 3);
  await stop();
});

test("one image larger than all of the bytes goes through, and places bound small ones", async () => {
  const large = made(64, 100);
  const { put, stop } = await fill(large, [1000, 1000, 1000], 1);
  assert.equal(put(), 1);
  for (let taken = 1; taken <= 3; taken++) {
    assert.deepEqual(await large.take(), { size: 1000 });
    for (let i = 0; i < 20; i++) await turn();
    assert.equal(put(), Math.min(3, taken + 1));
  }
  await stop();
  const small = await fill(made(5, 100), Array<number>(50).fill(1), 2);
  assert.equal(small.put(), 5);
  await small.stop();
});
