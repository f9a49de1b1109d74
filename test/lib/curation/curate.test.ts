import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { openCorpus, samplePool, verifyCorpus } from "gpic-lab/corpus";
import {
  type CurateOptions,
  curate,
  curationRecipe,
  PAPER_RECIPE,
  readCaptions,
  readDecisions,
} from "gpic-lab/curation";
import { describeImages } from "gpic-lab/dedup";
import { packageFile } from "gpic-lab/io";
import { AnswerFolder, VlmClient } from "gpic-lab/vlm";
import { GOOD_CAPTIONS as GOOD, STAND_IN_MODEL, standInServer } from "../vlm/stand-in-server.js";
import { folderOf, hashesBelow, metadata, poolOf } from "./pools.js";

const pool = packageFile("data", "sample", "pool");
const recipe = curationRecipe(JSON.parse(readFileSync(join(pool, "recipe.json"), "utf8")));
const captions = await readCaptions(join(pool, "captions.csv"));

function options(out: string, more: Partial<CurateOptions> = {}): CurateOptions {
  return { out, recipe, captions, describe: describeImages, ...more };
}

/** A release of the sample that is made once. */
let made: Promise<{ out: string; hashes: { readonly [name: string]: string } }> | undefined;
const rooms: string[] = [];
test.after(() => {
  for (const room of rooms) rmSync(room, { recursive: true, force: true });
});
function sampleRelease() {
  made ??= (async () => {
    const { mkdtempSync } = await import("node:fs");
    const { tmpdir } = await import("node:os");
    const room = mkdtempSync(join(tmpdir(), "gpic-lab-curate-"));
    rooms.push(room);
    const out = join(room, "release");
    await curate(pool, options(out));
    return { out, hashes: hashesBelow(out) };
  })();
  return made;
}

test("the committed release is what curation makes of the pool, byte for byte", async () => {
  const { hashes } = await sampleRelease();
  const tars = Object.entries(hashes).filter(([name]) => name.endsWith(".tar"));
  assert.deepEqual(Object.fromEntries(tars), hashesBelow(packageFile("data", "sample", "release")));
  const rest = Object.keys(hashes).filter((name) => !name.endsWith(".tar"));
  const tables =
    "captions exact-duplicates filters licences near-duplicates problems records review splits".split(" ");
  assert.deepEqual(rest, [...tables.map((name) => `decisions/${name}.parquet`), "manifest.json"].sort());
});

test("the funnel adds up, and each stage's table has a row for each image that reached it", async () => {
  const { out } = await sampleRelease();
  const { funnel, splits, shards, owed } = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"));
  let left = 273;
  for (const { in: before, out: after, reasons } of funnel) {
    assert.equal(before, left);
    left = before - Object.values<number>(reasons).reduce((sum, count) => sum + count, 0);
    assert.equal(after, left);
  }
  assert.equal(left, 152);
  assert.deepEqual(splits, {
    train: { images: 112, wanted: 112, shards: 8 },
    val: { images: 16, wanted: 16, shards: 1 },
    test: { images: 24, wanted: 24, shards: 2 },
  });
  assert.equal(
    shards.reduce((sum: number, { images }: { images: number }) => sum + images, 0),
    152,
  );
  assert.equal(owed, 0);
  const reached = (stage: string) => funnel.find((row: { stage: string }) => row.stage === stage);
  for (const [table, first, last] of [
    ["records", "records", "records"],
    ["licences", "licences", "licences"],
    ["filters", "decode", "safety"],
    ["exact-duplicates", "exact duplicates", "exact duplicates"],
    ["near-duplicates", "near duplicates", "near duplicates"],
    ["review", "review", "review"],
    ["captions", "captions", "captions"],
  ] as const) {
    const rows = await readDecisions(out, table);
    assert.equal(rows.length, reached(first).in, table);
    assert.equal(rows.filter(({ outcome }) => outcome === "kept").length, reached(last).out, table);
    for (const { outcome, reason } of rows) assert.equal(outcome === "kept", reason === "", table);
  }
  assert.equal((await readDecisions(out, "splits")).length, 152);
});

