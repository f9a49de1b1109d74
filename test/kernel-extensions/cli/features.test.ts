/** `gpic-lab features` as a person calls it, with the tiny DINOv2 of the golden vectors. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Random } from "gpic-lab/core";
import { readFeatures, usePartsFolder } from "gpic-lab/features";
import { packageFile } from "gpic-lab/io";
import { progressText } from "../../../kernel-extensions/cli/features.js";
import { type Called, callCli } from "./call.js";

const cli = packageFile("kernel-extensions", "cli", "gpic-lab.cjs");
const decodeGolden = (file: string) => packageFile("data", "decode", "files", file);
const dinoGolden = (file: string) => packageFile("test", "golden", "dinov2-tiny-plain", file);
const TINY = [
  "--encoder",
  "dinov2",
  "--weights",
  dinoGolden("weights.pth"),
  "--heads",
  "3",
  "--device",
  "cpu",
];

const cache = mkdtempSync(join(tmpdir(), "gpic-lab-cache-"));
const env = { ...process.env, GPIC_LAB_CACHE: cache };
after(() => rmSync(cache, { recursive: true, force: true }));

function features(...args: string[]): Promise<Called> {
  return callCli(["features", ...args], env);
}

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder of two sound images and, between them, one that ends early. */
function someImages(folder: string): string {
  const images = join(folder, "images");
  mkdirSync(images);
  copyFileSync(decodeGolden("420-q90.jpg"), join(images, "a.jpg"));
  copyFileSync(decodeGolden("no-end.jpg"), join(images, "b.jpg"));
  copyFileSync(dinoGolden("image.png"), join(images, "c.png"));
  return images;
}

test("one image becomes one row: the class token of the official code", async (t) => {
  const out = join(temporary(t), "F.npz");
  const { status, out: text, err } = await features(dinoGolden("image.png"), ...TINY, "--out", out);
  assert.equal(err, "");
  assert.equal(status, 0);
  assert.match(text, /^1 image \(1 inferred now\), 0 failed, /);
  const { rows, moments, keys, provenance } = await readFeatures(out);
  const { cls }: { cls: number[] } = JSON.parse(readFileSync(dinoGolden("expected.json"), "utf8"));
  assert.deepEqual(keys, ["image.png"]);
  // one row has no covariance
  assert.equal(moments, undefined);
  // float32 with sums in another order: some ten roundings of a row's norm
  const difference = Math.hypot(...cls.map((value, i) => value - rows!.data[i]!));
  assert.ok(difference < 1e-6 * Math.hypot(...cls), `${difference}`);
  assert.equal(provenance?.encoder.id, "dinov2-custom");
  assert.equal(provenance?.protocol, "gpic");
});

test("a damaged image among sound ones costs itself alone: a line, a row of the provenance, and the status is 1", async (t) => {
  const folder = temporary(t);
  const out = join(folder, "F.npz");
  const { status, out: text, err } = await features(someImages(folder), ...TINY, "--out", out);
  assert.equal(status, 1);
  assert.match(err, /^gpic-lab: truncated: Cannot decode b\.jpg: a whole JPEG is needed.*\n$/);
  assert.match(text, /^2 images \(2 inferred now\), 1 failed, /);
  const { rows, moments, keys, provenance } = await readFeatures(out);
  assert.deepEqual(keys, ["a.jpg", "c.png"]);
  assert.deepEqual([rows?.count, rows?.width], [2, 48]);
  assert.equal(moments?.covariance.length, 48 * 48);
  assert.deepEqual(provenance?.images, { counted: 2, failed: 1 });
  assert.deepEqual(
    provenance?.failures.map(({ key }) => key),
    ["b.jpg"],
  );
  // the parts are taken away once the file is there
  assert.deepEqual(readdirSync(folder).sort(), ["F.npz", "F.npz.json", "images"]);
});

test("the last lines say what ran, one below the other", async (t) => {
  const out = join(temporary(t), "F.npz");
  const { out: text } = await features(dinoGolden("image.png"), ...TINY, "--out", out);
  assert.deepEqual(
    text
      .split("\n")
      .slice(1)
      .map((line) => line.replace(/[0-9a-f]{16}\.\.\./, "...")),
    [
      "  encoder   dinov2-custom, 48 features: class token after the last LayerNorm; weights ...",
      "  protocol  gpic",
      "  device    cpu: as asked",
      `  file      ${out}`,
      "",
    ],
  );
});

