import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { HubError } from "gpic-lab/hub";
import {
  type EncoderId,
  fetchWeights,
  findWeights,
  modelEntry,
  requireWeights,
  WeightsError,
  type WeightsProgress,
} from "gpic-lab/models";
import { temporary } from "../hub/surroundings.js";
import { madeArchive, madeWeights } from "./made-weights.js";
import { publisher } from "./publisher.js";

const ID = "dinov2-vits14";
const date = "2026-11-25";
const weights = await madeWeights();
const others = await madeWeights(1);

function addressesOf(id: string): readonly string[] {
  const entry = modelEntry(id).weights;
  assert.ok(entry.kind === "file");
  return entry.addresses;
}

const [address] = addressesOf(ID) as [string];

async function failure<T extends Error>(
  work: Promise<unknown>,
  kind: new (...words: never[]) => T,
): Promise<T> {
  const error = await work.then(
    () => assert.fail("it should have failed"),
    (reason) => reason,
  );
  assert.ok(error instanceof kind, String(error?.stack));
  return error;
}

test("the first download is recorded: hash, size, address, date, and that the publisher states no hash", async (t) => {
  const { cache, connection, publish } = await publisher(t);
  publish(address, weights);
  const seen: WeightsProgress[] = [];
  const fetched = await fetchWeights(ID, { date, cache, connection, onProgress: (one) => seen.push(one) });
  assert.equal(fetched.outcome, "downloaded");
  assert.ok(readFileSync(fetched.path).equals(weights.bytes));
  const record = {
    encoder: ID,
    source: `download from ${address}`,
    hash: "recorded when the file first came here; the publisher states none",
    date,
    files: [{ name: "dinov2_vits14_pretrain.pth", bytes: weights.bytes.length, sha256: weights.sha256 }],
  };
  assert.deepEqual(fetched.record, record);
  const folder = join(cache, "weights", ID);
  assert.deepEqual(JSON.parse(readFileSync(join(folder, "weights.json"), "utf8")), record);
  assert.deepEqual(readdirSync(folder).sort(), ["dinov2_vits14_pretrain.pth", "weights.json"]);
  assert.deepEqual(await findWeights(ID, cache), { state: "there", path: fetched.path, record });
  const bytesTotal = weights.bytes.length;
  for (const step of ["download", "hash"] as const) {
    const last = seen.filter((one) => one.step === step).at(-1);
    assert.deepEqual(last, { step, bytesDone: bytesTotal, bytesBefore: 0, bytesTotal });
  }
});

test("what is there is not asked for again", async (t) => {
  const { server, cache, connection, publish } = await publisher(t);
  publish(address, weights);
  const first = await fetchWeights(ID, { date, cache, connection });
  const second = await fetchWeights(ID, { date: "2027-01-01", cache, connection });
  assert.deepEqual(second, { ...first, outcome: "was there" });
  assert.equal(server.downloads.length, 1);
});

test("a connection that is cut is mended; used up, the next call goes on from the bytes that are there", async (t) => {
  const { server, cache, connection, publish } = await publisher(t);
  publish(address, weights);
  server.faults = () => ({ cutAfter: server.downloads.length === 1 ? 400_000 : 0 });
  const error = await failure(fetchWeights(ID, { date, cache, connection }), HubError);
  assert.equal(error.kind, "unreachable");
  assert.match(
    error.message,
    /; fetch https:.*\.pth by hand, on another machine if need be, then: gpic-lab models fetch dinov2-vits14 --from FILE$/,
  );
  const partial = join(cache, "weights", ID, "dinov2_vits14_pretrain.pth.incomplete");
  const there = statSync(partial).size;
  assert.ok(there > 200_000 && there <= 400_000);
  assert.equal((await findWeights(ID, cache)).state, "not there");
  server.faults = () => undefined;
  const seen: WeightsProgress[] = [];
  const fetched = await fetchWeights(ID, { date, cache, connection, onProgress: (one) => seen.push(one) });
  assert.equal(server.downloads.at(-1)!.headers.range, `bytes=${there}-`);
  assert.ok(readFileSync(fetched.path).equals(weights.bytes));
  assert.equal(seen.filter(({ step }) => step === "download").at(-1)!.bytesBefore, there);
});

test("a second download with another hash is refused with both hashes, and what to do", async (t) => {
  const { cache, connection, publish } = await publisher(t);
  publish(address, weights);
  const first = await fetchWeights(ID, { date, cache, connection });
  publish(address, others);
  const error = await failure(fetchWeights(ID, { date, cache, connection, again: true }), HubError);
  assert.equal(error.kind, "wrong bytes");
  for (const hash of [weights.sha256, others.sha256]) assert.ok(error.message.includes(hash));
  assert.match(
    error.message,
    /the hash was recorded on 2026-11-25: .* remove .*weights\.json and fetch again/,
  );
  assert.ok(readFileSync(first.path).equals(weights.bytes));
  assert.equal((await findWeights(ID, cache)).state, "there");
  publish(address, weights);
  const again = await fetchWeights(ID, { date: "2027-01-01", cache, connection, again: true });
  assert.deepEqual(again, { ...first, outcome: "downloaded" });
});