test("what goes is what the pool's truth says should go, and every copy has its kept one", async () => {
  const { out } = await sampleRelease();
  const truth = new Map((await samplePool()).map((image) => [image.key, image]));
  const released = new Map((await readDecisions(out, "splits")).map((row) => [row.key, row.release_key]));
  for (const [key, { releaseKey }] of truth) assert.equal(released.get(key) ?? "", releaseKey);
  for (const table of ["exact-duplicates", "near-duplicates"] as const)
    for (const { key, outcome, kept_key: keptKey, similarity } of await readDecisions(out, table)) {
      if (outcome === "kept") continue;
      assert.equal(truth.get(String(key))!.duplicateOf, keptKey);
      assert.ok(Number(similarity) > 0.9625);
    }
});

test("the release is sound, and a corpus", async () => {
  const { out } = await sampleRelease();
  const found = await verifyCorpus(await openCorpus(out));
  assert.deepEqual([found.sound, found.problems], [152, []]);
});

test("made again into the same folder nothing is done, into another the bytes are the same", async (t) => {
  const { out, hashes } = await sampleRelease();
  const before = statSync(join(out, "manifest.json")).mtimeMs;
  const stages: string[] = [];
  await curate(pool, options(out, { onProgress: ({ stage }) => stages.push(stage) }));
  assert.deepEqual([...new Set(stages)], ["records"]);
  assert.equal(statSync(join(out, "manifest.json")).mtimeMs, before);
  const other = join(folderOf(t), "deep", "release");
  await curate(pool, options(other));
  assert.deepEqual(hashesBelow(other), hashes);
});

/** How often something in a folder has changed since the last look. */
function watcher(folder: string): () => boolean {
  let last = "";
  return () => {
    let now = "";
    try {
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort())
        if (!name.endsWith(".tmp")) now += `${name} ${statSync(join(folder, name)).ino}\n`;
    } catch {
      return false;
    }
    const changed = now !== last;
    last = now;
    return changed;
  };
}

test("killed twenty times at work the bytes are the same, and nothing half written stays", async (t) => {
  const { hashes } = await sampleRelease();
  const out = join(folderOf(t), "release");
  const call = () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "curate-process.js"), out], {
      stdio: "inherit",
    });
    return { child, ended: once(child, "exit") };
  };
  for (let round = 0; round < 20; round++) {
    const { child, ended } = call();
    const hasChanged = watcher(out);
    hasChanged();
    for (let changes = 0; changes < 1 + (round % 8) && child.exitCode === null; await pause(1))
      if (hasChanged()) changes++;
    child.kill("SIGKILL");
    const [code, signal] = await ended;
    assert.equal(signal, "SIGKILL", `round ${round} ended with ${code} before it was killed`);
  }
  const [code] = await call().ended;
  assert.equal(code, 0);
  assert.deepEqual(hashesBelow(out), hashes);
});

test("stopped by its signal at each stage, the same call goes on to the same bytes", async (t) => {
  const { hashes } = await sampleRelease();
  const out = join(folderOf(t), "release");
  for (const at of ["records", "quality", "exact duplicates", "near duplicates", "shards"]) {
    const stop = new AbortController();
    const onProgress = ({ stage, done }: { stage: string; done: number }) => {
      if (stage === at && done > 0) stop.abort(new Error(`stopped at ${at}`));
    };
    const ended = curate(pool, options(out, { signal: stop.signal, onProgress }));
    await assert.rejects(ended, new RegExp(`stopped at ${at}`));
  }
  await curate(pool, options(out));
  assert.deepEqual(hashesBelow(out), hashes);
});

test("a shard or a table that was taken away, cut or overwritten is made again", async (t) => {
  const { out, hashes } = await sampleRelease();
  const copy = join(folderOf(t), "release");
  cpSync(out, copy, { recursive: true });
  rmSync(join(copy, "val"), { recursive: true });
  truncateSync(join(copy, "train", "gpic_train_00003.tar"), 1000);
  rmSync(join(copy, "decisions", "licences.parquet"));
  const one = join(copy, "test", "gpic_test_00000.tar");
  writeFileSync(one, new Uint8Array(statSync(one).size));
  await curate(pool, options(copy));
  assert.deepEqual(hashesBelow(copy), hashes);
});

