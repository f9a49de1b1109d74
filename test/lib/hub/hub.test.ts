import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createCipheriv, createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Random } from "gpic-lab/core";
import { buildIndex, hubShards, openCorpus, parseHubName } from "gpic-lab/corpus";
import {
  connectHub,
  download,
  fetchFiles,
  type HubConnection,
  HubError,
  rangeSource,
  remoteFile,
} from "gpic-lab/hub";
import { installSettings, type Settings, settingsFrom, tarArchive } from "gpic-lab/io";
import { madePair } from "../corpus/made-shard.js";
import { COMMIT, HubServer, type ServedFile, TOKEN } from "./hub-server.js";

const NAME = "hf://org/gpic";
const quick = { firstPauseMilliseconds: 1, longestPauseMilliseconds: 5, stallMilliseconds: 400, tries: 4 };

/** Bytes that look like noise, the same for equal seeds. */
function noise(length: number, seed: number): Buffer {
  const cipher = createCipheriv("aes-128-ctr", Buffer.alloc(16, seed), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(length));
}

function shard(number: number, bytes: Buffer): ServedFile {
  return { path: `train/gpic_train_${String(number).padStart(5, "0")}.tar`, bytes, lfs: true };
}

async function setUp(t: TestContext, files: readonly ServedFile[]) {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-hub-"));
  const server = await HubServer.start(files);
  t.after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  const settings: Settings = {
    ...settingsFrom({ HF_ENDPOINT: server.endpoint, HF_HOME: folder, GPIC_LAB_CACHE: join(folder, "own") }),
    hubToken: TOKEN,
  };
  const hub = await connectHub({ settings, retry: quick, seed: 1 });
  return { folder, server, settings, hub };
}

