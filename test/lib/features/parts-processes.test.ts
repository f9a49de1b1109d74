import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Random } from "gpic-lab/core";
import { extractFeatures } from "gpic-lab/features";
import { packageFile } from "gpic-lab/io";
import { temporary } from "../corpus/scratch.js";
import { digestOf, madeEncoder, madePreparing, madeSet } from "./made-extraction.js";

const linux = process.platform === "linux";
const COUNTS = Array.from({ length: 60 }, (_, part) => (part % 7 === 3 ? 0 : 10 + (part % 5)));
const IMAGES = COUNTS.reduce((sum, count) => sum + count, 0);

/** A program that extracts the made set into a folder, says when it begins, and prints count and digest at the end. */
function writeProgram(t: TestContext): string {
  const program = join(temporary(t), "extract.mjs");
  const from = (...path: string[]) => JSON.stringify(pathToFileURL(packageFile("dist", ...path)).href);
  writeFileSync(
    program,
    `import { extractFeatures } from ${from("lib", "features", "index.js")};
     import { digestOf, madeEncoder, madePreparing, madeSet } from ${from("test", "lib", "features", "made-extraction.js")};
     const [folder, workers, milliseconds, counts] = process.argv.slice(2);
     const encoder = madeEncoder({ tellsPlace: true, milliseconds: Number(milliseconds) });
     let begun = false;
     const result = await extractFeatures(madeSet(counts?.split(",").map(Number) ?? ${JSON.stringify(COUNTS)}), {
       encoder, folder, preparing: madePreparing(Number(workers), 0),
       onProgress: () => { if (!begun) process.stdout.write("begun\\n"); begun = true; },
     });
     process.stdout.write(JSON.stringify({ inferred: result.imagesInferred, digest: await digestOf(result) }));`,
  );
  return program;
}

interface Run {
  readonly child: ChildProcess;
  readonly begun: Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
}

function start(command: string, args: readonly string[]): Run {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stderr.on("data", (data) => {
    err += data;
  });
  let begin: () => void;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  child.stdout.on("data", (data) => {
    out += data;
    if (out.startsWith("begun\n")) begin();
  });
  const ended = new Promise<Awaited<Run["ended"]>>((resolve) =>
    child.once("close", (code) => {
      begin();
      resolve({ code, out: out.replace("begun\n", ""), err });
    }),
  );
  return { child, begun, ended };
}

async function undisturbed(): Promise<string> {
  const encoder = madeEncoder({ tellsPlace: true });
  return digestOf(await extractFeatures(madeSet(COUNTS), { encoder, preparing: madePreparing() }));
}

test("killed twenty times at any moment, it gives the bytes of an undisturbed run", async (t) => {
  const program = writeProgram(t);
  const folder = temporary(t);
  const random = new Random(17);
  const done = () => readdirSync(join(folder, "parts")).filter((name) => name.endsWith(".part")).length;
  const progress = [0];
  for (let kill = 0; kill < 20; kill++) {
    const { child, begun, ended } = start(process.execPath, [program, folder, String(1 + (kill % 3)), "4"]);
    await begun;
    await new Promise((resolve) => setTimeout(resolve, random.integer(60)));
    assert.ok(child.exitCode === null && child.kill("SIGKILL"), "it ended before it was killed");
    assert.equal((await ended).code, null);
    progress.push(done());
  }
  // the kills met work: parts were finished between them, and none was lost
  assert.deepEqual(
    progress,
    [...progress].sort((a, b) => a - b),
  );
  assert.ok(progress.at(-1)! > 0 && progress.at(-1)! < COUNTS.length, String(progress));
  const { code, out, err } = await start(process.execPath, [program, folder, "2", "0"]).ended;
  assert.equal(code, 0, err);
  const { inferred, digest } = JSON.parse(out);
  assert.ok(inferred > 0 && inferred < IMAGES);
  assert.equal(digest, await undisturbed());
  const left = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.includes(".tmp"),
  );
  assert.deepEqual([left, readdirSync(join(folder, "claims"))], [[], []]);
});

test("two and three processes share the parts: each image is inferred once, and each process returns all", async (t) => {
  const program = writeProgram(t);
  const expected = await undisturbed();
  for (const processes of [2, 3]) {
    const folder = temporary(t);
    const runs = Array.from({ length: processes }, () =>
      start(process.execPath, [program, folder, "1", "4"]),
    );
    const ends = await Promise.all(runs.map(({ ended }) => ended));
    const results = ends.map(({ code, out, err }) => {
      assert.equal(code, 0, err);
      return JSON.parse(out);
    });
    assert.equal(
      results.reduce((sum, { inferred }) => sum + inferred, 0),
      IMAGES,
    );
    for (const { inferred, digest } of results) {
      assert.ok(inferred > 0);
      assert.equal(digest, expected);
    }
  }
});

test("a process that waits for another's part takes it over when that one is killed", {
  skip: !linux,
}, async (t) => {
  const program = writeProgram(t);
  const folder = temporary(t);
  // the first is so slow that the second has nothing left but its parts
  const slow = start(process.execPath, [program, folder, "1", "60000"]);
  await slow.begun;
  const second = start(process.execPath, [program, folder, "1", "0"]);
  const parts = () => readdirSync(join(folder, "parts")).filter((name) => name.endsWith(".part")).length;
  while (parts() < COUNTS.length - 3) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(second.child.exitCode, null);
  slow.child.kill("SIGKILL");
  const { code, out, err } = await second.ended;
  assert.equal(code, 0, err);
  assert.deepEqual(JSON.parse(out), { inferred: IMAGES, digest: await undisturbed() });
});

test("a disk that takes no more ends the run by name, and keeps the parts that it took", {
  skip: !linux,
}, async (t) => {
  const program = writeProgram(t);
  const folder = temporary(t);
  // files of at most 1,024 bytes: a write beyond fails as one to a full disk does
  const limited = `trap '' XFSZ; ulimit -f 1; exec "$0" "$@"`;
  const args = [program, folder, "1", "0", "3,3,50,3"];
  const { code, err } = await start("bash", ["-c", limited, process.execPath, ...args]).ended;
  assert.equal(code, 1);
  assert.match(err, /Cannot keep the features of 00002: EFBIG/);
  assert.deepEqual(readdirSync(join(folder, "parts")), ["00000.part", "00001.part"]);
  assert.deepEqual(readdirSync(join(folder, "claims")), []);
  const again = await start(process.execPath, args).ended;
  assert.equal(JSON.parse(again.out).inferred, 53);
});