test("a folder of other things, of another recipe, or of another process is refused, and nothing in it changes", async (t) => {
  const room = folderOf(t);
  writeFileSync(join(room, "thesis.txt"), "a year's work");
  await assert.rejects(curate(pool, options(room)), /an empty folder .* got one with "thesis.txt" in it/);
  assert.deepEqual(Object.keys(hashesBelow(room)), ["thesis.txt"]);
  const { out, hashes } = await sampleRelease();
  const other = { ...recipe, seed: "another" };
  await assert.rejects(
    curate(pool, options(out, { recipe: other })),
    /a folder for this pool, recipe, captions and models is needed, got the release of others/,
  );
  assert.deepEqual(hashesBelow(out), hashes);
  const busy = join(folderOf(t), "release");
  const [first, second] = await Promise.allSettled([
    curate(pool, options(busy)),
    curate(pool, options(busy)),
  ]);
  const refused = [first, second].filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
  assert.equal(refused.length, 1);
  assert.match(String(refused[0]!.reason), /another process is at work in this one/);
  assert.deepEqual(hashesBelow(busy), hashes);
});

test("damaged and incomplete records, pictures that are none and licences that are missing go with their reasons, and the sound one stays", async (t) => {
  const room = folderOf(t);
  const [image] = (await samplePool()).filter(
    ({ kind, releaseKey }) => kind === "photograph" && releaseKey !== "",
  );
  const picture = await image!.readImage();
  const { encodedImage } = await import("gpic-lab/images");
  const end = encodedImage(picture, "a").format === "png" ? "png" : "jpg";
  const webp = readFileSync(packageFile("data", "decode", "files", "animated-alpha.webp"));
  const path = poolOf(room, [
    ["sound.json", metadata({ caption_type: "short", caption: "A thing stands in a place." })],
    [`sound.${end}`, picture],
    ["broken.json", "{"],
    ["broken.jpg", "x"],
    ["bare.json", metadata({ attribution: undefined })],
    ["bare.jpg", "x"],
    ["sound.json", metadata({ retrieved_at: 3 })],
    ["sound.jpg", "x"],
    ["mine.json", metadata({ license: "All rights reserved", license_url: "" })],
    ["mine.jpg", "x"],
    ["text.json", metadata()],
    ["text.jpg", "not a picture"],
    ["webp.json", metadata()],
    ["webp.jpg", webp],
    ["sound.json", metadata()],
    [`sound.${end}`, picture],
    ["twin.json", metadata({ caption_type: "short", caption: "A thing stands in a place." })],
    [`twin.${end}`, picture],
    ["lonely.json", metadata()],
  ]);
  const describe: CurateOptions["describe"] = async (_, keys) => ({
    ...{
      keys,
      from: "ones",
      rows: { data: new Float32Array(keys.length * 4).fill(1), count: keys.length, width: 4 },
    },
  });
  const out = join(room, "release");
  const { funnel, splits } = await curate(path, {
    out,
    describe,
    recipe: { ...PAPER_RECIPE, val: 0, test: 0 },
  });
  const reasons = Object.fromEntries(funnel.map((row) => [row.stage, row.reasons]));
  assert.deepEqual(reasons.records, {
    "key twice": 1,
    "json-broken": 1,
    "json-without-image": 1,
    "no credit data": 2,
  });
  assert.equal(Object.values(reasons.licences!)[0], 1);
  assert.deepEqual(reasons.decode, { "not an image": 1, unsupported: 1 });
  assert.deepEqual(reasons["exact duplicates"], { "same-bytes": 1 });
  assert.deepEqual(splits, {
    train: { images: 1, wanted: 1, shards: 1 },
    val: { images: 0, wanted: 0, shards: 0 },
    test: { images: 0, wanted: 0, shards: 0 },
  });
  for await (const { caption, imageExtension } of (await openCorpus(out)).records())
    assert.deepEqual([caption, imageExtension], ["A thing stands in a place.", end]);
});

test("an image without a caption, or with NOT VISIBLE., is not released, unless the recipe keeps the latter", async (t) => {
  const room = folderOf(t);
  const some = new Map(captions);
  const stays = [...some.keys()].slice(0, 3);
  some.set(stays[0]!, { caption_type: "short", caption: "NOT VISIBLE." });
  some.set(stays[1]!, { caption_type: "epic", caption: "Sing, goddess." });
  some.delete(stays[2]!);
  const drop = await curate(pool, options(join(room, "drop"), { captions: some }));
  assert.deepEqual(drop.funnel.at(-1)!.reasons, { "no caption": 1, "no caption type": 1, "not visible": 1 });
  const kept = { ...recipe, notVisible: "keep" as const };
  const keep = await curate(pool, options(join(room, "keep"), { captions: some, recipe: kept }));
  assert.deepEqual(keep.funnel.at(-1)!.reasons, { "no caption": 1, "no caption type": 1 });
});

