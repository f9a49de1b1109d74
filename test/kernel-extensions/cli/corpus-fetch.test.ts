import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { openCorpus } from "gpic-lab/corpus";
import { packageFile, tarArchive } from "gpic-lab/io";
import { fetchText } from "../../../kernel-extensions/cli/corpus/fetch.js";
import { madePair } from "../../lib/corpus/made-shard.js";
import { type HubServer, madeFile, servedFile } from "../../lib/hub/hub-server.js";
import { environment, surroundings, TOKEN } from "../../lib/hub/surroundings.js";

const NAME = "hf://stanford-vision-lab/gpic";

interface Result {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function start(server: HubServer, folder: string, args: readonly string[], without: readonly string[] = []) {
  const cli = packageFile("kernel-extensions", "cli", "gpic-lab.cjs");
  const env: NodeJS.ProcessEnv = { ...process.env, ...environment(server, folder) };
  for (const name of without) delete env[name];
  const child = spawn(process.execPath, [cli, "corpus", "fetch", ...args], { env });
  let out = "";
  let err = "";
  child.stdout.on("data", (text) => {
    out += text;
  });
  child.stderr.on("data", (text) => {
    err += text;
  });
  const ended = new Promise<Result>((done) => child.once("close", (status) => done({ status, out, err })));
  return { child, ended };
}

const call = (...args: Parameters<typeof start>): Promise<Result> => start(...args).ended;

const shards = [0, 1, 2].map((number) =>
  servedFile(`train/gpic_train_0000${number}.tar`, tarArchive([...madePair(`image ${number}`)])),
);
const total = (number: number) => shards.slice(0, number).reduce((sum, { size }) => sum + size, 0);

test("a dry run says what it would be and fetches nothing; then it is fetched, and found again", async (t) => {
  const { server, folder } = await surroundings(t, shards);
  server.token = TOKEN;
  const to = join(folder, "release");
  const words = [NAME, "--shards", "0-1", "--to", to];
  const dry = await call(server, folder, [...words, "--dry-run"]);
  assert.deepEqual(dry, {
    status: 0,
    out: "2 files, 0.01 MB, of them 0 files and 0.00 MB are there\n",
    err: "",
  });
  assert.equal(server.downloads.length, 0);
  const fetched = await call(server, folder, words);
  assert.equal(fetched.status, 0, fetched.err);
  assert.equal(fetched.err, dry.out);
  assert.match(fetched.out, /^fetched 2 files, 0.01 MB, [\d.]+ s: .*release\n$/);
  assert.deepEqual(
    (await openCorpus(to)).shards.map(({ name }) => name),
    [shards[0]!.path, shards[1]!.path],
  );
  const again = await call(server, folder, [...words, "--json"]);
  const { seconds, ...result } = JSON.parse(again.out);
  assert.ok(seconds >= 0);
  assert.deepEqual(result, {
    ...{ corpus: NAME, revision: server.commit, folder: to, files: 2, bytes: total(2) },
    ...{ files_there: 2, bytes_there: total(2), files_fetched: 0, bytes_fetched: 0, dry_run: false },
  });
  assert.equal(again.err, "");
  assert.equal(server.downloads.length, 2);
});

test("without --to the shards go into the Hub's cache, under their commit", async (t) => {
  const { server, folder, hub } = await surroundings(t, shards);
  const { status, out } = await call(server, folder, [`${NAME}@main`, "--tier", "nano", "--json"]);
  assert.equal(status, 0);
  const { folder: where, files_fetched } = JSON.parse(out);
  assert.equal(where, join(hub.cache, "datasets--stanford-vision-lab--gpic"));
  assert.equal(files_fetched, 3);
  for (const { path, size } of shards)
    assert.equal(statSync(join(where, "snapshots", server.commit, path)).size, size);
});

test("Ctrl-C stops it in one line, and the same call goes on from the bytes that are there", async (t) => {
  const shard = madeFile(shards[0]!.path, 20e6);
  const { server, folder } = await surroundings(t, [shard]);
  server.faults = ({ host }) => (host === "store" ? { paceMilliseconds: 10 } : undefined);
  const to = join(folder, "release");
  const first = start(server, folder, [NAME, "--to", to]);
  const partial = join(to, `${shard.path}.incomplete`);
  for (let i = 0; !(existsSync(partial) && statSync(partial).size > 2e6); i++) {
    assert.ok(i < 1000, "it should have come within 10 s");
    await pause(10);
  }
  first.child.kill("SIGINT");
  const { status, out, err } = await first.ended;
  assert.equal(status, 1);
  assert.equal(out, "");
  assert.match(err, /\ngpic-lab: stopped; the same call goes on where it was\n$/);
  const there = statSync(partial).size;
  assert.equal(existsSync(join(to, `${shard.path}.lock`)), false);
  server.faults = () => undefined;
  const second = await call(server, folder, [NAME, "--to", to]);
  assert.equal(second.status, 0, second.err);
  assert.equal(server.downloads.at(-1)!.headers.range, `bytes=${there}-`);
  assert.ok(readFileSync(join(to, shard.path)).equals(shard.read(0, shard.size)));
});

test("failures are one line that says what to do, without the token; wrong calls are told apart", async (t) => {
  const { server, folder } = await surroundings(t, shards);
  server.token = TOKEN;
  const missing = await call(server, folder, [NAME], ["HF_TOKEN"]);
  assert.equal(missing.status, 1);
  assert.match(
    missing.err,
    /^gpic-lab: Cannot read .*: a token is needed, got none .*accept the terms once at .*\n$/,
  );
  assert.equal(missing.err.trim().split("\n").length, 1);
  server.termsAccepted = false;
  const terms = await call(server, folder, [NAME, "--verbose"]);
  assert.equal(terms.status, 1);
  assert.match(terms.err, /the terms are not yet accepted by this token's account \(403\)/);
  assert.ok(!terms.err.includes(TOKEN));
  server.termsAccepted = true;
  assert.equal((await call(server, folder, [NAME, "--split", "val"])).status, 1);
  const calls = [[], ["sample"], ["hf://gpic"], [NAME, NAME], [NAME, "--tier", "mini"], [NAME, "--to", ""]];
  for (const args of calls) {
    const { status, err } = await call(server, folder, args);
    assert.equal(status, 2, `${args}: ${err}`);
    assert.equal(err.trim().split("\n").length, 1);
  }
});

test("the line tells files, bytes, rate and the time that is left", () => {
  const progress = { filesDone: 3, filesTotal: 80, bytesDone: 6e9, bytesTotal: 128e9 };
  assert.equal(
    fetchText(progress, 1e9, 50),
    "fetching: 3 of 80 files, 6.00 GB of 128.00 GB, 100.00 MB/s, 21 min left",
  );
  assert.equal(fetchText(progress, 6e9, 0), "fetching: 3 of 80 files, 6.00 GB of 128.00 GB");
});
