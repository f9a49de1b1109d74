import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { type ExtractProgress, extractFeatures, Moments } from "gpic-lab/features";
import { ImageError } from "gpic-lab/images";
import {
  digestOf,
  madeEncoder,
  madeItem,
  madePart,
  madePixels,
  madePreparing,
  madeSet,
  madeSetOf,
  rowsOf,
  type Watched,
  WIDTH,
} from "./made-extraction.js";

/** Means and mean squares of a made image's channels, by the definition. */
function expectedRow(seed: number, width?: number, height?: number): number[] {
  const { data } = madePixels(seed, width, height);
  const channel = (c: number) => [...data].filter((_, at) => at % 3 === c);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length / 255;
  return [0, 1, 2, 0, 1, 2].map((c, at) => mean(channel(c).map((value) => (at < 3 ? value : value ** 2))));
}

test("rows come in the order of the images, whichever was prepared first", async () => {
  const result = await extractFeatures(madeSet([5, 7]), {
    encoder: madeEncoder(),
    preparing: madePreparing(3, 3),
  });
  assert.deepEqual(await result.keys(), [
    ...["0-0", "0-1", "0-2", "0-3", "0-4"],
    ...["1-0", "1-1", "1-2", "1-3", "1-4", "1-5", "1-6"],
  ]);
  const expected = [0, 1, 2, 3, 4, 1000, 1001, 1002, 1003, 1004, 1005, 1006].flatMap((seed) =>
    expectedRow(seed),
  );
  assert.deepEqual(await rowsOf(result), Float32Array.from(expected));
  assert.deepEqual(
    [result.images, result.width, result.protocol, result.prefix, result.keep, result.imagesInferred],
    [12, WIDTH, "gpic", "sscd", "rows", 12],
  );
  assert.deepEqual(result.makers, [{ device: "cpu", batchSize: 4, versions: { made: "1" } }]);
});

test("the moments are those of the rows", async () => {
  const result = await extractFeatures(madeSet([9, 0, 4]), {
    encoder: madeEncoder(),
    preparing: madePreparing(),
    keep: "moments",
  });
  const rows = [...Array(9).keys(), 2000, 2001, 2002, 2003].map((seed) => expectedRow(seed));
  const moments = await result.moments();
  assert.equal(moments.count, 13);
  const covariance = moments.covariance();
  const means = moments.mean;
  for (let i = 0; i < WIDTH; i++) {
    const mean = (of: number) => rows.reduce((sum, row) => sum + row[of]!, 0) / rows.length;
    // rows are float32, so each is off by 6e-8 of itself at most, and centred products by twice that of its square
    assert.ok(Math.abs(means[i]! - mean(i)) <= 6e-8 * Math.abs(mean(i)));
    for (let j = 0; j < WIDTH; j++) {
      const sum = rows.reduce((all, row) => all + (row[i]! - mean(i)) * (row[j]! - mean(j)), 0);
      const bound = 4 * 6e-8 * mean(i) * mean(j);
      assert.ok(Math.abs(covariance[i * WIDTH + j]! - sum / (rows.length - 1)) <= bound);
    }
  }
  await assert.rejects(result.rowBlocks().next(), /keep: "rows" is needed, got "moments"/);
  assert.equal((await result.keys()).length, 13);
});

test("moments of wide rows are computed beside, to the same bits", async () => {
  const width = 300;
  const encoder = madeEncoder();
  const wide = {
    ...encoder,
    width,
    async infer(batch: Parameters<typeof encoder.infer>[0]) {
      const rows = await encoder.infer(batch);
      return Float32Array.from({ length: batch.count * width }, (_, at) => {
        const row = Math.floor(at / width);
        return rows[row * WIDTH + (at % WIDTH)]! * Math.cos(at % width);
      });
    },
  };
  const result = await extractFeatures(madeSet([600, 0, 7]), { encoder: wide, preparing: madePreparing(4) });
  const expected = Moments.of(width);
  for (const part of result.parts) {
    const moments = Moments.of(width);
    for await (const block of result.rowBlocks())
      if (block.part === part.name) await moments.addRows(block.rows, block.keys.length);
    await moments.settle();
    expected.merge(moments);
  }
  assert.deepEqual((await result.moments()).toBinary(), expected.toBinary());
  assert.equal(expected.count, 607);
});

