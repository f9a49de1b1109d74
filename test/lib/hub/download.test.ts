import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import {
  blobPath,
  connectWeb,
  type DownloadFile,
  download,
  fetchFile,
  fetchFiles,
  HubError,
  type HubFile,
} from "gpic-lab/hub";
import { type Fault, madeFile, type ServedFile, servedFile } from "./hub-server.js";
import { quick, surroundings, TOKEN } from "./surroundings.js";

const SHARD = "train/gpic_train_00000.tar";

function fileOf({ path, size, sha256, gitOid, isLfs }: ServedFile): HubFile {
  return isLfs ? { path, size, sha256 } : { path, size, gitOid };
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(part);
  return hash.digest("hex");
}

/** The kind and text of the error that a promise ends with. */
async function failure(promise: Promise<unknown>, name: string = "it"): Promise<HubError> {
  const error = await promise.then(
    () => assert.fail(`${name} should have failed`),
    (error: unknown) => error,
  );
  assert.ok(error instanceof HubError, String(error));
  assert.ok(!error.message.includes(TOKEN));
  return error;
}

const small = () => servedFile(SHARD, madeFile(SHARD, 700_001).read(0, 700_001));

test("a shard of 200 MB cut 20 times at random bytes comes whole, with at most a twentieth fetched again", async (t) => {
  const shard = madeFile(SHARD, 200e6);
  const { server, hub, snapshot } = await surroundings(t, [shard]);
  const random = new Random("cuts");
  let cuts = 0;
  server.faults = ({ host, headers }) => {
    if (host !== "store" || cuts >= 20) return undefined;
    cuts++;
    const start = Number(/=(\d+)/.exec(headers.range ?? "=0")![1]);
    return { cutAfter: random.integer(Math.floor((2 * (shard.size - start)) / (21 - cuts))) };
  };
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const path = await fetchFile(hub, snapshot, fileOf(shard), {
    onBytes: () => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    },
  });
  assert.ok(most < 100e6, `${most} bytes were held in memory`);
  t.diagnostic(`${(most / 1e6).toFixed(1)} MB were held in memory, the server's own included`);
  assert.equal(cuts, 20);
  assert.equal(await sha256Of(path), shard.sha256);
  assert.ok(server.bytesServed <= 1.05 * shard.size, `${server.bytesServed} bytes were served`);
  t.diagnostic(`${(server.bytesServed / shard.size).toFixed(4)} times its size was served`);
});

test("the token goes to the Hub and never to the store", async (t) => {
  const shard = small();
  const { server, hub, snapshot } = await surroundings(t, [shard]);
  server.token = TOKEN;
  await fetchFile(hub, snapshot, fileOf(shard));
  const sent = (host: string) => server.requests.filter((one) => one.host === host);
  assert.ok(sent("hub").length > 0 && sent("store").length > 0);
  for (const { headers } of sent("hub")) assert.equal(headers.authorization, `Bearer ${TOKEN}`);
  for (const request of sent("store")) assert.ok(!JSON.stringify(request).includes(TOKEN));
});