test("parts that another process uses stay until it has done with them", async (t) => {
  const folder = temporary(t);
  const out = join(folder, "F.npz");
  const other = await usePartsFolder(`${out}.parts`);
  const { status, out: text } = await features(dinoGolden("image.png"), ...TINY, "--out", out);
  assert.equal(status, 0);
  assert.ok(text.includes(`\n  parts     ${out}.parts, which another process seems to use\n`), text);
  assert.deepEqual(readdirSync(join(`${out}.parts`, "parts")), ["00000.part"]);
  assert.equal(await other.remove(), true);
  await other.close();
  assert.deepEqual(readdirSync(folder).sort(), ["F.npz", "F.npz.json"]);
});

test("files that cannot be opened are told one by one, and cost themselves alone", async (t) => {
  const folder = temporary(t);
  const images = someImages(folder);
  for (const name of ["d.jpg", "e.jpg"]) symlinkSync(join(folder, "nowhere"), join(images, name));
  const out = join(folder, "F.npz");
  const { status, out: text, err } = await features(images, ...TINY, "--out", out);
  assert.equal(status, 1);
  assert.match(text, /^2 images \(2 inferred now\), 3 failed/);
  assert.match(err, /^gpic-lab: unreadable: ENOENT.*d\.jpg/m);
  assert.match(err, /^gpic-lab: unreadable: ENOENT.*e\.jpg/m);
  assert.deepEqual(readdirSync(folder).sort(), ["F.npz", "F.npz.json", "images"]);
});

test("a folder of the parts' name that holds other things is refused, and stays as it is", async (t) => {
  const out = join(temporary(t), "F.npz");
  mkdirSync(`${out}.parts`);
  writeFileSync(join(`${out}.parts`, "thesis.txt"), "mine");
  const { status, err } = await features(dinoGolden("image.png"), ...TINY, "--out", out);
  assert.equal(status, 1);
  assert.match(
    err,
    /^gpic-lab: Cannot extract into .*F\.npz\.parts: an empty folder .* got one with "thesis.txt" in it/,
  );
  assert.deepEqual(readdirSync(`${out}.parts`), ["thesis.txt"]);
  assert.equal(existsSync(out), false);
});

test("--moments keeps no rows, .npy keeps rows alone, and both hold what the .npz holds", async (t) => {
  const folder = temporary(t);
  const images = someImages(folder);
  const run = async (file: string, ...more: string[]) => {
    const { status } = await features(images, ...TINY, "--out", join(folder, file), ...more);
    assert.equal(status, 1);
    return readFeatures(join(folder, file));
  };
  const both = await run("F.npz");
  const moments = await run("M.npz", "--moments");
  assert.equal(moments.rows, undefined);
  assert.deepEqual(moments.moments?.mean, both.moments?.mean);
  assert.deepEqual(moments.moments?.covariance, both.moments?.covariance);
  assert.deepEqual(moments.keys, both.keys);
  const rows = await run("F.npy");
  assert.equal(rows.moments, undefined);
  assert.deepEqual(rows.rows?.data, both.rows?.data);
});

test("--json says what ran, on standard output alone", async (t) => {
  const folder = temporary(t);
  const out = join(folder, "F.npz");
  const { status, out: text } = await features(someImages(folder), ...TINY, "--out", out, "--json");
  assert.equal(status, 1);
  const { seconds, images_per_second, waiting_share, encoder, failed, ...rest } = JSON.parse(text);
  assert.deepEqual(rest, {
    ...{ images: 2, protocol: "gpic", device: "cpu", why: "cpu: as asked", tf32: "not applicable" },
    ...{ width: 48, out },
  });
  assert.deepEqual(
    failed.map(({ key, kind }: { key: string; kind: string }) => [key, kind]),
    [["b.jpg", "truncated"]],
  );
  assert.equal(encoder.id, "dinov2-custom");
  assert.match(encoder.weightsSha256, /^[0-9a-f]{64}$/);
  assert.ok(seconds > 0 && images_per_second > 0 && waiting_share >= 0 && waiting_share <= 1);
});