test("the same bytes come of any number of workers, though the encoder feels where in a batch an image is", async () => {
  const digests = new Set<string>();
  for (const workers of [1, 2, 3, 8])
    digests.add(
      await digestOf(
        await extractFeatures(madeSet([11, 3, 8]), {
          encoder: madeEncoder({ tellsPlace: true }),
          preparing: madePreparing(workers, 2),
        }),
      ),
    );
  assert.equal(digests.size, 1);
});

test("rows do not depend on the size of a batch, where those of the encoder do not", async () => {
  const rows = (batchSize: number) =>
    extractFeatures(madeSet([11, 3]), {
      encoder: madeEncoder({ batchSize }),
      preparing: madePreparing(),
    }).then(rowsOf);
  const [one, ...others] = await Promise.all([1, 2, 5, 64].map(rows));
  for (const other of others) assert.deepEqual(other, one);
});

test("a batch holds the same images however many are damaged around them: it is cut after sound ones", async () => {
  const counts: number[] = [];
  const encoder = madeEncoder({ batchSize: 3, onInfer: ({ count }) => counts.push(count) });
  const items = ["a", "bad-b", "c", "bad-d", "bad-e", "f", "g", "h"].map((key, seed) => madeItem(key, seed));
  const images = madeSetOf([madePart("p", items), madePart("q", [madeItem("i", 9)])]);
  const result = await extractFeatures(images, { encoder, preparing: madePreparing() });
  assert.deepEqual(counts, [3, 2, 1]);
  assert.deepEqual(await result.keys(), ["a", "c", "f", "g", "h", "i"]);
});

test("images that fail are told of with their kind, in order, and left out", async () => {
  const missing = Object.assign(new Error("ENOENT: no such file"), { code: "ENOENT" });
  const reject = (key: string, error: Error) => ({ key, read: () => Promise.reject(error) });
  const images = madeSetOf([
    madePart("p", [
      "hole",
      madeItem("a", 1),
      madeItem("bad", 2),
      reject("gone", missing),
      reject("nothing", new ImageError("empty", "nothing", "an image is needed, got 0 bytes")),
      madeItem("b", 3),
      "end",
    ]),
    madePart("all", ["x", madeItem("bad too", 4)]),
  ]);
  const result = await extractFeatures(images, { encoder: madeEncoder(), preparing: madePreparing(2, 2) });
  assert.deepEqual(
    result.failures.map(({ key, kind, message }) => [key, kind, message.includes(key) || kind]),
    [
      ["hole", "record", true],
      ["bad", "truncated", true],
      ["gone", "unreadable", "unreadable"],
      ["nothing", "empty", true],
      ["end", "record", true],
      ["x", "record", true],
      ["bad too", "truncated", true],
    ],
  );
  assert.deepEqual(await result.keys(), ["a", "b"]);
  assert.deepEqual(
    result.parts.map(({ name, images, failures }) => [name, images, failures.length]),
    [
      ["p", 2, 5],
      ["all", 0, 2],
    ],
  );
});

test("no parts, and parts without images, give no rows and the moments of nothing", async () => {
  for (const counts of [[], [0], [0, 0, 0]]) {
    const result = await extractFeatures(madeSet(counts), {
      encoder: madeEncoder(),
      preparing: madePreparing(),
    });
    assert.deepEqual([result.images, await result.keys(), await rowsOf(result)], [0, [], new Float32Array()]);
    assert.equal((await result.moments()).count, 0);
  }
});

