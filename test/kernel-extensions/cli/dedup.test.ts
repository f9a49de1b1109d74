/** `gpic-lab dedup` as a person calls it, on the sample and on files made of it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { samplePool } from "gpic-lab/corpus";
import { cosine, sampleDescriptors } from "gpic-lab/features";
import { packageFile, writeNpz } from "gpic-lab/io";
import { type Called, callCli } from "./call.js";

function dedup(...args: string[]): Promise<Called> {
  return callCli(["dedup", ...args]);
}

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Removed {
  readonly key: string;
  readonly kept_key: string;
  readonly similarity: number;
  readonly rule: string;
}

test("the pool's exact and re-encoded copies go, of the others those above 0.9625, each with its own photograph", async () => {
  const { status, out, err } = await dedup("sample-pool", "--ties", "place", "--json");
  assert.equal(err, "");
  assert.equal(status, 0);
  const { kept, removed, images, by_rule } = JSON.parse(out) as {
    readonly kept: number;
    readonly removed: readonly Removed[];
    readonly images: number;
    readonly by_rule: Record<string, number>;
  };
  const pool = await samplePool();
  const byKey = new Map(pool.map((image) => [image.key, image]));
  assert.equal(images, pool.length);
  assert.equal(kept + removed.length, images);
  assert.equal(by_rule["same-bytes"], pool.filter(({ kind }) => kind === "exact-copy").length);
  const gone = new Set(removed.map(({ key }) => key));
  const { rows, keys } = await sampleDescriptors("pool");
  for (const { key, kind, sourceKey } of pool) {
    if (kind === "photograph") continue;
    const similarity = cosine(rows, keys.indexOf(key), rows, keys.indexOf(sourceKey));
    assert.equal(gone.has(key), similarity > 0.9625, `${kind} ${key} at ${similarity}`);
    if (kind === "exact-copy" || kind === "re-encoded") assert.ok(gone.has(key));
    if (["mirrored", "grey", "cropped", "watermarked"].includes(kind)) assert.ok(!gone.has(key));
  }
  for (const { key, kept_key, similarity } of removed) {
    const [copy, stays] = [byKey.get(key)!, byKey.get(kept_key)!];
    // the two pairs that the packages themselves made are photographs of their own in the pool
    if (copy.kind !== "photograph") assert.equal(copy.sourceKey, stays.sourceKey);
    assert.ok(similarity > 0.9625 && similarity <= 1 && !gone.has(kept_key));
  }
});

test("the release has no copies, and the table says so for people", async () => {
  const { status, out } = await dedup();
  assert.equal(status, 0);
  assert.match(out, /^152 of 152 images stay, 0 are copies/);
  assert.match(out, /as committed for the sample's release/);
});

test("a folder with a file of features: copies by pixels and by descriptors, damage reported, hostile names made plain", async (t) => {
  const folder = temporary(t);
  const images = join(folder, "images");
  mkdirSync(images);
  const pool = await samplePool();
  const resized = pool.find(({ kind }) => kind === "resized")!;
  const source = pool.find(({ key }) => key === resized.sourceKey)!;
  const other = pool.find(({ kind }) => kind === "photograph")!;
  const chosen = [source, resized, other];
  for (const [i, image] of chosen.entries())
    writeFileSync(join(images, i === 2 ? "\u001b[2J.jpg" : `${i}.jpg`), await image.readImage());
  writeFileSync(join(images, "broken.jpg"), "no picture at all");
  const { rows, keys } = await sampleDescriptors("pool");
  const data = new Float32Array(3 * rows.width);
  chosen.forEach(({ key }, i) => {
    const from = keys.indexOf(key) * rows.width;
    data.set(rows.data.subarray(from, from + rows.width), i * rows.width);
  });
  const features = join(folder, "F.npz");
  await writeNpz(features, [
    { name: "sscd_embeddings", data, shape: [3, rows.width] },
    { name: "key", data: ["0.jpg", "1.jpg", "\u001b[2J.jpg"], shape: [3] },
  ]);
  const journal = join(folder, "pairs.journal");
  const { status, out, err } = await dedup(images, "--features", features, "--journal", journal, "--choices");
  assert.equal(status, 1);
  assert.match(err, /^gpic-lab: broken\.jpg: .*\n$/);
  assert.match(out, /2 of 3 images stay, 1 is a copy .*; 1 could not be read/);
  assert.match(out, /\n1\.jpg +0\.jpg +0\.9\d+ +pair\n/);
  assert.match(out, /chains in-turn +keeps 2, 0 differ/);
  assert.ok(!out.includes("\u001b") && existsSync(journal));
});

/** Calls `dedup` and stops it by SIGINT after a while; longer where that was before it listened. */
async function stopped(...args: string[]): Promise<{ readonly code: number | null; readonly err: string }> {
  const cli = packageFile("kernel-extensions", "cli", "gpic-lab.cjs");
  for (let wait = 2000; ; wait *= 2) {
    const child = spawn(process.execPath, [cli, "dedup", ...args]);
    let err = "";
    child.stderr.on("data", (data) => (err += data));
    const ended = once(child, "exit");
    await setTimeout(wait);
    child.kill("SIGINT");
    const [code] = (await ended) as [number | null];
    if (code !== null || wait > 20_000) return { code, err };
  }
}

test("a call that was stopped says what the same call begins anew, and what it goes on with", async (t) => {
  const folder = temporary(t);
  const images = join(folder, "images");
  mkdirSync(images);
  // the encoder is at so many for half a minute
  for (const { key, readImage } of await samplePool())
    writeFileSync(join(images, `${key}.jpg`), await readImage());
  const without = await stopped(images);
  assert.equal(without.code, 1);
  assert.match(
    without.err,
    /^gpic-lab: stopped; the same call begins anew \(with --journal FILE .* goes on\)\n$/,
  );
  const journal = join(folder, "pairs.journal");
  // whether another machine's process lives is watched for a minute
  writeFileSync(`${journal}.claim.1`, `{"id":"x","machine":"another","beats":"0000000009"}\n`);
  const withOne = await stopped("sample-pool", "--journal", journal);
  assert.equal(withOne.code, 1);
  assert.match(
    withOne.err,
    /stopped; the same call reads and describes the images again, then goes on with the/,
  );
});

test("wrong calls end with 2 and say what is taken", async (t) => {
  for (const [args, message] of [
    [["--ties", "coin"], /--ties is key, bytes, place, both, got "coin"/],
    [["--pair", "0.8"], /--graph is at most --pair, got 0.9 and 0.8/],
    [["--graph", "2"], /--graph is a cosine above 0 and at most 1, got "2"/],
    [["--min-component", "1"], /--min-component is at least 2, got 1/],
    [["sample", "more"], /one CORPUS, got "more" too/],
    [["sample-pool", "--split", "test"], /--split is for a corpus; sample-pool has no/],
    [["sample", "--journal", ""], /--journal is a file, got ""/],
  ] as const) {
    const { status, err, out } = await dedup(...args);
    assert.equal(status, 2, args.join(" "));
    assert.match(err, message);
    assert.equal(out, "");
  }
  const file = join(temporary(t), "F.npz");
  await writeNpz(file, [{ name: "sscd_embeddings", data: new Float32Array(4), shape: [2, 2] }]);
  const { status, err } = await dedup("sample", "--features", file);
  assert.equal(status, 1);
  assert.match(err, /rows with the keys of their images are needed, got rows without keys/);
});