test("404, 403 and no network are one line that names the address and --from", async (t) => {
  const { server, cache, connection, publish } = await publisher(t);
  const offline = await failure(fetchWeights(ID, { date, cache, connection }), HubError);
  assert.match(
    offline.message,
    /^Cannot read the weights of dinov2-vits14: a connection is needed, got ENOTFOUND/,
  );
  publish(address, weights);
  for (const status of [404, 403]) {
    server.faults = () => ({ status });
    const error = await failure(fetchWeights(ID, { date, cache, connection }), HubError);
    assert.equal(error.status, status);
    assert.ok(error.message.includes(`got ${status} from dl.fbaipublicfiles.com`), error.message);
    assert.ok(error.message.includes(address));
    assert.ok(error.message.endsWith(`, then: gpic-lab models fetch ${ID} --from FILE`));
    assert.ok(!error.message.includes("\n"));
  }
});

test("where the publisher's first address fails, its second is asked; the digits in its file name are held to", async (t) => {
  const { cache, connection, publish } = await publisher(t);
  const [, second] = addressesOf("inception-fid") as [string, string];
  publish(second, weights);
  const error = await failure(fetchWeights("inception-fid", { date, cache, connection }), WeightsError);
  assert.ok(error.message.startsWith(`Cannot use download from ${second} as weights of inception-fid: `));
  assert.match(error.message, /a SHA-256 that begins with 6726825d is needed, .*, got [0-9a-f]{64}$/);
  assert.deepEqual(readdirSync(join(cache, "weights", "inception-fid")), []);
});