test("images of different sizes go to the encoder apart, and their rows stand in order", async () => {
  const sizes = [
    [4, 4],
    [6, 4],
    [4, 6],
    [4, 4],
    [6, 4],
  ] as const;
  const seen: string[] = [];
  const encoder = madeEncoder({
    batchSize: 5,
    onInfer: ({ count, width, height, data }) => {
      assert.equal(data.length, count * width * height * 3);
      seen.push(`${count} of ${width}x${height}`);
    },
  });
  const items = sizes.map(([width, height], seed) => ({
    key: String(seed),
    read: async () => ({ pixels: madePixels(seed, width, height) }),
  }));
  const result = await extractFeatures(madeSetOf([madePart("p", items)]), {
    encoder,
    preparing: madePreparing(),
  });
  assert.deepEqual(seen, ["2 of 4x4", "2 of 6x4", "1 of 4x6"]);
  const expected = sizes.flatMap(([width, height], seed) => expectedRow(seed, width, height));
  assert.deepEqual(await rowsOf(result), Float32Array.from(expected));
});

test("while a batch is inferred the next is prepared, across parts too", { timeout: 10_000 }, async () => {
  const watched: Watched = { read: 0, prepared: 0 };
  // parts of 6, 4 and 2 are batches of 4, 2, 4, 2: each waits in the encoder until the one after it is prepared
  const wanted = [6, 10, 12, 12];
  const encoder = madeEncoder({
    onInfer: async (_, call) => {
      while (watched.prepared < wanted[call]!) await pause(1);
    },
  });
  const result = await extractFeatures(madeSet([6, 4, 2], watched), {
    encoder,
    preparing: madePreparing(2, 1, watched),
  });
  assert.equal(result.images, 12);
});

test("a long run holds three batches of images at most, and no more are read than threads have use for", async () => {
  const watched: Watched = { read: 0, prepared: 0 };
  const batchSize = 16;
  let inferred = 0;
  let most = 0;
  let mostUnprepared = 0;
  const encoder = madeEncoder({ batchSize, milliseconds: 20 });
  const infer = encoder.infer;
  const counting = {
    ...encoder,
    async infer(batch: Parameters<typeof infer>[0]) {
      const rows = await infer(batch);
      most = Math.max(most, watched.read - inferred);
      mostUnprepared = Math.max(mostUnprepared, watched.read - watched.prepared);
      inferred += batch.count;
      return rows;
    },
  };
  await extractFeatures(madeSet(Array(8).fill(100), watched), {
    encoder: counting,
    preparing: madePreparing(2, 0, watched),
    keep: "moments",
  });
  assert.equal(inferred, 800);
  // one in the encoder, one put together, and one batch of places ahead
  assert.ok(most <= 3 * batchSize, `${most} images at a time`);
  assert.ok(most >= 2 * batchSize, `${most} images at a time`);
  assert.ok(mostUnprepared <= 4, `${mostUnprepared} images in 2 threads and before them`);
});

test("progress counts up to the end, and tells which of encoder and preparation waits for the other", async () => {
  const shareOfWaiting = async (encoderMs: number, preparingMs: number) => {
    const told: ExtractProgress[] = [];
    const result = await extractFeatures(madeSet([30, 10]), {
      encoder: madeEncoder({ milliseconds: encoderMs }),
      preparing: madePreparing(1, preparingMs),
      now: () => performance.now() / 1000,
      onProgress: (progress) => told.push(progress),
    });
    const images = told.map((progress) => progress.images);
    assert.deepEqual(
      images,
      [...images].sort((a, b) => a - b),
    );
    const { inferSeconds, waitingSeconds, ...last } = told.at(-1)!;
    assert.deepEqual(last, {
      ...{ images: 40, failed: 0, imagesTotal: 40, imagesInferred: 40 },
      ...{ partsDone: 2, partsTotal: 2 },
    });
    assert.deepEqual([result.inferSeconds, result.waitingSeconds], [inferSeconds, waitingSeconds]);
    assert.ok(inferSeconds! > 0 && waitingSeconds! >= 0);
    return waitingSeconds! / (inferSeconds! + waitingSeconds!);
  };
  assert.ok((await shareOfWaiting(40, 0)) < 0.3);
  assert.ok((await shareOfWaiting(0, 5)) > 0.7);
});

