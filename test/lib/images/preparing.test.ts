import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Worker } from "node:worker_threads";
import { decode, openPreparing, protocolById } from "gpic-lab/images";
import { packageFile } from "gpic-lab/io";

const bytesOf = (file: string) => new Uint8Array(readFileSync(packageFile("data", "decode", "files", file)));
const sound = ["420-q90.jpg", "422-q30.jpg", "grey-16.png", "palette-4.png", "lossy.webp", "cmyk-adobe.jpg"];

test("images come back as the protocol prepares them, whatever the number of threads", async () => {
  const protocol = protocolById("gpic-256");
  const alone = await Promise.all(
    sound.map(async (file) => ({ image: protocol.prepare(await decode(bytesOf(file), file)) })),
  );
  for (const workers of [1, 3]) {
    const pool = openPreparing("gpic-256", { workers });
    assert.equal(pool.workers, workers);
    const together = await Promise.all(sound.map((key) => pool.prepare({ key, bytes: bytesOf(key) })));
    assert.deepEqual(together, alone);
    const pixels = await decode(bytesOf(sound[0]!), "a");
    assert.deepEqual(await pool.prepare({ key: "a", pixels }), alone[0]);
    const bytes = bytesOf(sound[0]!);
    assert.deepEqual(await pool.prepare({ key: "a", bytes }), alone[0]);
    assert.equal(bytes.length, 0, "the memory was not handed over");
    await pool.close();
  }
});

test("an image that fails is a result with its kind, and the next one is prepared", async () => {
  const pool = openPreparing("gpic", { workers: 1 });
  const kinds = {
    "no-end.jpg": "truncated",
    "empty.jpg": "empty",
    "other.gif": "unsupported",
    "harmed.png": "damaged",
  };
  for (const [key, kind] of Object.entries(kinds)) {
    const result = await pool.prepare({ key, bytes: bytesOf(key) });
    assert.ok("failed" in result);
    assert.equal(result.failed.kind, kind);
    assert.ok(result.failed.message.startsWith(`Cannot decode ${key}: `), result.failed.message);
  }
  const wrong = await pool.prepare({ key: "a", pixels: { width: 9, height: 9, data: new Uint8Array(3) } });
  assert.ok("failed" in wrong && /^Cannot prepare a: /.test(wrong.failed.message));
  assert.ok("image" in (await pool.prepare({ key: "b", bytes: bytesOf("420-q90.jpg") })));
  await pool.close();
});

test("a part of a larger buffer is prepared, and the buffer stays whole", async () => {
  const bytes = bytesOf("420-q90.jpg");
  const larger = new Uint8Array(bytes.length + 9);
  larger.set(bytes, 4);
  const pool = openPreparing("gpic", { workers: 1 });
  assert.ok("image" in (await pool.prepare({ key: "a", bytes: larger.subarray(4, 4 + bytes.length) })));
  assert.equal(larger.length, bytes.length + 9);
  assert.deepEqual(larger.subarray(4, 4 + bytes.length), bytes);
  await pool.close();
});

test("a thread that dies fails the image that it had, and another one takes its place", async (t) => {
  const threads: Worker[] = [];
  const onWorker = (worker: Worker) => threads.push(worker);
  process.on("worker", onWorker);
  t.after(() => process.off("worker", onWorker));
  const pool = openPreparing("gpic-256", { workers: 1 });
  const data = new Uint8Array(3000 * 3000 * 3);
  const first = pool.prepare({ key: "first", pixels: { width: 3000, height: 3000, data } });
  const second = pool.prepare({ key: "second", bytes: bytesOf("420-q90.jpg") });
  await nextTurn();
  assert.equal(threads.length, 1);
  await threads[0]!.terminate();
  const failed = await first;
  assert.ok("failed" in failed);
  assert.equal(failed.failed.kind, "thread died");
  assert.match(failed.failed.message, /^Cannot prepare first: the thread that had it died: /);
  assert.ok("image" in (await second));
  assert.equal(threads.length, 2);
  // one that dies while it is idle costs no image
  await threads[1]!.terminate();
  assert.ok("image" in (await pool.prepare({ key: "third", bytes: bytesOf("420-q90.jpg") })));
  await pool.close();
});

test("closing fails what is under way and what waits; a pool without threads, and a closed one, are errors", async () => {
  const pool = openPreparing("gpic-256", { workers: 1 });
  const results = ["a", "b", "c"].map((key) => pool.prepare({ key, bytes: bytesOf("420-q90.jpg") }));
  const settled = Promise.allSettled(results);
  await pool.close();
  for (const result of await settled) assert.equal(result.status, "rejected");
  await assert.rejects(pool.prepare({ key: "d", bytes: bytesOf("420-q90.jpg") }), /the pool is closed/);
  for (const workers of [0, -1, 1.5, Number.NaN])
    assert.throws(() => openPreparing("gpic-256", { workers }), RangeError);
});

test("a pool that nobody closed keeps no process alive", async () => {
  const index = pathToFileURL(packageFile("dist", "lib", "images", "index.js")).href;
  const program = `
    import { openPreparing } from ${JSON.stringify(index)};
    const pixels = { width: 2, height: 2, data: new Uint8Array(12) };
    const { image } = await openPreparing("gpic-256", { workers: 2 }).prepare({ key: "a", pixels });
    process.stdout.write(String(image.width));`;
  const out = await new Promise((resolve, reject) =>
    execFile(
      process.execPath,
      ["--input-type=module", "--eval", program],
      { timeout: 20_000 },
      (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
    ),
  );
  assert.equal(out, "256");
});
