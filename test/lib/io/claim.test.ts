import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Claims, isClaimHeld, packageFile } from "gpic-lab/io";
import { temporary } from "../corpus/scratch.js";

const linux = process.platform === "linux";

/** Claims "part" in a process of its own, and ends it with -9. */
async function killedHolder(folder: string): Promise<void> {
  const file = packageFile("dist", "lib", "io", "claim.js");
  const script = `const { Claims } = await import(${JSON.stringify(file)});
    await new Claims(process.argv[1]).try("part"); process.stdout.write("held"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, folder]);
  await once(child.stdout, "data");
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

test("what is claimed is nobody else's, until it is given back", async (t) => {
  const folder = temporary(t);
  const [mine, theirs] = [new Claims(folder), new Claims(folder)];
  t.after(() => Promise.all([mine.close(), theirs.close()]));
  const claim = await mine.try("part");
  assert.ok(claim);
  assert.equal(await isClaimHeld(claim), true);
  assert.equal(await theirs.try("part"), undefined);
  assert.ok(await theirs.try("another"));
  await mine.release(claim);
  assert.equal(await isClaimHeld(claim), false);
  const next = await theirs.try("part");
  assert.ok(next);
  await theirs.release(next);
  await theirs.close();
  assert.deepEqual(readdirSync(folder), []);
});

test("of many who ask at once one is given the claim", async (t) => {
  const folder = temporary(t);
  const all = Array.from({ length: 20 }, () => new Claims(folder));
  t.after(() => Promise.all(all.map((claims) => claims.close())));
  const got = await Promise.all(all.map((claims) => claims.try("part")));
  assert.equal(got.filter((claim) => claim !== undefined).length, 1);
});

test("a killed holder is followed at once, by one of many, and its file goes with the follower's", {
  skip: !linux,
}, async (t) => {
  const folder = temporary(t);
  await killedHolder(folder);
  assert.deepEqual(readdirSync(folder), ["part.1"]);
  const all = Array.from({ length: 10 }, () => new Claims(folder));
  t.after(() => Promise.all(all.map((claims) => claims.close())));
  const got = (await Promise.all(all.map((claims) => claims.try("part")))).filter(
    (claim) => claim !== undefined,
  );
  assert.equal(got.length, 1);
  assert.equal(got[0]!.generation, 2);
  await Promise.all(all.map((claims) => claims.close()));
  assert.deepEqual(readdirSync(folder), []);
});

test("a process of the dead holder's number, started later, does not keep the claim", {
  skip: !linux,
}, async (t) => {
  const folder = temporary(t);
  await killedHolder(folder);
  const path = join(folder, "part.1");
  const holder = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...holder, pid: process.pid, started: "1" }));
  const claims = new Claims(folder);
  t.after(() => claims.close());
  assert.ok(await claims.try("part"));
});

test("a holder that others have followed meanwhile does not hold any more", async (t) => {
  const folder = temporary(t);
  const claims = new Claims(folder);
  t.after(() => claims.close());
  const claim = await claims.try("part");
  writeFileSync(join(folder, "part.2"), "{}");
  assert.equal(await isClaimHeld(claim!), false);
});

test("a claim of another machine counts as dead once it has stood still for a minute, not before", async (t) => {
  const folder = temporary(t);
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const path = join(folder, "part.1");
  const beat = (beats: number) =>
    writeFileSync(path, JSON.stringify({ id: "x", machine: "elsewhere", pid: 1, started: "1", beats }));
  beat(0);
  const claims = new Claims(folder);
  t.after(() => claims.close());
  assert.equal(await claims.try("part"), undefined);
  t.mock.timers.tick(59_000);
  beat(1);
  assert.equal(await claims.try("part"), undefined);
  t.mock.timers.tick(59_999);
  assert.equal(await claims.try("part"), undefined);
  t.mock.timers.tick(1);
  assert.ok(await claims.try("part"));
});

test("what a process left that was killed while it made a claim goes with the next who closes", {
  skip: !linux,
}, async (t) => {
  const folder = temporary(t);
  await killedHolder(folder);
  const dead = readFileSync(join(folder, "part.1"), "utf8");
  const claims = new Claims(folder);
  const claim = await claims.try("other");
  const mine = readFileSync(join(folder, "other.1"), "utf8");
  const name = (n: number) => `.part.${n}.00000000-0000-4000-8000-00000000000${n}.tmp`;
  const far = JSON.stringify({ id: "x", machine: "elsewhere", pid: 1, started: "1" });
  for (const [n, content] of [dead, "", mine, far].entries()) writeFileSync(join(folder, name(n)), content);
  writeFileSync(join(folder, ".notes.tmp"), "");
  assert.ok(claim);
  await claims.close();
  // of those who live, or of whom nobody here can tell, nothing is taken
  assert.deepEqual(readdirSync(folder).sort(), [".notes.tmp", name(2), name(3), "part.1"].sort());
});
