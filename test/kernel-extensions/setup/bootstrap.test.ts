import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { packageFile } from "../../../lib/io/index.js";

const bootstrap: {
  nodeIsNewEnough(version: string): boolean;
  explainNpm(output: string): string;
  isSetupCommand(commandLine: string): boolean;
} = createRequire(import.meta.url)(packageFile("kernel-extensions", "setup", "bootstrap.cjs"));

// An npm that "installs" a compiler, which "builds" one task that prints the version of its source.
const FAKE_NPM = `#!/usr/bin/env node
const fs = require("fs");
fs.appendFileSync("calls.log", "npm start\\n");
if (process.env.NPM_SAYS) { console.error(process.env.NPM_SAYS); process.exit(1); }
fs.rmSync("node_modules", { recursive: true, force: true });
fs.mkdirSync("node_modules/typescript/bin", { recursive: true });
setTimeout(() => {
  fs.writeFileSync("node_modules/typescript/bin/tsc", fs.readFileSync("tsc.cjs"));
  fs.writeFileSync("node_modules/typescript/package.json", '{"version":"1"}');
  fs.appendFileSync("calls.log", "npm end\\n");
}, Number(process.env.NPM_MS || 0));
`;
const FAKE_TSC = `const fs = require("fs"), path = require("path");
fs.appendFileSync("calls.log", "tsc\\n");
const out = path.join(process.argv[process.argv.indexOf("--outDir") + 1], "kernel-extensions/setup");
const source = fs.readFileSync("lib/source.ts", "utf8");
if (source.includes("wrong")) { console.log("lib/source.ts(1,1): error TS1: wrong"); process.exit(2); }
fs.mkdirSync(out, { recursive: true });
fs.writeFileSync(path.join(out, "../../package.json"), '{"type":"module"}');
setTimeout(() => fs.writeFileSync(path.join(out, "tasks.js"),
  "export async function runTask(task) { console.log(task + ' ' + " + JSON.stringify(source) + "); return 0; }"), Number(process.env.TSC_MS || 0));
`;

interface Checkout {
  readonly root: string;
  start(variables?: Record<string, string>): { status: number | null; stdout: string; stderr: string };
  startAsync(variables?: Record<string, string>): {
    child: ChildProcess;
    ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  };
  calls(): string[];
}

