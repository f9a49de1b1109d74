import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Random } from "gpic-lab/core";
import { packageFile } from "gpic-lab/io";
import { progressText } from "../../../kernel-extensions/cli/prepare.js";
import { type Called, callCli } from "./call.js";

const cli = packageFile("kernel-extensions", "cli", "gpic-lab.cjs");
const golden = (file: string) => packageFile("data", "decode", "files", file);

function prepare(...args: string[]): Promise<Called> {
  return callCli(["prepare", ...args]);
}

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function pngs(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".png")) : [];
}

function digests(folder: string): string[] {
  return pngs(folder)
    .sort()
    .map(
      (file) =>
        `${file} ${createHash("sha256")
          .update(readFileSync(join(folder, file)))
          .digest("hex")}`,
    );
}

test("a corpus becomes one PNG a record, nothing goes to standard error, and the status is 0", async (t) => {
  const out = join(temporary(t), "out");
  const {
    status,
    out: text,
    err,
  } = await prepare("sample", "--split", "val", "--out", out, "--workers", "1");
  assert.equal(err, "");
  assert.equal(status, 0);
  const [, images] = /^(\d+) images prepared by gpic-256 \(\1 new\), 0 failed, [\d.]+ s: /.exec(text) ?? [];
  assert.equal(pngs(out).length, Number(images));
  for (const file of pngs(out)) assert.match(file, /^[0-9a-f]{64}\.png$/);
  const again = JSON.parse((await prepare("sample", "--split", "val", "--out", out, "--json")).out);
  assert.deepEqual(
    { ...again, seconds: 0 },
    {
      ...{ images: Number(images), written: 0, there: Number(images), failed: [] },
      ...{ protocol: "gpic-256", out, seconds: 0 },
    },
  );
});

test("each image that fails is a line and a row of failed.json, and the status is 1", async (t) => {
  const folder = temporary(t);
  const out = join(folder, "out");
  const images = join(folder, "in");
  mkdirSync(images);
  copyFileSync(golden("420-q90.jpg"), join(images, "sound.jpg"));
  copyFileSync(golden("no-end.jpg"), join(images, "cut.jpg"));
  writeFileSync(join(images, "\u001b[31mred.png"), "");
  const { status, out: text, err } = await prepare(images, "--out", out);
  assert.equal(status, 1);
  assert.match(text, /^1 image prepared by gpic-256 \(1 new\), 2 failed \(failed\.json\), /);
  const lines = err.trim().split("\n").sort();
  assert.equal(lines.length, 2);
  assert.match(lines[0]!, /^gpic-lab: empty: Cannot decode \\u\{1b\}\[31mred\.png: /);
  assert.match(lines[1]!, /^gpic-lab: truncated: Cannot decode cut\.jpg: a whole JPEG is needed/);
  const listed = JSON.parse(readFileSync(join(out, "failed.json"), "utf8"));
  assert.deepEqual(
    listed.map(({ kind }: { kind: string }) => kind),
    ["empty", "truncated"],
  );
});

test("killed again and again it goes on, and ends with the bytes of a run that was left alone", async (t) => {
  const folder = temporary(t);
  const whole = join(folder, "whole");
  const killed = join(folder, "killed");
  const args = ["sample", "--split", "train", "--workers", "2"];
  const alone = await prepare(...args, "--out", whole);
  assert.equal(alone.status, 0, alone.err);
  const random = new Random("killed runs");
  const seen: number[] = [];
  for (let run = 0; run < 5; run++) {
    const child = spawn(process.execPath, [cli, "prepare", ...args, "--out", killed], { stdio: "ignore" });
    await until(child, () => pngs(killed).length > (seen.at(-1) ?? 0));
    await pause(random.integer(120));
    child.kill("SIGKILL");
    await new Promise((resolve) =>
      child.exitCode === null && child.signalCode === null ? child.once("exit", resolve) : resolve(0),
    );
    seen.push(pngs(killed).length);
    for (const line of digests(killed)) assert.ok(digests(whole).includes(line), line);
    if (child.exitCode !== null) break;
  }
  assert.ok(seen.length >= 2 && seen[0]! < digests(whole).length, `killed after ${seen.join(", ")} images`);
  const last = await prepare(...args, "--out", killed, "--json");
  assert.equal(last.status, 0, last.err);
  assert.ok(JSON.parse(last.out).there >= seen.at(-1)!);
  assert.deepEqual(digests(killed), digests(whole));
  assert.deepEqual(readdirSync(join(killed, ".gpic-lab", "new")), []);
});

async function until(child: ChildProcess, isSo: () => boolean): Promise<void> {
  while (child.exitCode === null && !isSo()) await pause(10);
}

test("a stop by the terminal is one line that says how to go on", async (t) => {
  const out = join(temporary(t), "out");
  const child = spawn(process.execPath, [cli, "prepare", "sample", "--workers", "1", "--out", out]);
  let err = "";
  child.stderr.on("data", (data) => {
    err += data;
  });
  await until(child, () => pngs(out).length > 0);
  child.kill("SIGINT");
  const status = await new Promise((resolve) => child.once("exit", resolve));
  assert.equal(status, 1);
  assert.equal(err, "gpic-lab: stopped; the same call goes on where it was\n");
});

test("wrong calls are told as such, and what is not there as a failure", async (t) => {
  const out = join(temporary(t), "out");
  for (const args of [
    [],
    ["sample"],
    ["sample", "sample", "--out", out],
    ["sample", "--out", out, "--protocol", "pytorch-fid"],
    ["sample", "--out", out, "--workers", "0"],
    ["sample", "--out", out, "--tier", "mini"],
    ["sample", "--out", out, "--sise", "9"],
  ])
    assert.equal((await prepare(...args)).status, 2, args.join(" "));
  const missing = await prepare(join(out, "none"), "--out", out);
  assert.equal(missing.status, 1);
  assert.match(missing.err, /^gpic-lab: Cannot open images: .*which is not there\n$/);
  assert.equal(existsSync(out), false);
});

test("the line of progress says what is known, and no more", () => {
  assert.equal(progressText({ done: 0, written: 0, failed: 0 }, 0), "preparing: 0 images");
  assert.equal(
    progressText({ done: 30, written: 20, failed: 2, total: 90 }, 10),
    "preparing: 30 of 90 images, 2 failed, 2 images/s, 30 s left",
  );
});