test("splits hold no near copy of each other where copies are left in", async (t) => {
  // with no rule for pairs below one, the smaller copies stay beside what they were made of
  const lax = { ...recipe, review: [], rule: { ...recipe.rule, pairThreshold: 1 }, val: 40, test: 40 };
  const out = join(folderOf(t), "release");
  const copies = (await samplePool()).filter(
    ({ duplicateOf, kind }) => duplicateOf !== "" && kind === "resized",
  );
  const all = new Map(captions);
  for (const { key, duplicateOf } of copies) {
    const caption = captions.get(duplicateOf);
    if (caption !== undefined) all.set(key, caption);
  }
  await curate(pool, options(out, { recipe: lax, captions: all }));
  const splitOf = new Map((await readDecisions(out, "splits")).map(({ key, split }) => [key, split]));
  const pairs = copies.filter(({ key, duplicateOf }) => splitOf.has(key) && splitOf.has(duplicateOf));
  assert.ok(pairs.length >= 5, String(pairs.length));
  for (const { key, duplicateOf } of pairs) assert.equal(splitOf.get(key), splitOf.get(duplicateOf));
  assert.ok(new Set(pairs.map(({ key }) => splitOf.get(key))).size > 1);
});

test("a recipe's review names images of the pool, and a pool must be there", async (t) => {
  const room = folderOf(t);
  const wrong = { ...recipe, review: [{ key: "nobody", reason: "why not" }] };
  await assert.rejects(
    curate(pool, options(join(room, "a"), { recipe: wrong })),
    /got "nobody", which it has not/,
  );
  await assert.rejects(
    curate(join(room, "none"), options(join(room, "b"))),
    /got ".*none", which is not there/,
  );
});

test("tables of captions are read from CSV and Parquet, and refused where a column lacks or a key is twice", async (t) => {
  const room = folderOf(t);
  const path = join(room, "a.csv");
  writeFileSync(path, 'caption,key,caption_type\n"Red, ""round"",\nand ripe.",k,short\n');
  assert.deepEqual(
    [...(await readCaptions(path))],
    [["k", { caption_type: "short", caption: 'Red, "round",\nand ripe.' }]],
  );
  writeFileSync(path, "key,caption\nk,A\n");
  await assert.rejects(readCaptions(path), /columns key, caption_type, caption are needed/);
  writeFileSync(path, "key,caption_type,caption\nk,short,A\nk,short,B\n");
  await assert.rejects(readCaptions(path), /got two for "k"/);
  await assert.rejects(readCaptions(join(room, "a.txt")), /a .csv or .parquet is needed/);
  const { out } = await sampleRelease();
  const own = await readCaptions(join(out, "decisions", "captions.parquet"));
  assert.equal(own.size, 152);
});

test("a pool that changes while it is curated is noticed before it is written", async (t) => {
  const room = folderOf(t);
  const own = join(room, "pool");
  mkdirSync(own);
  copyFileSync(join(pool, "pool_00000.tar"), join(own, "pool_00000.tar"));
  const { utimesSync, openSync, writeSync, closeSync } = await import("node:fs");
  const describe: CurateOptions["describe"] = async (...asked) => {
    const described = await describeImages(...asked);
    const file = openSync(join(own, "pool_00000.tar"), "r+");
    // every picture of the shard, but none of its headers and JSON, by zeros in their middle
    const size = statSync(join(own, "pool_00000.tar")).size;
    for (let at = 100_000; at < size; at += 50_000) writeSync(file, new Uint8Array(64).fill(7), 0, 64, at);
    closeSync(file);
    utimesSync(own, 1, 1);
    return described;
  };
  const some = { ...recipe, review: [], val: 1, test: 1, shards: {} };
  await assert.rejects(
    curate(own, options(join(room, "out"), { recipe: some, describe })),
    /as it was read before is needed, got other bytes; has pool_00000.tar changed\?/,
  );
});

