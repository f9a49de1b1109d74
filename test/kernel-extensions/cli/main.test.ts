import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { commands } from "../../../kernel-extensions/cli/commands.js";
import { packageRoot, readPackageJson } from "../../../lib/io/index.js";

function gpicLab(...args: string[]) {
  const entry = "kernel-extensions/cli/gpic-lab.cjs";
  return spawnSync(process.execPath, [entry, ...args], { cwd: packageRoot, encoding: "utf8" });
}

test("the overview lists every command; a bare call is a wrong call", () => {
  const help = gpicLab("--help");
  assert.equal(help.status, 0);
  for (const { name, summary } of commands)
    assert.match(help.stdout, new RegExp(`^  ${name} +${summary.slice(0, 12)}`, "m"));
  assert.equal(gpicLab().status, 2);
  assert.equal(gpicLab("--version").stdout, `${readPackageJson().version}\n`);
});

test("every command's help teaches with an example", async () => {
  for (const entry of commands)
    assert.match((await entry.load()).help, new RegExp(`gpic-lab ${entry.name}`), entry.name);
  assert.match(gpicLab("help", "doctor").stdout, /example:/);
});

test("an unknown command is one line on standard error, names the nearest, and ends with 2", () => {
  const { status, stdout, stderr } = gpicLab("doctro");
  assert.equal(status, 2);
  assert.equal(stdout, "");
  assert.equal(stderr, 'gpic-lab: unknown command "doctro"; did you mean "doctor"? (see gpic-lab --help)\n');
});

test("an unknown option is a wrong call of that command", () => {
  const { status, stderr } = gpicLab("doctor", "--no-such-option");
  assert.equal(status, 2);
  assert.match(stderr, /^gpic-lab: .*--no-such-option.*\(see gpic-lab doctor --help\)\n$/);
});

test("a hostile name cannot drive the terminal", () => {
  const { stderr } = gpicLab("\u001b[2J\u202e");
  assert.match(stderr, /unknown command "\\u\{1b\}\[2J\\u\{202e\}"/);
  const verbose = gpicLab("corpus", "stats", "a\u001b[2J\u200f", "--verbose").stderr;
  assert.match(verbose, /a\\u\{1b\}\[2J\\u\{200f\}/);
  assert.ok(!verbose.includes("\u001b"));
});

test("doctor writes the same rows for people and for programs, and nothing else to standard output", () => {
  const rows: { what: string; state: string; found: string }[] = JSON.parse(
    gpicLab("doctor", "--json").stdout,
  );
  const table = gpicLab("doctor").stdout;
  for (const { what, state } of rows)
    assert.match(table, new RegExp(`^${state} +${what.replaceAll(".", "\\.")} `, "m"));
  assert.ok(rows.some(({ what }) => what === "Node"));
});
