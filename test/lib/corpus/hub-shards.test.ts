import assert from "node:assert/strict";
import { test } from "node:test";
import {
  GPIC_REPOSITORY,
  hubShards,
  identifyHub,
  openCorpus,
  parseHubName,
  releaseShards,
  type Shard,
} from "gpic-lab/corpus";
import { connectHub, fetchFile, HubError } from "gpic-lab/hub";
import { installSettings, settingsFrom, tarArchive } from "gpic-lab/io";
import { type ServedFile, servedFile } from "../hub/hub-server.js";
import { environment, quick, surroundings } from "../hub/surroundings.js";
import { madePair } from "./made-shard.js";

const NAME = "hf://stanford-vision-lab/gpic";

function shard(split: string, number: number, ...texts: string[]): ServedFile {
  const path = `${split}/gpic_${split}_${String(number).padStart(5, "0")}.tar`;
  return servedFile(path, tarArchive(texts.flatMap((text) => [...madePair(text)])));
}

const files = [
  shard("train", 0, "a", "bb"),
  shard("train", 1, "ccc"),
  shard("val", 0, "dddd"),
  servedFile("train/notes.tar", new Uint8Array(10)),
  servedFile("train/gpic_val_00009.tar", new Uint8Array(10)),
  servedFile("README.md", new Uint8Array(10)),
];

test("a corpus on the Hub is opened by name, and its images are read by ranges", async (t) => {
  const { server, folder } = await surroundings(t, files);
  installSettings(() => settingsFrom(environment(server, folder)));
  t.after(() => installSettings(() => settingsFrom({})));
  const corpus = await openCorpus(`${NAME}@main`);
  assert.deepEqual(
    corpus.shards.map(({ name, sizeBytes, sha256, path }) => [name, sizeBytes, sha256, path]),
    files.slice(0, 3).map(({ path, size, sha256 }) => [path, size, sha256, undefined]),
  );
  assert.match(
    corpus.describe(),
    /^shards on a Hub \(stanford-vision-lab\/gpic@main, c0ffee000000\): 3 shards \(2 train, 1 val\)/,
  );
  assert.deepEqual(corpus.identity, { dataset: "local", revision: server.commit, complete: false });
  const texts: string[] = [];
  for await (const record of corpus.records()) texts.push(new TextDecoder().decode(await record.readImage()));
  assert.deepEqual(texts, ["a", "bb", "ccc", "dddd"]);
});

test("only the folders of the wanted splits are listed, page by page", async (t) => {
  const { server, hub } = await surroundings(t, files);
  const listed = async (choice: Parameters<typeof hubShards>[1]) => {
    server.requests.length = 0;
    const { shards } = await hubShards(NAME, choice, { hub });
    const folders = server.requests.flatMap(({ url }) => /tree\/[0-9a-f]+\/(\w+)/.exec(url)?.[1] ?? []);
    return [folders.sort(), shards.map(({ name }) => name.slice(-9, -4))];
  };
  assert.deepEqual(await listed({ split: "val" }), [["val"], ["00000"]]);
  assert.deepEqual(await listed({ tier: "nano", shards: "1" }), [["train"], ["00001"]]);
  assert.deepEqual(await listed({}), [
    ["test", "train", "val"],
    ["00000", "00001", "00000"],
  ]);
  server.requests.length = 0;
  await assert.rejects(hubShards(NAME, { tier: "nano", split: "val" }, { hub }), RangeError);
  await assert.rejects(hubShards(NAME, { split: "mini" as "val" }, { hub }), RangeError);
  assert.equal(server.requests.length, 0);
  await assert.rejects(hubShards(NAME, { split: "test" }, { hub }), /got none of them at c0ffee/);
  await assert.rejects(hubShards(NAME, { shards: "7" }, { hub }), RangeError);
});

test("the whole release is listed in some ten requests", async (t) => {
  const empty = servedFile("", new Uint8Array(1), true);
  const release = (["train", "val", "test"] as const).flatMap((split) =>
    Array.from({ length: releaseShards[split === "train" ? "full" : split] }, (_, i) => ({
      ...empty,
      path: `${split}/gpic_${split}_${String(i).padStart(5, "0")}.tar`,
    })),
  );
  // patience: on a busy machine a page may take longer than the other tests' quarter of a second
  const { server, hub } = await surroundings(t, release, { stallMilliseconds: 60_000 });
  const begun = performance.now();
  const { shards } = await hubShards(NAME, {}, { hub });
  t.diagnostic(`${shards.length} shards in ${Math.round(performance.now() - begun)} ms`);
  assert.equal(shards.length, 8160);
  assert.deepEqual([shards[7999]!.number, shards[8000]!.split, shards[8159]!.split], [7999, "val", "test"]);
  assert.equal(server.requests.length, 1 + 8 + 1 + 1);
});