function checkout(t: TestContext): Checkout {
  const root = mkdtempSync(join(tmpdir(), "gpic-lab-set-up-"));
  t.after(() => rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  mkdirSync(join(root, "kernel-extensions", "setup"), { recursive: true });
  mkdirSync(join(root, "lib"));
  mkdirSync(join(root, "bin"));
  cpSync(
    packageFile("kernel-extensions", "setup", "bootstrap.cjs"),
    join(root, "kernel-extensions", "setup", "bootstrap.cjs"),
  );
  for (const [name, text] of Object.entries({
    "package.json": "{}",
    "package-lock.json": "{}",
    "tsconfig.json": "{}",
    "lib/source.ts": "one",
    "tsc.cjs": FAKE_TSC,
    "bin/npm": FAKE_NPM,
  }))
    writeFileSync(join(root, name), text);
  chmodSync(join(root, "bin", "npm"), 0o755);
  const command = [join("kernel-extensions", "setup", "bootstrap.cjs"), "start"];
  const options = (variables: Record<string, string>) => ({
    cwd: root,
    env: { ...process.env, PATH: `${join(root, "bin")}:${process.env.PATH}`, ...variables },
  });
  return {
    root,
    start: (variables = {}) =>
      spawnSync(process.execPath, command, { ...options(variables), encoding: "utf8" }),
    startAsync(variables = {}) {
      const child = spawn(process.execPath, command, options(variables));
      const text = { stdout: "", stderr: "" };
      child.stdout.on("data", (chunk) => (text.stdout += chunk));
      child.stderr.on("data", (chunk) => (text.stderr += chunk));
      return {
        child,
        ended: new Promise((resolve) => child.once("close", (code) => resolve({ code, ...text }))),
      };
    },
    calls: () =>
      existsSync(join(root, "calls.log"))
        ? readFileSync(join(root, "calls.log"), "utf8").trim().split("\n")
        : [],
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

test("Node is new enough from 20.19, from 22.12, and from 23 on", () => {
  const verdicts = ["8.17.0", "18.20.4", "20.18.3", "20.19.0", "21.7.3", "22.11.0", "22.12.0", "24.1.0"].map(
    (version) => bootstrap.nodeIsNewEnough(version),
  );
  assert.deepEqual(verdicts, [false, false, false, true, false, false, true, true]);
});

test("an old Node is refused in one line that names it and what is needed", () => {
  const pretend = `Object.defineProperty(process.versions, "node", { value: "18.20.4" });`;
  const file = packageFile("kernel-extensions", "setup", "bootstrap.cjs");
  const { status, stderr } = spawnSync(
    process.execPath,
    ["-e", `${pretend} require(${JSON.stringify(file)})`],
    {
      encoding: "utf8",
    },
  );
  assert.equal(status, 1);
  assert.match(stderr, /^gpic-lab: Node 20\.19 or newer is needed .*18\.20\.4.*nodejs\.org[^\n]*\n$/);
});

test("the first start installs and builds, the second does neither", (t) => {
  const { start, calls } = checkout(t);
  assert.equal(start().stdout, "start one\n");
  const again = start();
  assert.equal(again.stdout, "start one\n");
  assert.equal(again.stderr, "");
  assert.deepEqual(calls(), ["npm start", "npm end", "tsc"]);
});

test("a changed source is built again, a changed lock file installed again, and nothing else", (t) => {
  const { root, start, calls } = checkout(t);
  start();
  writeFileSync(join(root, "lib", "source.ts"), "two");
  assert.equal(start().stdout, "start two\n");
  assert.deepEqual(calls().slice(3), ["tsc"]);
  writeFileSync(join(root, "package-lock.json"), '{"changed":true}');
  assert.equal(start().stdout, "start two\n");
  assert.deepEqual(calls().slice(4), ["npm start", "npm end"]);
});

test("a source that does not compile shows the compiler's words, and the next run builds again", (t) => {
  const { root, start } = checkout(t);
  start();
  writeFileSync(join(root, "lib", "source.ts"), "wrong");
  const { status, stdout, stderr } = start();
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /error TS1: wrong\n.*gpic-lab: the library does not compile/s);
  writeFileSync(join(root, "lib", "source.ts"), "mended");
  assert.equal(start().stdout, "start mended\n");
});

test("each known way in which npm fails gives one line that says what to do", (t) => {
  const { start } = checkout(t);
  const ways: [string, RegExp][] = [
    ["npm error code ENOSPC", /no disk space is left\. Free about 700 MB/],
    [
      "npm error code ENOTFOUND\nnpm error network request to https://example.org failed",
      /registry could not be reached/,
    ],
    ["npm ERR! code ECONNREFUSED", /registry could not be reached/],
    ["npm error code EINTEGRITY", /npm cache verify/],
    ["npm error code EACCES", /no permission/],
    ["npm error something new\nmore", /npm ci failed: something new\. Run `npm ci`/],
  ];
  for (const [says, expected] of ways) {
    const { status, stderr } = start({ NPM_SAYS: says });
    assert.equal(status, 1);
    const [progress, line, ...rest] = stderr.trim().split("\n");
    assert.match(progress ?? "", /^Installing/);
    assert.match(line ?? "", /^gpic-lab: /);
    assert.match(line ?? "", expected);
    assert.deepEqual(rest, []);
  }
  assert.equal(
    start().stdout,
    "start one\n",
    "a failed set-up leaves nothing that the next one stumbles over",
  );
});

test("a Node without npm beside it is told so", (t) => {
  const { root, start } = checkout(t);
  rmSync(join(root, "bin", "npm"));
  const { status, stderr } = start({ PATH: join(root, "bin") });
  assert.equal(status, 1);
  assert.match(stderr, /gpic-lab: npm was not found/);
});

test("two at once: one sets up, the other waits, and both run", async (t) => {
  const { startAsync, calls } = checkout(t);
  const first = startAsync({ NPM_MS: "600" });
  await until(() => calls().length > 0);
  const second = startAsync();
  const [one, two] = await Promise.all([first.ended, second.ended]);
  assert.deepEqual([one.stdout, two.stdout], ["start one\n", "start one\n"]);
  assert.match(two.stderr, /Another set-up of this checkout is running \(process \d+\)/);
  assert.deepEqual(calls(), ["npm start", "npm end", "tsc"]);
});

test("a set-up killed while npm runs is repaired: the next waits for the orphaned npm, then installs again", async (t) => {
  const { start, startAsync, calls } = checkout(t);
  const killed = startAsync({ NPM_MS: "800" });
  await until(() => calls().length > 0);
  killed.child.kill("SIGKILL");
  await until(() => killed.child.signalCode !== null);
  assert.equal(start().stdout, "start one\n");
  assert.deepEqual(calls(), ["npm start", "npm end", "npm start", "npm end", "tsc"]);
});

test("a set-up killed while the compiler runs is repaired without installing again", async (t) => {
  const { start, startAsync, calls } = checkout(t);
  const killed = startAsync({ TSC_MS: "500" });
  await until(() => calls().includes("tsc"));
  killed.child.kill("SIGKILL");
  await until(() => killed.child.signalCode !== null);
  assert.equal(start().stdout, "start one\n");
  assert.deepEqual(calls(), ["npm start", "npm end", "tsc", "tsc"]);
});

test("a lock left by a process that is gone, and an empty one, hold nobody up", (t) => {
  const { root, start } = checkout(t);
  mkdirSync(join(root, ".gpic-lab"));
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  for (const content of [String(gone), "", "rubbish"]) {
    writeFileSync(join(root, ".gpic-lab", "setup.lock"), content);
    rmSync(join(root, "dist"), { recursive: true, force: true });
    assert.equal(start().stdout, "start one\n");
    assert.ok(!existsSync(join(root, ".gpic-lab", "setup.lock")));
  }
});

test("only the set-up's own commands are taken for a set-up", () => {
  const own = [
    ["node", "kernel-extensions/setup/bootstrap.cjs", "start"],
    ["node", "--enable-source-maps", "/a/node_modules/.bin/gpic-lab", "run"],
    ["node", "/usr/bin/npm", "ci", "--no-audit"],
    ["npm ci --no-audit --no-fund"],
    ["node", "/a/node_modules/typescript/bin/tsc", "-p", "/a", "--outDir", "/a/dist.building"],
    ["/a/node_modules/@typescript/native/lib/tsc", "-p", "/a", "--outDir", "/a/dist.building"],
  ];
  const others = [
    ["vim", "/home/ada/gpic-lab/README.md"],
    ["node", "/home/ada/gpic-lab/server.js"],
    ["npm run lab"],
    ["node", "/usr/bin/npm", "test"],
    ["tsc", "--watch"],
    ["bash"],
  ];
  const isOwn = (words: readonly string[]) => bootstrap.isSetupCommand(`${words.join("\0")}\0`);
  assert.deepEqual(
    own.map(isOwn),
    own.map(() => true),
  );
  assert.deepEqual(
    others.map(isOwn),
    others.map(() => false),
  );
});

test("who saw a dead lock does not take away the one that another has made since", (t) => {
  const { root } = checkout(t);
  const copy = createRequire(import.meta.url)(join(root, "kernel-extensions", "setup", "bootstrap.cjs"));
  const lock = join(root, ".gpic-lab", "setup.lock");
  mkdirSync(join(root, ".gpic-lab"));
  writeFileSync(lock, "41 42");
  copy.clearLock([39, 40]);
  assert.equal(readFileSync(lock, "utf8"), "41 42");
  copy.clearLock([41, 42]);
  assert.ok(!existsSync(lock));
  copy.clearLock([41, 42]);
});