async function fetchAll(hub: HubConnection, to?: string): Promise<string[]> {
  const { snapshot, shards } = await hubShards(NAME, {}, { hub });
  return fetchFiles(
    hub,
    snapshot,
    shards.map(({ file }) => file),
    { to },
  );
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("a shard of 200 MB whose line is cut twenty times comes whole, with at most 1.05 times its bytes", async (t) => {
  const bytes = noise(200_000_000, 1);
  const { server, hub } = await setUp(t, [shard(0, bytes)]);
  const random = new Random(3);
  server.mischief.cutAfter = (request, length) =>
    request < 20 ? random.integer(Math.min(length, 19_000_000)) + 1 : undefined;
  const [path] = await fetchAll(hub);
  assert.equal(sha256(readFileSync(path!)), sha256(bytes));
  assert.equal(server.storeRequests, 21);
  assert.ok(server.bytesServed <= 1.05 * bytes.length, `${server.bytesServed} bytes were served`);
});

test("the token goes to the Hub and to no other host, and stands in no error", async (t) => {
  const { server, hub } = await setUp(t, [
    shard(0, noise(5000, 1)),
    shard(1, noise(5000, 2)),
    shard(2, noise(7, 3)),
  ]);
  await fetchAll(hub);
  assert.ok(server.hubHeaders.every(({ authorization }) => authorization === `Bearer ${TOKEN}`));
  assert.ok(server.storeHeaders.length >= 3);
  for (const headers of server.storeHeaders) assert.ok(!JSON.stringify(headers).includes(TOKEN));
  server.gated = "needs terms";
  await assert.rejects(hubShards(NAME, {}, { hub }), (error: unknown) => {
    assert.ok(error instanceof HubError);
    assert.equal(error.kind, "terms not accepted");
    assert.match(error.message, /accept them at http:\/\/127\.0\.0\.1:\d+\/datasets\/org\/gpic/);
    assert.ok(!error.message.includes(TOKEN));
    return true;
  });
});

test("a missing and a wrong token, an unknown revision and a page to log in to each say what to do", async (t) => {
  const { server, settings } = await setUp(t, [shard(0, noise(10, 1))]);
  const withToken = async (hubToken?: string) => {
    const { hubToken: _, ...rest } = settings;
    return connectHub({ settings: hubToken === undefined ? rest : { ...rest, hubToken }, retry: quick });
  };
  const kindOf = async (hub: HubConnection, name = NAME) => {
    try {
      await hubShards(name, {}, { hub });
    } catch (error) {
      return [(error as HubError).kind, (error as Error).message] as const;
    }
    throw new Error("nothing was refused");
  };
  server.gated = "needs token";
  const [missing, missingText] = await kindOf(await withToken());
  assert.equal(missing, "token missing");
  assert.match(missingText, /set HF_TOKEN/);
  const [wrong, wrongText] = await kindOf(await withToken("hf_somebodyElsesToken"));
  assert.equal(wrong, "token not accepted");
  assert.ok(!wrongText.includes("hf_somebodyElsesToken"));
  server.gated = "open";
  assert.equal((await kindOf(await withToken(TOKEN), `${NAME}@nowhere`))[0], "no revision");
  server.mischief.html = true;
  const [page, pageText] = await kindOf(await withToken(TOKEN));
  assert.equal(page, "wrong answer");
  assert.match(pageText, /web page/);
});

test("429 with Retry-After, 500, 503 and a stall are waited for; a server that stays ill is an error", async (t) => {
  const bytes = noise(300_000, 4);
  const { server, hub } = await setUp(t, [shard(0, bytes)]);
  const answers = [{ status: 429, headers: { "retry-after": "0" } }, { status: 500 }, { status: 503 }];
  server.mischief.status = (request) => answers[request];
  server.mischief.stall = (request) => request === 3;
  const [path] = await fetchAll({ ...hub, retry: { ...hub.retry, tries: 6 } });
  assert.equal(sha256(readFileSync(path!)), sha256(bytes));
  assert.equal(server.storeRequests, 5);
  rmSync(hub.cache, { recursive: true });
  server.mischief.status = () => ({ status: 503 });
  await assert.rejects(fetchAll(hub), /needed, got 503 .*\(4 tries\)/);
});

test("a server that ignores ranges, or changes the file on the way, gives no doubled and no mixed bytes", async (t) => {
  const bytes = noise(400_000, 5);
  const { server, hub } = await setUp(t, [shard(0, bytes)]);
  server.mischief.cutAfter = (request) => (request === 0 ? 150_000 : undefined);
  server.mischief.ignoreRange = true;
  const [path] = await fetchAll(hub);
  assert.equal(sha256(readFileSync(path!)), sha256(bytes));
  rmSync(hub.cache, { recursive: true });
  const other = noise(400_000, 6);
  server.storeRequests = 0;
  server.mischief.ignoreRange = false;
  server.mischief.replace = (request) => (request === 0 ? other : bytes);
  const [again] = await fetchAll(hub);
  assert.equal(sha256(readFileSync(again!)), sha256(bytes));
});

test("bytes with another hash than the Hub's never get the file's name", async (t) => {
  const bytes = noise(100_000, 7);
  const { server, hub } = await setUp(t, [shard(0, bytes)]);
  server.mischief.replace = () => noise(100_000, 8);
  await assert.rejects(
    fetchAll(hub),
    (error: unknown) => error instanceof HubError && error.kind === "wrong bytes",
  );
  const left = readdirSync(hub.cache, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".tar"),
  );
  assert.deepEqual(left, []);
  server.mischief.replace = () => Buffer.concat([bytes, noise(10, 9)]);
  await assert.rejects(
    fetchAll(hub),
    (error: unknown) => error instanceof HubError && error.kind === "wrong bytes",
  );
});