test("a manifest of another program is no sign of ours: the folder is refused, and kept", async (t) => {
  const room = folderOf(t);
  writeFileSync(join(room, "manifest.json"), '{"name": "an app"}');
  await assert.rejects(curate(pool, options(room)), /got one with "manifest.json" in it/);
  assert.equal(readFileSync(join(room, "manifest.json"), "utf8"), '{"name": "an app"}');
  assert.deepEqual(readdirSync(room), ["manifest.json"]);
});

test("a claim of a machine that lost its power is waited for until it is dead", async (t) => {
  const { hashes } = await sampleRelease();
  const out = join(folderOf(t), "release");
  const claims = join(out, ".curation", "claims");
  mkdirSync(claims, { recursive: true });
  writeFileSync(
    join(claims, "curation.1"),
    JSON.stringify({ id: "x", machine: "before", pid: 1, started: "1" }),
  );
  const stages: string[] = [];
  const real = setTimeout;
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const forward = setInterval(() => t.mock.timers.tick(5000), 5);
  real(() => clearInterval(forward), 3000);
  const release = curate(pool, options(out, { onProgress: ({ stage }) => stages.push(stage) }));
  await release.finally(() => clearInterval(forward));
  assert.equal(stages[0], "waiting");
  assert.deepEqual(hashesBelow(out), hashes);
});

test("while a release is written over no manifest says that it is whole", async (t) => {
  const { out, hashes } = await sampleRelease();
  const copy = join(folderOf(t), "release");
  cpSync(out, copy, { recursive: true });
  truncateSync(join(copy, "train", "gpic_train_00003.tar"), 1000);
  const stop = new AbortController();
  const onProgress = ({ stage }: { stage: string }) => {
    if (stage === "near duplicates") stop.abort(new Error("stopped"));
  };
  await assert.rejects(curate(pool, options(copy, { signal: stop.signal, onProgress })), /stopped/);
  assert.ok(!existsSync(join(copy, "manifest.json")));
  const other = { ...recipe, seed: "another" };
  await assert.rejects(curate(pool, options(copy, { recipe: other })), /got the release of others/);
  await curate(pool, options(copy));
  assert.deepEqual(hashesBelow(copy), hashes);
});

test("a pool whose pictures changed is another pool, though nothing else did", async (t) => {
  const room = folderOf(t);
  const own = join(room, "pool");
  mkdirSync(own);
  const tar = readFileSync(join(pool, "pool_00000.tar"));
  writeFileSync(join(own, "pool_00000.tar"), tar);
  const some = { ...recipe, review: [], val: 1, test: 1, shards: {} };
  await curate(own, options(join(room, "out"), { recipe: some }));
  const released = await readDecisions(join(room, "out"), "splits");
  const image = (await samplePool()).find(({ key }) => key === released[0]!.key)!;
  const bytes = await image.readImage();
  const at = tar.indexOf(Buffer.from(bytes));
  assert.ok(at > 0);
  tar[at + bytes.length - 100]! ^= 1;
  writeFileSync(join(own, "pool_00000.tar"), tar);
  await assert.rejects(
    curate(own, options(join(room, "out"), { recipe: some })),
    /got the release of others/,
  );
});

test("verdicts that come later change the images that an encoder describes, and the release is finished", async (t) => {
  // a describer that keeps parts by the set, as extractFeatures does, and refuses a folder of another set
  const room = folderOf(t);
  const folders = new Map<string, string>();
  const describe: CurateOptions["describe"] = async (set, keys, control) => {
    const known = folders.get(control.folder) ?? set.fingerprint;
    assert.equal(known, set.fingerprint, "a folder of descriptors is of one set");
    folders.set(control.folder, set.fingerprint);
    return describeImages(set, keys);
  };
  let isBroken = true;
  const server = await standInServer(t, ({ schemaName, schema }, n) => {
    if (isBroken && n % 40 === 3) return { as: "status", status: 500 };
    if (schemaName.startsWith("caption"))
      return { as: "text", text: JSON.stringify({ caption: GOOD[schemaName] }) };
    const fields = Object.keys(schema.properties).map((name) => [name, name === "seen" ? "a thing" : "no"]);
    return { as: "text", text: JSON.stringify(Object.fromEntries(fields)) };
  });
  const answers = await AnswerFolder.open(join(room, "answers"));
  t.after(() => answers.close());
  const ask = () => {
    const endpoint = { baseUrl: server.baseUrl, model: STAND_IN_MODEL, attempts: 1, timeoutSeconds: 20 };
    return curate(
      pool,
      options(join(room, "out"), { describe, client: new VlmClient(endpoint, { answers }) }),
    );
  };
  const first = await ask();
  assert.ok(first.owed > 3, String(first.owed));
  isBroken = false;
  const second = await ask();
  assert.equal(second.owed, 0);
  assert.ok(folders.size === 2 && second.funnel.at(-1)!.out > first.funnel.at(-1)!.out);
  const other = { baseUrl: server.baseUrl, model: STAND_IN_MODEL, seed: 7 };
  const asked = curate(
    pool,
    options(join(room, "out"), { describe, client: new VlmClient(other, { answers }) }),
  );
  await assert.rejects(asked, /got the release of others/);
});

