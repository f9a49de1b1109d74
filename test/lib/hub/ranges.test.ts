import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { HubError, rangeSource, remoteFile, streamBytes } from "gpic-lab/hub";
import { madeFile, servedFile } from "./hub-server.js";
import { surroundings } from "./surroundings.js";

const SIZE = 30e6;
const shard = madeFile("train/gpic_train_00000.tar", SIZE);
const file = { path: shard.path, size: shard.size, sha256: shard.sha256 };

function same(found: Uint8Array, expected: Uint8Array): void {
  assert.ok(Buffer.from(found).equals(expected));
}

test("any range is the file's, whatever was read before it", async (t) => {
  const { server, hub, snapshot } = await surroundings(t, [shard]);
  const source = rangeSource(hub, remoteFile(hub, snapshot, file));
  const random = new Random(4);
  assert.equal(source.length, SIZE);
  for (let i = 0, at = 0; i < 60; i++) {
    const length = random.integer(i % 3 === 0 ? 300_000 : 2000);
    at = i % 4 === 0 ? random.integer(SIZE - length) : Math.min(SIZE - length, at + random.integer(100_000));
    same(await source.read(at, length), shard.read(at, length));
  }
  same(await source.read(SIZE - 5, 5), shard.read(SIZE - 5, 5));
  same(await source.read(SIZE, 0), new Uint8Array(0));
  const parts = [1, 2, 3, 4].map((i) => source.read(i * 6e6, 1000));
  for (const [i, part] of (await Promise.all(parts)).entries()) same(part, shard.read((i + 1) * 6e6, 1000));
  for (const [offset, length] of [
    [-1, 1],
    [0, SIZE + 1],
    [0.5, 1],
    [SIZE, 1],
  ] as const)
    await assert.rejects(source.read(offset, length), RangeError);
  assert.ok(server.bytesServed < SIZE);
  await source.close();
  await assert.rejects(source.read(0, 1), /an open source is needed/);
});

test("reading on costs some requests, not one for each header; a jump fetches little", async (t) => {
  const { server, hub, snapshot } = await surroundings(t, [shard]);
  const source = rangeSource(hub, remoteFile(hub, snapshot, file));
  for (let at = 0; at < SIZE; at += 130_000) await source.read(at, 512);
  assert.ok(server.downloads.length <= 15, `${server.downloads.length} requests`);
  assert.ok(server.bytesServed <= 1.05 * SIZE);
  const hubRequests = server.requests.filter(({ host }) => host === "hub").length;
  assert.equal(hubRequests, 1, "the store's address is kept");
  const before = server.bytesServed;
  await source.read(3e6, 100);
  assert.ok(server.bytesServed - before <= 200_000);
});

test("ranges outlive cuts, 503, and a store's address that expired", async (t) => {
  const { server, hub, snapshot } = await surroundings(t, [shard]);
  const source = rangeSource(hub, remoteFile(hub, snapshot, file), { readAhead: false });
  server.faults = ({ host }) => {
    const n = server.downloads.length;
    if (host === "hub") return undefined;
    return n === 2 ? { cutAfter: 777 } : n === 3 ? { status: 503 } : n === 5 ? { status: 403 } : undefined;
  };
  for (const at of [0, 5e6, 9e6, 12e6]) same(await source.read(at, 3000), shard.read(at, 3000));
  assert.equal(server.downloads[2]!.headers.range, "bytes=5000777-5002999");
  assert.ok(server.requests.filter(({ host }) => host === "hub").length >= 2);
});

test("a server without ranges gives a small part, and for one far in an error that says what to do", async (t) => {
  const { server, hub, snapshot } = await surroundings(t, [shard]);
  server.faults = () => ({ ignoreRange: true });
  const source = rangeSource(hub, remoteFile(hub, snapshot, file), { readAhead: false });
  same(await source.read(1e6, 3000), shard.read(1e6, 3000));
  await assert.rejects(source.read(20e6, 3000), /a server that serves ranges is needed, got the whole file/);
});

test("a stream gives each byte once through twelve cuts, by ranges or from the start again", async (t) => {
  for (const ignoreRange of [false, true]) {
    const { server, hub, snapshot } = await surroundings(t, [shard]);
    let cuts = 0;
    server.faults = ({ host }) => {
      if (host !== "store" || cuts >= 12) return { ignoreRange };
      cuts++;
      return { cutAfter: ignoreRange ? 100_000 * cuts : 1_234_567, ignoreRange };
    };
    let at = 0;
    for await (const bytes of streamBytes(hub, remoteFile(hub, snapshot, file))) {
      same(bytes, shard.read(at, bytes.length));
      at += bytes.length;
    }
    assert.equal(at, SIZE);
    assert.equal(cuts, 12);
  }
});

test("a stream that is read slowly holds the server back", async (t) => {
  const { server, hub, snapshot } = await surroundings(t, [shard], { stallMilliseconds: 100 });
  let at = 0;
  for await (const bytes of streamBytes(hub, remoteFile(hub, snapshot, file))) {
    if (at === 0) {
      // longer than a server may stall: it is the reader's pause
      await new Promise((done) => setTimeout(done, 400));
      assert.ok(server.bytesServed < 20e6, `${server.bytesServed} bytes were sent ahead`);
    }
    at += bytes.length;
  }
  assert.equal(at, SIZE);
  assert.equal(server.downloads.length, 1);
});

test("a stream ends with an error where the file changed, or has not its hash", async (t) => {
  const small = servedFile(shard.path, shard.read(0, 900_000));
  const read = async (
    faults: Parameters<typeof surroundings>[1] extends never ? never : (n: number) => object,
  ) => {
    const { server, hub, snapshot } = await surroundings(t, [small]);
    server.faults = ({ host }) => (host === "store" ? faults(server.downloads.length) : undefined);
    for await (const _ of streamBytes(hub, remoteFile(hub, snapshot, { ...small })));
  };
  const wrong = (message: RegExp) => (error: unknown) =>
    error instanceof HubError && error.kind === "wrong bytes" && message.test(error.message);
  await assert.rejects(
    read(() => ({ corruptAt: 800_000 })),
    wrong(/Cannot trust .*: content with the hash/),
  );
  await assert.rejects(
    read((n) => (n === 1 ? { cutAfter: 500_000 } : { ignoreRange: true, corruptAt: 3, etag: '"other"' })),
    wrong(/one file is needed, got parts of two/),
  );
});

test("a stream that is left is closed", async (t) => {
  const { server, hub, snapshot } = await surroundings(t, [shard]);
  for await (const _ of streamBytes(hub, remoteFile(hub, snapshot, file))) break;
  await new Promise((done) => setTimeout(done, 50));
  assert.ok(server.bytesServed < 20e6);
  const stop = new AbortController();
  await assert.rejects(async () => {
    for await (const _ of streamBytes(hub, remoteFile(hub, snapshot, file), stop.signal))
      stop.abort(new Error("enough"));
  }, /^Error: enough$/);
});