test("each passing fault ends in the right file", async (t) => {
  const passing: {
    readonly [name: string]: (number: number, range: string | undefined) => Fault | undefined;
  } = {
    "429 with seconds": (n) => (n === 1 ? { status: 429, headers: { "retry-after": "0" } } : undefined),
    "500, 502, 503 and 504": (n) => (n <= 4 ? { status: [500, 502, 503, 504][n - 1]! } : undefined),
    "a cut before the first byte": (n) => (n === 1 ? { cutAfter: 0 } : undefined),
    "a cut in the middle": (n) => (n === 1 ? { cutAfter: 400_000 } : undefined),
    "a cut before the last byte": (n) => (n === 1 ? { cutAfter: 700_000 } : undefined),
    "a stall": (n) => (n === 1 ? { stallAfter: 300_000 } : undefined),
    "a server that ignores ranges": (n) => (n === 1 ? { cutAfter: 300_000 } : { ignoreRange: true }),
    "wrong bytes once": (n) => (n === 1 ? { corruptAt: 650_000 } : undefined),
    "too many bytes once": (n) => (n === 1 ? { extraBytes: 5 } : undefined),
    "fewer bytes than announced": (n) =>
      n === 1 ? { contentLength: 700_001, cutAfter: 600_000 } : undefined,
    "another file in between": (n) =>
      n === 1 ? { cutAfter: 300_000, etag: '"other"', corruptAt: 1 } : undefined,
    "another file in between, If-Range ignored": (n) =>
      n === 1
        ? { cutAfter: 300_000, etag: '"other"', corruptAt: 1 }
        : n === 2
          ? { ignoreIfRange: true }
          : undefined,
  };
  for (const [name, fault] of Object.entries(passing)) {
    const shard = small();
    const { server, hub, snapshot } = await surroundings(t, [shard]);
    server.faults = ({ host, headers }) =>
      host === "store" ? fault(server.downloads.length, headers.range) : undefined;
    const path = await fetchFile(hub, snapshot, fileOf(shard)).catch((error) =>
      assert.fail(`${name}: ${error}`),
    );
    assert.equal(await sha256Of(path), shard.sha256, name);
    assert.equal(statSync(path).size, shard.size, name);
    assert.ok(server.downloads.length >= 2, `${name}: the fault came`);
  }
});

test("each lasting fault ends in an error that says what it is, and the file gets no name", async (t) => {
  const lasting: { readonly [name: string]: readonly [Fault, HubError["kind"], RegExp] } = {
    "wrong bytes": [{ corruptAt: 5 }, "wrong bytes", /content with the hash [0-9a-f]{64} is needed/],
    "too many bytes": [{ extraBytes: 5 }, "wrong bytes", /700001 bytes were promised, got more/],
    "a length too large": [{ contentLength: 800_000 }, "wrong bytes", /the server announces 800000/],
    "a length too small": [{ contentLength: 600_000 }, "wrong bytes", /the server announces 600000/],
    "cuts without end": [{ cutAfter: 0 }, "unreachable", /\(8 tries\)/],
    "a cut server that begins again": [
      { cutAfter: 300_000, ignoreRange: true },
      "unreachable",
      /\(8 tries\)/,
    ],
    "stalls without end": [{ stallAfter: 0 }, "unreachable", /a byte is needed at least every 0.05 s/],
    "503 without end": [{ status: 503 }, "unreachable", /got 503 from 127.0.0.1:\d+ \(8 tries\)/],
    "429 for an hour": [
      { status: 429, headers: { "retry-after": "3600" } },
      "unreachable",
      /a pause of 3600 s/,
    ],
    "a refusal of the store": [{ status: 403 }, "refused", /got 403 from 127.0.0.1/],
    "a page instead of the file": [
      { headers: { "content-type": "text/html; charset=utf-8" } },
      "wrong answer",
      /got a web page from 127.0.0.1/,
    ],
    "a circle": [{ status: 302, headers: { location: "/again?x" } }, "wrong answer", /at most 5 redirects/],
    "a redirect to a file": [
      { status: 302, headers: { location: "file:///etc/passwd" } },
      "wrong answer",
      /file:/,
    ],
    "another range": [
      { cutAfter: 10, headers: { "content-range": "bytes 3-9/700001" } },
      "wrong answer",
      /the bytes from 10 on are needed/,
    ],
  };
  for (const [name, [fault, kind, message]] of Object.entries(lasting)) {
    const shard = small();
    const { server, hub, snapshot } = await surroundings(t, [shard], { stallMilliseconds: 50 });
    server.faults = ({ host }) => (host === "store" ? fault : undefined);
    const error = await failure(fetchFile(hub, snapshot, fileOf(shard)), name);
    assert.equal(error.kind, kind, `${name}: ${error.message}`);
    assert.match(error.message, message, name);
    assert.equal(existsSync(blobPath(hub.cache, snapshot.repository, fileOf(shard))), false, name);
  }
});