test("a release that no image would be left for says what became of the captions", async (t) => {
  const room = folderOf(t);
  const none = curate(pool, options(join(room, "none"), { captions: new Map() }));
  await assert.rejects(
    none,
    /images that every stage keeps are needed, got 0; the first without a caption: no caption/,
  );
  const few = { ...recipe, val: 100, test: 100, shards: {} };
  await assert.rejects(
    curate(pool, options(join(room, "few"), { recipe: few })),
    /at least 200 images for val and test are needed, got 152/,
  );
  const server = await standInServer(t, () => ({ as: "status", status: 500 }));
  const client = new VlmClient({ baseUrl: server.baseUrl, model: "another/model", attempts: 1 });
  await assert.rejects(
    curate(pool, options(join(room, "wrong"), { client })),
    /got 0.*the model owes \d+ answers, for which the same call asks again/,
  );
});

test("captions are read by their very path, of a table as any program writes it", async (t) => {
  const room = folderOf(t);
  for (const name of ["pool1", "pool[1]", "pool*"]) {
    mkdirSync(join(room, name));
    writeFileSync(
      join(room, name, "captions.csv"),
      `\ufeffkey,caption_type,caption\r\nk,short,"In ""${name}"",\r\nhere"\r\n`,
    );
  }
  for (const name of ["pool1", "pool[1]", "pool*"]) {
    const found = await readCaptions(join(room, name, "captions.csv"));
    assert.deepEqual([...found], [["k", { caption_type: "short", caption: `In "${name}",\r\nhere` }]]);
  }
  await assert.rejects(readCaptions(join(room, "none.csv")), /which cannot be read \(ENOENT\)/);
});

test("what is wrong in a shard is told, and an image is counted once, or not at all where it is there", async (t) => {
  const room = folderOf(t);
  const sound = (await samplePool()).filter(
    ({ kind, releaseKey }) => kind === "photograph" && releaseKey !== "",
  );
  const pictures = await Promise.all(sound.slice(0, 3).map((image) => image.readImage()));
  const end = (bytes: Uint8Array) => (bytes[0] === 0x89 ? "png" : "jpg");
  const path = poolOf(room, [
    ...pictures.flatMap((bytes, i) => [
      [`${i}.json`, metadata({ caption_type: "short", caption: "A thing stands in a place." })] as const,
      [`${i}.${end(bytes)}`, bytes] as const,
      [`${i}.txt`, "alt text, as other formats have it"] as const,
    ]),
    ["README.md", "a pool"],
    ["lost.json", metadata()],
    ["lost.gif", "GIF89a"],
  ]);
  const tar = join(path, "a.tar");
  truncateSync(tar, statSync(tar).size - 1024);
  const keys = sound.slice(0, 3).map(({ key }) => key);
  const describe: CurateOptions["describe"] = async (set, asked) => ({
    ...(await describeImages(set, keys)),
    keys: keys.map((_, i) => String(i)),
    from: `${asked.length}`,
  });
  const out = join(room, "release");
  const { funnel, pool: found } = await curate(path, {
    out,
    describe,
    recipe: { ...PAPER_RECIPE, val: 0, test: 0 },
  });
  assert.deepEqual(funnel[0], { stage: "records", in: 4, out: 3, reasons: { "json-without-image": 1 } });
  assert.deepEqual([found.images, found.problems], [4, 7]);
  const rows = await readDecisions(out, "problems");
  assert.deepEqual(rows.map(({ key, reason }) => `${reason} ${key}`.trim()).sort(), [
    "closing-blocks-missing",
    "json-without-image lost",
    ...Array(5).fill("unsupported-entry"),
  ]);
  assert.equal((await readDecisions(out, "records")).length, 4);
});

