import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
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
import sharp from "sharp";
import { packageFile } from "../../../lib/io/index.js";

const COMMAND = packageFile("kernel-extensions", "cli", "gpic-lab.cjs");

function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-kernelspec-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function kernel(words: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, "kernel", ...words], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

test("install puts a whole kernelspec into a prefix, and uninstall takes all of it away", async (context) => {
  const prefix = folderFor(context);
  const folder = join(prefix, "share", "jupyter", "kernels", "gpic-lab");
  const installed = kernel(["install", "--prefix", prefix, "--json"]);
  assert.equal(installed.status, 0, installed.stderr);
  const { files } = JSON.parse(installed.stdout);
  assert.deepEqual(readdirSync(folder).sort(), [...files].sort());
  const spec = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
  assert.equal(spec.display_name, "TypeScript (gpic-lab)");
  assert.equal(spec.language, "typescript");
  assert.equal(spec.interrupt_mode, "message");
  assert.equal(spec.argv[0], process.execPath);
  assert.ok(existsSync(spec.argv[1]));
  assert.equal(spec.argv[2], "{connection_file}");
  for (const size of [32, 64]) {
    const logo = await sharp(join(folder, `logo-${size}x${size}.png`)).metadata();
    assert.deepEqual([logo.format, logo.width, logo.height], ["png", size, size]);
  }
  assert.equal((await sharp(join(folder, "logo-svg.svg")).metadata()).format, "svg");
  assert.equal(kernel(["install", "--prefix", prefix]).status, 0, "over its own");
  assert.equal(kernel(["uninstall", "--prefix", prefix]).status, 0);
  assert.ok(!existsSync(folder));
});

test("install --user follows the variables that Jupyter reads", {
  skip: process.platform !== "linux",
}, (context) => {
  const home = folderFor(context);
  for (const [env, folder] of [
    [{ JUPYTER_DATA_DIR: join(home, "data") }, join(home, "data")],
    [{ JUPYTER_DATA_DIR: "", XDG_DATA_HOME: join(home, "xdg") }, join(home, "xdg", "jupyter")],
    [{ JUPYTER_DATA_DIR: "", XDG_DATA_HOME: "", HOME: home }, join(home, ".local", "share", "jupyter")],
  ] as const) {
    const { status, stdout } = kernel(["install", "--user", "--json"], env);
    assert.equal(status, 0);
    assert.equal(JSON.parse(stdout).folder, join(folder, "kernels", "gpic-lab"));
    assert.ok(existsSync(join(folder, "kernels", "gpic-lab", "kernel.json")));
  }
});

test("uninstall leaves a file that it did not put there, and says so", (context) => {
  const prefix = folderFor(context);
  const folder = join(prefix, "share", "jupyter", "kernels", "gpic-lab");
  kernel(["install", "--prefix", prefix]);
  writeFileSync(join(folder, "mine.txt"), "mine");
  const { status, stdout } = kernel(["uninstall", "--prefix", prefix]);
  assert.equal(status, 0);
  assert.match(stdout, /mine\.txt/);
  assert.deepEqual(readdirSync(folder), ["mine.txt"]);
});

test("a kernel of the same name from elsewhere is neither replaced nor removed", (context) => {
  const prefix = folderFor(context);
  const folder = join(prefix, "share", "jupyter", "kernels", "gpic-lab");
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ argv: ["other"], display_name: "other", language: "typescript" });
  writeFileSync(join(folder, "kernel.json"), text);
  for (const action of ["install", "uninstall"]) {
    const { status, stderr } = kernel([action, "--prefix", prefix]);
    assert.equal(status, 1);
    assert.equal(stderr.trim().split("\n").length, 1);
    assert.equal(readFileSync(join(folder, "kernel.json"), "utf8"), text);
  }
  assert.deepEqual(readdirSync(folder), ["kernel.json"]);
});

test("a call without a place, with two, or without an action is wrong, and says what is needed", (context) => {
  const prefix = folderFor(context);
  for (const words of [
    ["install"],
    ["install", "--user", "--prefix", prefix],
    ["--user"],
    ["upgrade", "--user"],
    ["install", "--prefix", ""],
  ]) {
    const { status, stdout, stderr } = kernel(words);
    assert.equal(status, 2, words.join(" "));
    assert.equal(stdout, "");
    assert.match(stderr, /needed/);
  }
  assert.equal(kernel(["uninstall", "--prefix", prefix]).status, 1, "nothing is there");
});