test("a shard in the cache is read there, also when the Hub is gone, and the corpus says so", async (t) => {
  const { server, folder, hub, snapshot } = await surroundings(t, files);
  const [first] = (await hubShards(NAME, {}, { hub })).shards;
  await fetchFile(hub, snapshot, first!.file);
  const again = (await hubShards(NAME, {}, { hub })).shards[0]!;
  assert.ok(again.path?.endsWith(first!.name));
  const served = server.bytesServed;
  const source = await again.open();
  assert.equal(source.name, again.path);
  await source.close();
  let streamed = 0;
  for await (const bytes of again.stream()) streamed += bytes.length;
  assert.equal(streamed, first!.sizeBytes);
  assert.equal(server.bytesServed, served);
  let busy = 4;
  server.faults = () => (busy-- > 0 ? { status: 503 } : undefined);
  assert.equal((await hubShards(NAME, {}, { hub })).listedBy, "hub", "a Hub that is busy is waited for");
  server.faults = () => ({ status: 401, headers: { "x-error-code": "GatedRepo" } });
  await assert.rejects(hubShards(NAME, {}, { hub }), /does not accept the token/);
  await server.stop();
  const away = await hubShards(NAME, {}, { hub });
  assert.equal(away.listedBy, "cache");
  assert.deepEqual(
    away.shards.map(({ name, sha256 }) => [name, sha256]),
    [[first!.name, first!.sha256]],
  );
  assert.match(away.note, /the Hub could not be reached/);
  assert.equal(away.identity.revision, server.commit);
  const settings = settingsFrom(environment(server, folder));
  const quickly = await connectHub({ settings, retry: quick });
  await assert.rejects(hubShards(`${NAME}@other`, {}, { hub: quickly }), HubError);
});

test("a remote shard streams by once, with its hash checked at the end, and nothing is stored", async (t) => {
  const { server, hub } = await surroundings(t, files);
  const [first] = (await hubShards(NAME, { split: "train" }, { hub })).shards;
  const parts: Uint8Array[] = [];
  for await (const bytes of first!.stream()) parts.push(bytes);
  assert.ok(Buffer.concat(parts).equals(files[0]!.read(0, files[0]!.size)));
  assert.equal((await hubShards(NAME, {}, { hub })).shards[0]!.path, undefined);
  server.faults = ({ host }) => (host === "store" ? { corruptAt: 600 } : undefined);
  await assert.rejects(async () => {
    for await (const _ of first!.stream());
  }, /Cannot trust train\/gpic_train_00000.tar/);
});

test("shards are GPIC only where the public Hub lists them, each with its hash", () => {
  const one = { name: "train/gpic_train_00000.tar", split: "train", number: 0, sizeBytes: 1 } as const;
  const open = () => Promise.reject(new Error("not read"));
  const shards: Shard[] = [{ ...one, sha256: "0".repeat(64), open }];
  const commit = "a".repeat(40);
  const found = {
    ...{ repository: GPIC_REPOSITORY, endpoint: "https://huggingface.co", commit },
    ...({ listedBy: "hub", shards, choice: { tier: "nano" } } as const),
  };
  assert.deepEqual(identifyHub(found), {
    dataset: "gpic",
    revision: commit,
    split: "train",
    tier: "nano",
    complete: false,
  });
  for (const other of [
    { repository: "somebody/gpic" },
    { endpoint: "http://127.0.0.1:8080" },
    { endpoint: "https://huggingface.co.evil.example" },
    { listedBy: "cache" as const },
    { shards: [{ ...one, open }] },
  ])
    assert.equal(identifyHub({ ...found, ...other }).dataset, "local", JSON.stringify(other));
});

test("a whole tier that only the cache lists is not taken for GPIC, however large its shards are", () => {
  const open = () => Promise.reject(new Error("not read"));
  const shards: Shard[] = Array.from({ length: releaseShards.nano }, (_, number) => ({
    ...{ name: `train/gpic_train_${number}.tar`, split: "train", number, sizeBytes: 1.6e9, open },
    sha256: "0".repeat(64),
  }));
  const found = {
    ...{ repository: GPIC_REPOSITORY, endpoint: "https://huggingface.co", commit: "a".repeat(40) },
    ...{ shards, choice: { tier: "nano" } as const },
  };
  assert.equal(identifyHub({ ...found, listedBy: "hub" }).dataset, "gpic");
  assert.equal(identifyHub({ ...found, listedBy: "cache" }).dataset, "local");
});

test("a draw from the Hub reads what it looks at, and no window around it", async (t) => {
  const large = "x".repeat(120_000);
  const many = Array.from({ length: 60 }, (_, i) => `${i} ${large}`);
  const { server, folder } = await surroundings(t, [shard("train", 0, ...many), shard("train", 1, ...many)]);
  installSettings(() => settingsFrom(environment(server, folder)));
  t.after(() => installSettings(() => settingsFrom({})));
  const corpus = await openCorpus(NAME);
  const before = server.bytesServed;
  const drawn = await corpus.draw(6, { seed: 3 });
  assert.equal(drawn.length, 6);
  // some 120 cells of 1.5 kB to a hit, and for a hit its headers and JSON in windows of 16 kB: far from the 64 kB that
  // each read of a source that reads ahead fetches (8 MB an image)
  const bytes = (server.bytesServed - before) / drawn.length;
  assert.ok(bytes < 600_000, `${bytes} bytes an image`);
});

test("names on the Hub are taken apart, and others refused", () => {
  const of = (name: string) => Object.values(parseHubName(name));
  assert.deepEqual(of(NAME), ["stanford-vision-lab/gpic", "main"]);
  assert.deepEqual(of(`${NAME}@v1.0`), ["stanford-vision-lab/gpic", "v1.0"]);
  assert.deepEqual(of(`${NAME}@refs/convert/parquet`), ["stanford-vision-lab/gpic", "refs/convert/parquet"]);
  assert.deepEqual(of("hf://datasets/a/b@x"), ["a/b", "x"]);
  for (const name of [
    "hf://",
    "hf://a",
    "hf://a/b/c",
    "hf://a/b@",
    "hf://a/b@../x",
    "hf://a/b@x/",
    "hf://../b",
    "hf://a/b\n",
  ])
    assert.throws(() => parseHubName(name), SyntaxError, name);
});