test("a web page and other files that are not torch's are refused, whatever the server calls them", async (t) => {
  const { cache, connection, mirror } = await publisher(t);
  const pages = {
    "a web page": "<!DOCTYPE html><html>log in</html>",
    "an empty file": "",
    "a pointer of Git LFS instead of the file": "version https://git-lfs.github.com/spec/v1\n",
    "one that begins with the bytes 6e6f7420746f7263": "not torch's",
  };
  for (const [kind, text] of Object.entries(pages)) {
    const path = join(cache, "page.pth");
    writeFileSync(path, text);
    const byHand = await failure(fetchWeights(ID, { date, cache, from: path }), WeightsError);
    assert.equal(
      byHand.message,
      `Cannot use ${path} as weights of ${ID}: a file of torch's is needed, got ${kind}`,
    );
    if (text === "") continue;
    const bytes = Buffer.from(text);
    const file = { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
    const from = mirror(file);
    const over = await failure(fetchWeights(ID, { date, cache, connection, from }), WeightsError);
    assert.ok(over.message.endsWith(`got ${kind}`), over.message);
  }
  assert.equal((await findWeights(ID, cache)).state, "not there");
});

test("a file of one's own is linked into the cache, by whatever name it is called", async (t) => {
  const { cache } = await publisher(t);
  const from = join(cache, "elsewhere", "some name.pth");
  mkdirSync(dirname(from));
  writeFileSync(from, weights.bytes);
  const link = join(cache, "elsewhere", "link.pth");
  symlinkSync(from, link);
  for (const [path, of] of [
    [from, cache],
    [link, join(cache, "another")],
  ] as const) {
    const { record, outcome, path: at } = await fetchWeights(ID, { date, cache: of, from: path });
    assert.equal(outcome, "linked");
    assert.equal(record.source, `--from ${path}`);
    assert.equal(record.files[0]!.sha256, weights.sha256);
    assert.equal(statSync(at).ino, statSync(from).ino);
  }
  // the same name of the same file once more, and the cache's own file as the file of one's own
  for (const again of [from, join(cache, "weights", ID, "dinov2_vits14_pretrain.pth")]) {
    const { path } = await fetchWeights(ID, { date, cache, from: again });
    assert.deepEqual(readdirSync(dirname(path)).sort(), ["dinov2_vits14_pretrain.pth", "weights.json"]);
  }
});

test("a file of one's own that is missing, a folder, of another size or hash is refused, and nothing changes", async (t) => {
  const { cache, connection, publish } = await publisher(t);
  const from = join(cache, "other.pth");
  const refused = async (id: typeof ID | "dinov2-vitl14", file: string) =>
    (await failure(fetchWeights(id, { date, cache, from: file }), WeightsError)).message;
  assert.match(
    await refused(ID, from),
    /other\.pth as weights of .*: a file that can be read is needed, got ENOENT$/,
  );
  assert.match(await refused(ID, cache), /a file is needed, got a folder or a device$/);
  writeFileSync(from, others.bytes);
  assert.match(await refused("dinov2-vitl14", from), /1217586395 bytes are needed, got \d+$/);
  publish(address, weights);
  const { path } = await fetchWeights(ID, { date, cache, connection });
  const message = await refused(ID, from);
  for (const hash of [weights.sha256, others.sha256]) assert.ok(message.includes(hash));
  assert.match(message, /is needed, as recorded on 2026-11-25 \(download from https:/);
  assert.ok(readFileSync(path).equals(weights.bytes));
  assert.ok(existsSync(from));
  assert.deepEqual(readdirSync(dirname(path)).sort(), ["dinov2_vits14_pretrain.pth", "weights.json"]);
});

test("the weights of another encoder, and a file of torch's that holds none, are refused by what they are", async (t) => {
  const { cache } = await publisher(t);
  const from = join(cache, "x.pth");
  const refused = async (id: EncoderId) =>
    (await failure(fetchWeights(id, { date, cache, from }), WeightsError)).message;
  writeFileSync(from, weights.bytes);
  const use = `Cannot use ${from} as weights of`;
  assert.equal(
    await refused("dinov2-vitb14"),
    `${use} dinov2-vitb14: the tensors of dinov2-vitb14 are needed, got by their shapes those of dinov2-vits14`,
  );
  assert.ok((await refused("sscd")).startsWith(`${use} sscd: backbone.`));
  writeFileSync(from, (await madeArchive({ "archive/x": Buffer.from("x") })).bytes);
  assert.equal(
    await refused(ID),
    `${use} ${ID}: it is a zip archive with neither the pickle of a torch file nor arrays of numpy`,
  );
  writeFileSync(from, weights.bytes.subarray(0, 2e6));
  assert.ok((await refused(ID)).startsWith(`${use} ${ID}: `));
  assert.ok(existsSync(from));
  assert.deepEqual(readdirSync(join(cache, "weights", "dinov2-vitb14")), []);
});

test("a mirror's address is fetched from, and no signature of it is kept", async (t) => {
  const { server, cache, connection, mirror } = await publisher(t);
  const { record } = await fetchWeights(ID, { date, cache, connection, from: mirror(weights) });
  assert.equal(record.source, `download from ${server.store}/${weights.sha256}`);
  const from = "https://me:secret@example.org/x.pth";
  const error = await failure(fetchWeights(ID, { date, cache, connection, from }), WeightsError);
  assert.ok(!error.message.includes("secret"));
});

test("a file that somebody put into the cache is checked and recorded as found", async (t) => {
  const { cache, connection } = await publisher(t);
  const path = join(cache, "weights", ID, "dinov2_vits14_pretrain.pth");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, weights.bytes);
  assert.deepEqual(await findWeights(ID, cache), { state: "doubtful", why: `${path} has no record` });
  const { outcome, record } = await fetchWeights(ID, { date, cache, connection });
  assert.deepEqual([outcome, record.source], ["found", "found in the cache"]);
  writeFileSync(path, "damaged");
  const error = await failure(fetchWeights(ID, { date, cache, connection }), WeightsError);
  assert.ok(error.message.endsWith(`; remove ${path}, then: gpic-lab models fetch ${ID}`), error.message);
});

test("what was downloaded when the hashing was stopped is not downloaded again", async (t) => {
  const { server, cache, connection, publish } = await publisher(t);
  publish(address, weights);
  const stop = new AbortController();
  const onProgress = ({ step }: WeightsProgress) => step === "hash" && stop.abort(new Error("stopped"));
  const stopped = fetchWeights(ID, { date, cache, connection, signal: stop.signal, onProgress });
  assert.equal((await failure(stopped, Error)).message, "stopped");
  assert.equal((await findWeights(ID, cache)).state, "not there");
  const fetched = await fetchWeights(ID, { date, cache, connection });
  assert.equal(fetched.record.source, "download by an earlier call");
  assert.ok(readFileSync(fetched.path).equals(weights.bytes));
  assert.equal(server.downloads.length, 1);
});

test("a damaged record is told with its remedy, and weights that are needed with the command", async (t) => {
  const { cache } = await publisher(t);
  const need = (await failure(requireWeights(ID, cache), Error)).message;
  assert.match(
    need,
    /^Cannot open dinov2-vits14: its weights are needed, got none in .*; fetch them with: gpic-lab models fetch dinov2-vits14$/,
  );
  const path = join(cache, "weights", ID, "weights.json");
  mkdirSync(dirname(path), { recursive: true });
  for (const text of ["", "{}", '{"encoder":"sscd","source":"","hash":"","date":"","files":[{}]}']) {
    writeFileSync(path, text);
    const error = await failure(fetchWeights(ID, { date, cache }), TypeError);
    assert.match(
      error.message,
      /^Cannot read .*weights\.json: the record .* remove the file, then: gpic-lab/,
    );
  }
});

test("a disk that is too small is told before a byte is fetched", async (t) => {
  const { server, cache, connection, publish } = await publisher(t);
  publish(address, weights);
  server.faults = () => ({ contentLength: 9e15 });
  const error = await failure(fetchWeights(ID, { date, cache, connection }), HubError);
  assert.equal(error.kind, "no space");
  assert.match(
    error.message,
    /9000000 GB are needed, got [\d.]+ GB free; free some, or set GPIC_LAB_CACHE to/,
  );
  assert.equal(existsSync(join(temporary(t), "weights")), false);
});