test("what a killed process left behind is gone on with, and two processes fetch a file once", async (t) => {
  const bytes = noise(30_000_000, 10);
  const { server, folder } = await setUp(t, [shard(0, bytes)]);
  const cli = join(process.cwd(), "kernel-extensions/cli/gpic-lab.cjs");
  const start = (): ChildProcess =>
    spawn(process.execPath, [cli, "corpus", "fetch", NAME, "--json"], {
      env: {
        ...process.env,
        HF_ENDPOINT: server.endpoint,
        HF_HOME: folder,
        HF_TOKEN: TOKEN,
        HF_HUB_CACHE: "",
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
  const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once("exit", resolve));
  server.mischief.stall = () => false;
  server.mischief.cutAfter = () => 8_000_000;
  const first = start();
  const gone = ended(first);
  while (server.bytesServed < 8_000_000) await new Promise((resolve) => setTimeout(resolve, 5));
  first.kill("SIGKILL");
  await gone;
  server.mischief.cutAfter = () => undefined;
  const before = server.bytesServed;
  assert.deepEqual(await Promise.all([ended(start()), ended(start())]), [0, 0]);
  assert.ok(
    server.bytesServed - before <= bytes.length,
    `${server.bytesServed - before} bytes were served again`,
  );
  const snapshot = join(
    folder,
    "hub",
    "datasets--org--gpic",
    "snapshots",
    COMMIT,
    "train/gpic_train_00000.tar",
  );
  assert.equal(sha256(readFileSync(snapshot)), sha256(bytes));
});

test("the cache is laid out as Python's, by relative links to blobs named by their hash", async (t) => {
  const bytes = noise(1000, 11);
  const { hub, folder } = await setUp(t, [shard(0, bytes)]);
  const [path] = await fetchAll(hub);
  const home = join(folder, "hub", "datasets--org--gpic");
  assert.equal(path, join(home, "snapshots", COMMIT, "train", "gpic_train_00000.tar"));
  assert.ok(lstatSync(path).isSymbolicLink());
  assert.equal(readlinkSync(path), `../../../blobs/${sha256(bytes)}`);
  assert.equal(readFileSync(join(home, "refs", "main"), "utf8"), COMMIT);
});

test("--to puts files under their own names, keeps what is there, and refuses a full disk before it begins", async (t) => {
  const { hub, folder, server } = await setUp(t, [shard(0, noise(1000, 12)), shard(1, noise(2000, 13))]);
  const to = join(folder, "plain");
  const paths = await fetchAll(hub, to);
  assert.deepEqual(
    paths.map((path) => statSync(path).size),
    [1000, 2000],
  );
  const asked = server.storeRequests;
  await fetchAll(hub, to);
  assert.equal(server.storeRequests, asked);
  const huge = { url: `${server.endpoint}/x`, subject: { what: "a file" }, size: 1e15 };
  await assert.rejects(download(hub, huge, join(to, "huge")), /GB are needed, got [\d.]+ GB free/);
});

test("a corpus on the Hub is walked, drawn from and indexed without being stored", async (t) => {
  const pairs = (name: string) => Array.from({ length: 20 }, (_, i) => madePair(`${name} ${i}`)).flat();
  const tar = (name: string) => Buffer.from(tarArchive(pairs(name)));
  const { server, settings, hub, folder } = await setUp(t, [
    shard(0, tar("a")),
    shard(1, tar("b")),
    { path: "val/gpic_val_00000.tar", bytes: tar("c"), lfs: true },
    { path: "README.md", bytes: Buffer.from("# data card"), lfs: false },
  ]);
  installSettings(() => settings);
  t.after(() => installSettings(() => settingsFrom({})));
  const corpus = await openCorpus(NAME);
  assert.deepEqual(
    corpus.shards.map(({ name }) => name),
    ["train/gpic_train_00000.tar", "train/gpic_train_00001.tar", "val/gpic_val_00000.tar"],
  );
  assert.deepEqual(corpus.identity, { dataset: "local", revision: COMMIT, complete: false });
  let images = 0;
  for await (const record of corpus.records()) {
    if (images++ % 7 === 0) assert.equal(sha256(await record.readImage()), record.key);
  }
  assert.equal(images, 60);
  const drawn = await corpus.draw(5, { seed: 1 });
  assert.equal(new Set(drawn.map(({ key }) => key)).size, 5);
  assert.equal(sha256(await drawn[0]!.readImage()), drawn[0]!.key);
  await assert.rejects(corpus.query("SELECT 1"), /gpic-lab corpus index hf:\/\/org\/gpic --out DIR/);
  const index = join(folder, "index");
  const { shards, identity } = corpus;
  const built = await buildIndex(shards, index, { corpus: NAME, identity, hash: true });
  assert.deepEqual([built.images, built.problems, built.parts], [60, 0, 3]);
  const indexed = await openCorpus(index);
  const wrong = await indexed.query("SELECT count(*) AS n FROM images WHERE sha256 <> key");
  assert.equal(wrong.get(0)?.n, 0);
  const [record] = await indexed.draw(1, { seed: 2 });
  assert.equal(sha256(await record!.readImage()), record!.key);
  assert.ok(!existsSync(settings.hubCache), "something was stored");
  assert.equal((await openCorpus(NAME, { split: "val" })).shards.length, 1);
  await fetchAll(hub);
  await server.close();
  const offline = await hubShards(NAME, { split: "train" }, { hub });
  assert.equal(offline.listedBy, "cache");
  assert.equal(offline.shards.length, 2);
});

test("ranges are read as they lie in the file, whether reads jump or go on", async (t) => {
  const bytes = noise(3_000_000, 14);
  const { hub } = await setUp(t, [shard(0, bytes)]);
  const { snapshot, shards } = await hubShards(NAME, {}, { hub });
  const source = rangeSource(hub, remoteFile(hub, snapshot, shards[0]!.file));
  const random = new Random(5);
  for (let i = 0, at = 0; i < 60; i++) {
    const length = random.integer(5000) + 1;
    at = random.next() < 0.3 ? random.integer(bytes.length - length) : Math.min(at, bytes.length - length);
    assert.deepEqual(Buffer.from(await source.read(at, length)), bytes.subarray(at, at + length));
    at += length;
  }
  await assert.rejects(source.read(bytes.length - 1, 2), RangeError);
});

test("names on the Hub", () => {
  assert.deepEqual(parseHubName("hf://org/gpic@refs/convert/parquet"), {
    repository: "org/gpic",
    revision: "refs/convert/parquet",
  });
  for (const wrong of ["hf://org", "hf://org/..", "hf://org/a@../../x", "hf://org/a b"])
    assert.throws(() => parseHubName(wrong), SyntaxError, wrong);
});

const python = process.env.GPIC_LAB_PYTHON ?? process.env.GPIC_LAB_BENCH_PYTHON ?? "python3";
const hasHubPackage = spawnSync(python, ["-c", "import huggingface_hub"]).status === 0;

test("Python's huggingface_hub reads what we cached, and we what it cached", {
  skip: !hasHubPackage && "needs Python with huggingface_hub",
}, async (t) => {
  const files = [shard(0, noise(50_000, 15)), shard(1, noise(60_000, 16))];
  const { server, hub, folder } = await setUp(t, files);
  const ask = (home: string, offline: boolean, number: number): Promise<string> => {
    const code = `import huggingface_hub as h; print(h.hf_hub_download("org/gpic", "train/gpic_train_0000${number}.tar", repo_type="dataset", revision="main"))`;
    const environment = {
      ...process.env,
      HF_ENDPOINT: server.endpoint,
      HF_HOME: home,
      HF_HUB_DISABLE_XET: "1",
      HF_TOKEN: TOKEN,
      ...(offline ? { HF_HUB_OFFLINE: "1" } : {}),
    };
    return new Promise((resolve, reject) => {
      const child = spawn(python, ["-c", code], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
      let out = "";
      let err = "";
      child.stdout.on("data", (data) => {
        out += data;
      });
      child.stderr.on("data", (data) => {
        err += data;
      });
      child.once("exit", (status) => (status === 0 ? resolve(out.trim()) : reject(new Error(err))));
    });
  };
  await fetchAll(hub);
  assert.equal(sha256(readFileSync(await ask(folder, true, 0))), sha256(files[0]!.bytes));
  const theirs = join(folder, "theirs");
  for (const number of [0, 1]) await ask(theirs, false, number);
  const asked = server.storeRequests;
  const ours = { ...hub, cache: join(theirs, "hub") };
  const [first] = await fetchAll(ours);
  assert.equal(server.storeRequests, asked);
  assert.equal(sha256(readFileSync(first!)), sha256(files[0]!.bytes));
});

test("a token comes from the environment, else from the file of `hf auth login`", async (t) => {
  const { settings, folder } = await setUp(t, [shard(0, noise(10, 1))]);
  writeFileSync(join(folder, "token"), `${TOKEN}\n`);
  const { hubToken: _, ...rest } = settings;
  assert.equal((await connectHub({ settings: rest })).token, TOKEN);
  assert.equal((await connectHub({ settings: { ...rest, hubToken: "hf_other" } })).token, "hf_other");
});