test("a folder with shards that would not be read is refused: packed ones, loose ones beside splits, links to nothing", async (t) => {
  const room = folderOf(t);
  const out = join(room, "out");
  for (const [name, words] of [
    ["b.tar.gz", /shards are plain files that end with .tar, got "b.tar.gz"; unpack it/],
    ["C.TAR", /got "C.TAR"/],
    ["d.tgz", /got "d.tgz"/],
  ] as const) {
    const own = join(room, name.replace(".", "-"));
    mkdirSync(own);
    copyFileSync(join(pool, "pool_00000.tar"), join(own, "a.tar"));
    writeFileSync(join(own, name), "x");
    await assert.rejects(curate(own, options(out)), words);
  }
  const both = join(room, "both");
  cpSync(packageFile("data", "sample", "release"), both, { recursive: true });
  copyFileSync(join(pool, "pool_00000.tar"), join(both, "a.tar"));
  await assert.rejects(curate(both, options(out)), /got both; name the folder that is meant/);
  const dangling = join(room, "dangling");
  mkdirSync(dangling);
  symlinkSync(join(room, "nowhere.tar"), join(dangling, "a.tar"));
  await assert.rejects(curate(dangling, options(out)), /got "a.tar"/);
  const empty = join(room, "empty");
  mkdirSync(empty);
  await assert.rejects(
    curate(empty, options(out)),
    /shards that end with .tar, or train\/.* are needed, got none/,
  );
  await assert.rejects(curate(both, options(both)), /got both|another folder than the pool's is needed/);
  assert.ok(!existsSync(out));
});

test("by default the release does not depend on how the pool's shards are called", async (t) => {
  const room = folderOf(t);
  const turned = join(room, "turned");
  mkdirSync(turned);
  for (let i = 0; i < 7; i++) copyFileSync(join(pool, `pool_0000${i}.tar`), join(turned, `p${9 - i}.tar`));
  const plain = { ...PAPER_RECIPE, val: 16, test: 24 };
  const all = new Map(captions);
  for (const { key, duplicateOf } of await samplePool()) {
    const caption = captions.get(duplicateOf);
    if (caption !== undefined) all.set(key, caption);
  }
  const tars = async (from: string, name: string) => {
    await curate(from, options(join(room, name), { recipe: plain, captions: all }));
    return Object.entries(hashesBelow(join(room, name))).filter(([file]) => file.endsWith(".tar"));
  };
  assert.deepEqual(await tars(turned, "one"), await tars(pool, "two"));
});

test("what was begun with another recipe is gone on with, and leaves no shard behind", async (t) => {
  const { hashes } = await sampleRelease();
  const out = join(folderOf(t), "release");
  const stop = new AbortController();
  const many = { ...recipe, shards: { train: 20, val: 2, test: 4 } };
  const onProgress = ({ stage, done }: { stage: string; done: number }) => {
    if (stage === "shards" && done > 100) stop.abort(new Error("stopped"));
  };
  await assert.rejects(
    curate(pool, options(out, { recipe: many, signal: stop.signal, onProgress })),
    /stopped/,
  );
  assert.ok(readdirSync(join(out, "train")).length > 8);
  await curate(pool, options(out));
  assert.deepEqual(hashesBelow(out), hashes);
});

test("a recipe that asks for more than the pool has is refused before a picture is looked at", async (t) => {
  const out = join(folderOf(t), "out");
  for (const [choices, words] of [
    [{ val: 200, test: 100 }, /at least 300 images are needed for val, test and shards, got 273/],
    [{ shards: { train: 300 } }, /at least 300 images are needed/],
    [{ review: [{ key: "nobody", reason: "x" }] }, /got "nobody", which it has not/],
    [{ val: Number.NaN }, /val is a share below 1/],
  ] as const) {
    const stages: string[] = [];
    const asked = {
      recipe: { ...recipe, ...choices },
      onProgress: ({ stage }: { stage: string }) => void stages.push(stage),
    };
    await assert.rejects(curate(pool, options(out, asked)), words);
    assert.ok(stages.every((stage) => stage === "records"));
  }
  assert.ok(!existsSync(out));
});