test("without a clock nothing is measured", async () => {
  const told: ExtractProgress[] = [];
  const result = await extractFeatures(madeSet([3]), {
    encoder: madeEncoder(),
    preparing: madePreparing(),
    onProgress: (progress) => told.push(progress),
  });
  for (const one of [result, ...told]) assert.ok(!("inferSeconds" in one) && !("waitingSeconds" in one));
});

test("what cannot be extracted is refused, and what fails on the way says where", async () => {
  const preparing = madePreparing();
  const encoder = madeEncoder();
  const images = madeSet([3]);
  const rejects = (options: Partial<Parameters<typeof extractFeatures>[1]>, message: RegExp, set = images) =>
    assert.rejects(extractFeatures(set, { encoder, ...options }), message);
  await rejects({ workers: 0 }, /a whole number of workers from 1 on is needed, got 0/);
  await rejects({ workers: 1, preparing }, /workers or an open pool is needed, got both/);
  await rejects({ keep: "all" as "rows" }, /keep is "rows" or "moments", got all/);
  await rejects({ encoder: { ...encoder, batchSize: 0 } }, /a batch of 1 image or more .* got 0/);
  for (const name of ["../a", "", "a/b", ".a", "a\n"])
    await rejects({ preparing }, /parts whose names are safe are needed/, madeSetOf([madePart(name, [])]));
  await rejects(
    { preparing },
    /parts of different names .* two called a/,
    madeSetOf(["a", "a"].map((name) => madePart(name, []))),
  );
  const dead = madeEncoder({ onInfer: () => Promise.reject(new Error("out of memory")) });
  await rejects({ encoder: dead, preparing }, /the encoder failed at 0-0 of 00000: out of memory/);
  const infer = async () => new Float32Array(5);
  await rejects({ encoder: { ...encoder, infer }, preparing }, /3 x 6 numbers are needed .* got 5/);
  const nan = async () => new Float32Array(18).fill(Number.NaN, 6, 7);
  await rejects({ encoder: { ...encoder, infer: nan }, preparing }, /finite numbers .* got NaN for 0-1/);
  const broken = { key: "a", read: () => Promise.reject(new Error("the network is down")) };
  await rejects(
    { preparing },
    /a readable image is needed, got for a: the network is down/,
    madeSetOf([madePart("p", [broken])]),
  );
  const dying = {
    ...preparing,
    prepare: async () => ({ failed: { kind: "thread died", message: "it could not be started" } }),
  };
  await rejects({ preparing: dying }, /9 deaths in a row; the last: it could not be started/, madeSet([20]));
  const endless = {
    name: "p",
    // biome-ignore lint/correctness/useYield: it fails before its first image
    async *items() {
      throw new Error("no such shard");
    },
  };
  await rejects({ preparing }, /no such shard/, madeSetOf([endless]));
});

test("a signal stops it within a batch, with its reason, wherever it is", async () => {
  const reason = new Error("enough");
  for (const stopAt of [0, 1, 3]) {
    const stop = new AbortController();
    let calls = 0;
    const encoder = madeEncoder({
      onInfer: (_, call) => {
        calls++;
        if (call === stopAt) stop.abort(reason);
      },
    });
    await assert.rejects(
      extractFeatures(madeSet([50]), { encoder, preparing: madePreparing(), signal: stop.signal }),
      (error) => error === reason,
    );
    assert.equal(calls, stopAt + 1);
  }
  const before = { encoder: madeEncoder(), preparing: madePreparing(), signal: AbortSignal.abort(reason) };
  await assert.rejects(extractFeatures(madeSet([50]), before), (error) => error === reason);
});

test("a signal stops the waiting for an image that does not come", { timeout: 10_000 }, async () => {
  const stop = new AbortController();
  const slow = {
    name: "slow",
    async *items({ signal }: { signal?: AbortSignal | undefined } = {}) {
      yield madeItem("a", 1);
      await pause(60_000, undefined, signal === undefined ? {} : { signal });
    },
  };
  const running = extractFeatures(madeSetOf([slow]), {
    encoder: madeEncoder(),
    preparing: madePreparing(),
    signal: stop.signal,
  });
  setTimeout(() => stop.abort(new Error("enough")), 20);
  await assert.rejects(running, /enough/);
});
