import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { inOrder } from "gpic-lab/core";

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Work that ends when it is told to, and counts what runs. */
function bench() {
  const open = new Map<number, () => void>();
  const begun: number[] = [];
  return {
    begun,
    running: () => [...open.keys()],
    end: (item: number) => open.get(item)!(),
    work: async (item: number) => {
      begun.push(item);
      await new Promise<void>((resolve) => open.set(item, resolve));
      open.delete(item);
      return item;
    },
  };
}

test("one slow item holds one place: the others run on, in a window of 64 times as many", async () => {
  const { work, running, end, begun } = bench();
  const results = inOrder(() => numbers(400), work, { atOnce: 4 });
  const first = results.next();
  await pause(1);
  assert.deepEqual(running(), [0, 1, 2, 3]);
  for (let item = 1; item < 253; item++) {
    end(item);
    await new Promise(setImmediate);
    // item 0 runs all the while, and three others beside it
    assert.equal(running().length, 4, `after ${item}`);
  }
  for (const item of [253, 254, 255]) end(item);
  await pause(1);
  // the window is full: 256 under way or waiting, all but the first done
  assert.deepEqual(running(), [0]);
  assert.equal(begun.length, 256);
  end(0);
  assert.deepEqual(await first, { done: false, value: 0 });
  for (let item = 1; item < 256; item++) assert.equal((await results.next()).value, item);
  const rest = (async () => {
    const all: number[] = [];
    for await (const item of results) all.push(item);
    return all;
  })();
  while (begun.length < 400 || running().length > 0) {
    assert.ok(running().length <= 4);
    for (const item of running()) end(item);
    await new Promise(setImmediate);
  }
  assert.deepEqual(await rest, numbers(400).slice(256));
});

test("results come in the items' order, whatever time each takes, and no more run at once than may", async () => {
  let [running, most] = [0, 0];
  const results: number[] = [];
  const work = async (item: number) => {
    most = Math.max(most, ++running);
    await pause((item * 7) % 5);
    running--;
    return item * 2;
  };
  for await (const result of inOrder(() => numbers(50), work, { atOnce: 3 })) results.push(result);
  assert.deepEqual(
    results,
    numbers(50).map((item) => item * 2),
  );
  assert.equal(most, 3);
});

test("one at once is one after the other, and a source without items has no results", async () => {
  const log: string[] = [];
  const work = async (item: number) => {
    log.push(`begins ${item}`);
    await pause(1);
    log.push(`ends ${item}`);
    return item;
  };
  for await (const item of inOrder(() => numbers(2), work, { atOnce: 1 })) log.push(`has ${item}`);
  assert.deepEqual(log, ["begins 0", "ends 0", "has 0", "begins 1", "ends 1", "has 1"]);
  for await (const _ of inOrder(() => [], work, { atOnce: 1 })) assert.fail();
});

test("what the work or the source throws comes in its turn, after every result before it", async () => {
  const collect = async (results: AsyncIterable<number>) => {
    const all: number[] = [];
    const error = await (async () => {
      for await (const item of results) all.push(item);
    })().catch((thrown: Error) => thrown.message);
    return [all, error];
  };
  const late = async (item: number) => {
    if (item === 3) throw new Error("three");
    await pause(10);
    return item;
  };
  assert.deepEqual(await collect(inOrder(() => numbers(9), late, { atOnce: 4 })), [[0, 1, 2], "three"]);
  async function* broken() {
    yield* numbers(3);
    throw new Error("no more");
  }
  assert.deepEqual(await collect(inOrder(broken, late, { atOnce: 4 })), [[0, 1, 2], "no more"]);
});

test("a stop throws its reason, and the work has its signal", async () => {
  const stop = new AbortController();
  const heard: number[] = [];
  const work = async (item: number, signal: AbortSignal) => {
    if (item === 0) return item;
    await pause(10_000, undefined, { signal }).catch(() => heard.push(item));
    signal.throwIfAborted();
    return item;
  };
  const results = inOrder(() => numbers(9), work, { atOnce: 3, signal: stop.signal });
  assert.equal((await results.next()).value, 0);
  const next = results.next();
  await pause(1);
  stop.abort(new Error("enough"));
  await assert.rejects(next, /^Error: enough$/);
  assert.deepEqual(heard, [1, 2, 3]);
});

test("whoever leaves early leaves no work behind, and takes no further item", async () => {
  let taken = 0;
  let closed = false;
  function* source() {
    try {
      for (;;) yield taken++;
    } finally {
      closed = true;
    }
  }
  let running = 0;
  const work = async (item: number, signal: AbortSignal) => {
    running++;
    if (item > 0) await pause(10_000, undefined, { signal }).catch(() => {});
    running--;
    return item;
  };
  for await (const item of inOrder(source, work, { atOnce: 3 })) {
    assert.equal(item, 0);
    break;
  }
  assert.deepEqual([running, closed], [0, true]);
  assert.ok(taken <= 3);
});

test("how many at once is a whole number from 1", async () => {
  for (const atOnce of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
    await assert.rejects(
      inOrder(
        () => [1],
        async (item) => item,
        { atOnce },
      ).next(),
      RangeError,
    );
});