test("killed at random moments it goes on, and ends with the bytes of a run that was left alone", async (t) => {
  const folder = temporary(t);
  const whole = join(folder, "whole.npz");
  const killed = join(folder, "killed.npz");
  const args = ["sample", ...TINY, "--out"];
  const alone = await features(...args, whole);
  assert.equal(alone.status, 0, alone.err);
  const random = new Random("killed features");
  const parts = () => {
    const there = join(`${killed}.parts`, "parts");
    return existsSync(there) ? readdirSync(there).filter((file) => file.endsWith(".part")).length : 0;
  };
  const seen: number[] = [];
  while (!existsSync(killed) && seen.length < 5) {
    const child = spawn(process.execPath, [cli, "features", ...args, killed], { env, stdio: "ignore" });
    const exited = new Promise((resolve) => child.once("exit", resolve));
    while (child.exitCode === null && parts() <= (seen.at(-1) ?? 0)) await pause(5);
    await pause(random.integer(150));
    child.kill("SIGKILL");
    await exited;
    seen.push(parts());
  }
  assert.ok(seen.length >= 2 && seen[0]! > 0, `parts at each kill: ${seen.join(", ")}`);
  const last = await features(...args, killed);
  assert.equal(last.status, 0, last.err);
  const [, images, inferred] = /^(\d+) images \((\d+) inferred now\), 0 failed/.exec(last.out) ?? [];
  assert.ok(Number(inferred) < Number(images), last.out);
  assert.deepEqual(readFileSync(killed), readFileSync(whole));
  assert.deepEqual(readFileSync(`${killed}.json`), readFileSync(`${whole}.json`));
  assert.equal(existsSync(`${killed}.parts`), false);
});

test("wrong calls are told as such, and what is not there as a failure; neither leaves a file", async (t) => {
  const folder = temporary(t);
  const out = join(folder, "F.npz");
  const image = dinoGolden("image.png");
  for (const args of [
    [],
    [image],
    [image, ...TINY],
    [image, "--out", out],
    [image, image, ...TINY, "--out", out],
    [image, ...TINY, "--out", join(folder, "F.txt")],
    [image, ...TINY, "--out", join(folder, "F.npy"), "--moments"],
    [image, ...TINY, "--out", out, "--batch", "0"],
    [image, ...TINY, "--out", out, "--workers", "two"],
    [image, ...TINY, "--out", out, "--encodre", "x"],
    [image, "--encoder", "resnet", "--out", out],
    [image, "--encoder", "dinov2", "--out", out],
    [image, "--encoder", "sscd-int8", "--weights", "mine.pth", "--out", out],
    [image, "--encoder", "sscd-int8", "--heads", "3", "--out", out],
    [image, ...TINY, "--out", out, "--protocol", "imagenet"],
    [image, ...TINY, "--out", out, "--device", "tpu"],
  ])
    assert.equal((await features(...args)).status, 2, args.join(" "));
  const missing = await features(join(folder, "none"), ...TINY, "--out", out);
  assert.equal(missing.status, 1);
  assert.match(missing.err, /^gpic-lab: Cannot open images: .*which is not there\n$/);
  const unknown = await features(image, "--encoder", "resnet", "--out", out);
  assert.match(unknown.err, /^gpic-lab: --encoder is dinov2-vits14, .*, dinov2, got "resnet" \(see /);
  assert.deepEqual(readdirSync(folder), []);
});

test("the help teaches with an example", async () => {
  const { status, out, err } = await features("--help");
  assert.equal(status, 0);
  assert.equal(err, "");
  assert.match(out, /^gpic-lab features IMAGES --encoder ID --out F\.npz/m);
  assert.match(out, /example:\n {2}gpic-lab features sample /);
});

test("the line of progress says what is known, and no more", () => {
  const none = { images: 0, failed: 0, partsDone: 0, partsTotal: 1, imagesInferred: 0 };
  assert.equal(progressText(none, 0), "features: 0 images");
  const some = { ...none, images: 30, failed: 2, imagesTotal: 92, imagesInferred: 20, waitingSeconds: 1 };
  assert.equal(
    progressText(some, 10),
    "features: 32 of 92 images, 2 failed, 2.0 images/s, 30 s left, 10 % waiting for images",
  );
});
