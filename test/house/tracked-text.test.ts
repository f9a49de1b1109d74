/** What no tracked text file holds: a path of somebody's machine, or the address of a package registry. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { test } from "node:test";
import { packageFile, packageRoot } from "../../lib/io/index.js";

// the people of the tests' made-up machines
const INVENTED = "(?:ada|adam|someone|me|you)";
const MACHINE_PATHS = [
  new RegExp(`(?<![\\w.~-])/(?:home|Users)/(?!${INVENTED}\\b)\\w+`),
  /(?<![\w.~-])\/(?:root|work|workspace|workspaces|builds)\/\w+/,
  /(?<![\w.~-])\/(?:tmp|var\/folders)\/\w+/,
  /\b[A-Z]:\\+(?:Users|Windows)\\/,
];
const REGISTRIES = [
  ["registry", "npmjs", "org"],
  ["registry", "yarnpkg", "com"],
  ["registry", "npmmirror", "com"],
  ["pypi", "org"],
  ["pythonhosted", "org"],
  ["deb", "debian", "org"],
].map((parts) => parts.join("."));

/** Each line of a text that names a machine's path or a registry. */
function machineLines(text: string, own: readonly string[] = []): string[] {
  const lines = text.split("\n");
  return lines.filter(
    (line) =>
      MACHINE_PATHS.some((pattern) => pattern.test(line)) ||
      [...REGISTRIES, ...own].some((word) => line.includes(word)),
  );
}

function trackedTexts(): string[] {
  const { status, stdout } = spawnSync("git", ["ls-files", "-z"], { cwd: packageRoot, encoding: "utf8" });
  assert.equal(status, 0);
  return stdout.split("\0").filter((file) => file !== "" && existsSync(packageFile(file)));
}

const isCheckout = existsSync(packageFile(".git")) && spawnSync("git", ["--version"]).status === 0;

test("no tracked text names a place on a machine or a package registry", {
  skip: isCheckout ? false : "not a git checkout",
}, () => {
  const own = [packageRoot, homedir(), tmpdir()].filter((folder) => folder.length > 5);
  const files = trackedTexts();
  assert.ok(files.includes("package-lock.json"));
  for (const file of files) {
    const bytes = readFileSync(packageFile(file));
    if (bytes.includes(0)) continue;
    const found = machineLines(bytes.toString("utf8"), own);
    assert.deepEqual(
      found.map((line) => line.slice(0, 200)),
      [],
      file,
    );
  }
});

test("paths of a machine and registries are found; addresses, relative paths and invented people are not", () => {
  const bad = [
    ["", "root", "project", "x.ts"].join("/"),
    `at file://${["", "home", "builder", "x.js"].join("/")}`,
    ["C:", "Users", "builder"].join("\\"),
    `"${["", "tmp", "scratch"].join("/")}"`,
    `https://${REGISTRIES[0]}/tslab`,
  ];
  for (const line of bad) assert.deepEqual(machineLines(line), [line]);
  const good = "https://example.org/work/x ./tmp/x /home/ada/lab lib/root/x node_modules/work/y";
  assert.deepEqual(machineLines(good), []);
  assert.deepEqual(machineLines("in /srv/lab/x", ["/srv/lab"]), ["in /srv/lab/x"]);
});