test("wrong bytes are fetched once more from the start, and then thrown away", async (t) => {
  const shard = small();
  const { server, hub, snapshot } = await surroundings(t, [shard]);
  server.faults = ({ host }) => (host === "store" ? { corruptAt: 9 } : undefined);
  await failure(fetchFile(hub, snapshot, fileOf(shard)));
  assert.deepEqual(
    server.downloads.map(({ headers }) => headers.range),
    [undefined, undefined],
  );
  assert.equal(existsSync(`${blobPath(hub.cache, snapshot.repository, fileOf(shard))}.incomplete`), false);
});

test("what is there of a file is not fetched again, unless it is too long or another", async (t) => {
  const shard = small();
  const right = shard.read(0, 500_000);
  const wrong = right.slice();
  wrong[7]! ^= 1;
  const cases = [
    { there: right, fetched: 200_001 },
    { there: shard.read(0, shard.size), fetched: 0 },
    { there: new Uint8Array(shard.size + 1), fetched: shard.size },
    { there: wrong, fetched: 200_001 + shard.size },
  ];
  for (const { there, fetched } of cases) {
    const { server, hub, snapshot } = await surroundings(t, [shard]);
    const partial = `${blobPath(hub.cache, snapshot.repository, fileOf(shard))}.incomplete`;
    mkdirSync(dirname(partial), { recursive: true });
    writeFileSync(partial, there);
    let bytes = 0;
    const path = await fetchFile(hub, snapshot, fileOf(shard), { onBytes: (delta) => (bytes += delta) });
    assert.equal(await sha256Of(path), shard.sha256);
    assert.equal(server.bytesServed, fetched);
    assert.equal(bytes, shard.size);
  }
});

test("a small file is checked against Git's hash of its blob", async (t) => {
  const readme = servedFile("README.md", new TextEncoder().encode("# GPIC\n"));
  const { server, hub, snapshot } = await surroundings(t, [readme]);
  const path = await fetchFile(hub, snapshot, fileOf(readme));
  assert.equal(readFileSync(path, "utf8"), "# GPIC\n");
  server.faults = () => ({ corruptAt: 0 });
  const other = { ...fileOf(readme), path: "README.md", gitOid: "1".repeat(40) };
  assert.equal((await failure(fetchFile(hub, { ...snapshot, commit: "2".repeat(40) }, other))).status, 404);
  const again = await failure(fetchFile(hub, snapshot, { ...other, size: 8 }));
  assert.match(again.message, /8 bytes were promised/);
});

test("an abort stops at once, and the next call goes on from there", async (t) => {
  const shard = small();
  const { server, hub, snapshot } = await surroundings(t, [shard]);
  const stop = new AbortController();
  server.faults = ({ host }) => (host === "store" ? { stallAfter: 400_000 } : undefined);
  let bytes = 0;
  const fetching = fetchFile(hub, snapshot, fileOf(shard), {
    signal: stop.signal,
    onBytes: (delta) => {
      bytes += delta;
      if (bytes >= 400_000) stop.abort(new Error("enough"));
    },
  });
  await assert.rejects(fetching, /^Error: enough$/);
  server.faults = () => undefined;
  const path = await fetchFile(hub, snapshot, fileOf(shard));
  assert.equal(await sha256Of(path), shard.sha256);
  assert.equal(server.downloads.at(-1)!.headers.range, "bytes=400000-");
});

test("many files come four at a time, with progress that only ends at the sum", async (t) => {
  const shards = Array.from({ length: 9 }, (_, i) => {
    const path = `val/gpic_val_0000${i}.tar`;
    return servedFile(path, madeFile(path, 300_000 + i).read(0, 300_000 + i));
  });
  const { server, folder, hub, snapshot } = await surroundings(t, shards);
  let open = 0;
  let most = 0;
  const counting = {
    ...hub,
    fetch: async (url: string, init: RequestInit) => {
      open++;
      most = Math.max(most, open);
      await new Promise((done) => setTimeout(done, 5));
      open--;
      return hub.fetch(url, init);
    },
  };
  const seen: { filesDone: number; bytesDone: number; bytesTotal: number }[] = [];
  const to = join(folder, "release");
  const paths = await fetchFiles(counting, snapshot, shards.map(fileOf), {
    to,
    onProgress: (p) => seen.push(p),
  });
  assert.equal(most, 4);
  assert.deepEqual(
    paths,
    shards.map(({ path }) => join(to, path)),
  );
  for (const [i, path] of paths.entries()) assert.equal(await sha256Of(path), shards[i]!.sha256);
  const total = shards.reduce((sum, { size }) => sum + size, 0);
  assert.deepEqual(seen.at(-1), { filesDone: 9, filesTotal: 9, bytesDone: total, bytesTotal: total });
  const served = server.bytesServed;
  await fetchFiles(counting, snapshot, shards.map(fileOf), { to });
  assert.equal(server.bytesServed, served);
  writeFileSync(paths[0]!, "mine");
  const error = await failure(fetchFiles(counting, snapshot, shards.map(fileOf), { to }));
  assert.match(error.message, /300000 bytes belong there, got a file of 4; move it away/);
  assert.equal(readFileSync(paths[0]!, "utf8"), "mine");
});

test("the first failure of many stops the others, and is the one that is told", async (t) => {
  const shards = Array.from({ length: 6 }, (_, i) =>
    servedFile(`val/gpic_val_0000${i}.tar`, madeFile("", 200_000 + i).read(0, 200_000 + i)),
  );
  const { server, hub, snapshot } = await surroundings(t, shards);
  server.faults = ({ host, url }) =>
    host === "store"
      ? url.includes(shards[1]!.sha256)
        ? { status: 404 }
        : { paceMilliseconds: 40 }
      : undefined;
  const error = await failure(fetchFiles(hub, snapshot, shards.map(fileOf)));
  assert.match(error.message, /gpic_val_00001.tar of stanford-vision-lab\/gpic/);
});

test("a disk that is too small is told before a byte is asked for", async (t) => {
  const { server, hub, snapshot } = await surroundings(t, []);
  const error = await failure(
    fetchFiles(hub, snapshot, [{ path: SHARD, size: 9e15, sha256: "0".repeat(64) }]),
  );
  assert.equal(error.kind, "no space");
  assert.match(error.message, /9000000 GB are needed, got [\d.]+ GB free/);
  assert.equal(server.requests.length, 0);
});

test("a plain address: resumed where its entity tag is the same, begun anew where it is another", async (t) => {
  const shard = small();
  const { server, folder } = await surroundings(t, [shard]);
  const web = connectWeb({ retry: { ...quick, tries: 1 }, seed: 2 });
  const file: DownloadFile = {
    url: `${server.store}/${shard.sha256}?x`,
    subject: { what: "the weights" },
  };
  const cut = (etag: string) => {
    server.faults = () => ({ cutAfter: 300_000, etag });
  };
  for (const [before, now, isAsked] of [
    ['"one"', '"one"', true],
    ['"one"', '"two"', true],
    ['W/"one"', '"one"', false],
  ] as const) {
    const path = join(folder, `${before.length}${now.length}${now}.pth`.replaceAll('"', ""));
    cut(before);
    assert.equal((await failure(download(web, file, path))).kind, "unreachable");
    const there = statSync(`${path}.incomplete`).size;
    assert.ok(there > 200_000);
    server.faults = () => ({ etag: now });
    await download(web, file, path);
    assert.equal(server.downloads.at(-1)!.headers.range, isAsked ? `bytes=${there}-` : undefined);
    assert.equal(await sha256Of(path), shard.sha256);
    assert.equal(existsSync(`${path}.incomplete.etag`), false);
  }
  const sum = { ...file, sha256: shard.sha256 };
  await download(web, sum, join(folder, "with-sum.pth"));
  await failure(download(web, { ...file, sha256: "0".repeat(64) }, join(folder, "no.pth")));
});

test("names that lead out of a folder, and hashes that are none, are never written", async (t) => {
  const { folder, hub, snapshot } = await surroundings(t, []);
  const file = { path: "../../out", size: 1, sha256: "0".repeat(64) };
  assert.equal((await failure(fetchFile(hub, snapshot, file))).kind, "cache");
  assert.equal((await failure(fetchFile(hub, snapshot, file, { to: folder }))).kind, "cache");
  const hash = { path: "a", size: 1, sha256: "../../../../out" };
  assert.equal((await failure(fetchFile(hub, snapshot, hash))).kind, "cache");
});
