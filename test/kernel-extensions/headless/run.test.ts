import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Ajv, type Schema } from "ajv";
import { runNotebook } from "../../../kernel-extensions/headless/run-notebook.js";
import { packageFile, packageRoot } from "../../../lib/io/index.js";
import { makeNotebook, scratchFolder, type TestCell } from "./make-notebook.js";

const CLI = packageFile("dist", "kernel-extensions", "cli", "main.js");

type Result = { status: number | null; stdout: string; stderr: string };

function gpicLab(...args: readonly string[]): Result {
  return gpicLabWith({}, ...args);
}

function gpicLabWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Result {
  const script = `import { main } from ${JSON.stringify(CLI)}; process.exitCode = await main(process.argv.slice(1));`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", script, "--", ...args], {
    cwd: packageRoot,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
}

function schemaErrors(notebook: string): unknown {
  const { $schema: _, ...schema } = JSON.parse(
    readFileSync(packageFile("test", "golden", "nbformat", "nbformat.v4.5.schema.json"), "utf8"),
  );
  const ajv = new Ajv({ strict: false });
  ajv.validate(schema as Schema, JSON.parse(notebook));
  return ajv.errors;
}

const everything: readonly (string | TestCell)[] = [
  "const a: number = 1;\nconsole.log('out', process.cwd());\nconsole.error('err')",
  "a + 1",
  "",
  { source: "throw new Error('meant')", tags: ["raises-exception"] },
  { source: "throw new Error('never')", tags: ["skip-execution"] },
  { source: "a", tags: ["raises-exception"] },
  'const host = (globalThis as any)[Symbol.for("gpic-lab.cell-host")];\nhost.display({ "text/plain": "one", "application/json": { b: 1, a: [] } }, { id: "d" });',
  'host.display({ "text/plain": "two" }, { id: "d", update: true });',
];

test("What a run writes fits the published schema, and a second run writes the same bytes", () => {
  const path = makeNotebook("all.ipynb", everything, 4);
  const first = gpicLab("run", path, "--write");
  assert.equal(first.status, 0, first.stdout + first.stderr);
  const written = readFileSync(path, "utf8");
  assert.equal(schemaErrors(written), null);
  assert.equal(gpicLab("run", path, "--write").status, 0);
  assert.equal(readFileSync(path, "utf8"), written);
  assert.equal(gpicLab("run", path, "--check").status, 0);
  assert.ok(!written.includes(packageRoot));
  assert.deepEqual(readdirSync(dirname(path)), ["all.ipynb"]);
  const { cells } = JSON.parse(written);
  assert.deepEqual(
    cells.map((cell: { execution_count: number | null }) => cell.execution_count),
    [1, 2, null, 3, null, 4, 5, 6],
  );
  assert.deepEqual(cells[6].outputs[0].data, { "text/plain": ["two"] });
});

test("The schema check does find a notebook that is wrong", () => {
  assert.notEqual(schemaErrors('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}'), null);
});

const python = [process.env.GPIC_LAB_PYTHON, packageFile(".venv", "bin", "python")].find(
  (file) => file !== undefined && existsSync(file),
);
const noPython =
  python === undefined || spawnSync(python, ["-c", "import nbformat"]).status !== 0
    ? "Python with nbformat is not installed"
    : false;
test("nbformat itself finds a written notebook valid and writes the same bytes", { skip: noPython }, () => {
  const path = makeNotebook("all.ipynb", everything, 4);
  assert.equal(gpicLab("run", path, "--write").status, 0);
  const code =
    "import nbformat, sys; n = nbformat.read(sys.argv[1], 4); nbformat.validate(n); nbformat.write(n, sys.argv[2])";
  const copy = join(scratchFolder(), "copy.ipynb");
  execFileSync(python!, ["-W", "error", "-c", code, path, copy]);
  assert.equal(readFileSync(copy, "utf8"), readFileSync(path, "utf8"));
});

for (const [what, source] of [
  ["throws", 'const fine = 1;\nthrow new Error("boom 4711")'],
  ["rejects", 'await Promise.reject(new Error("boom 4711"))'],
  ["has a type error", 'const n: number = "boom 4711";'],
  ["calls process.exit", "process.exit(0)"],
] as const)
  test(`A cell that ${what} makes the run fail with its name, and the next one is aborted`, () => {
    const path = makeNotebook("broken.ipynb", ["1", source, "console.log('after')"]);
    const { status, stdout } = gpicLab("run", path);
    assert.equal(status, 1);
    assert.match(stdout, /broken\.ipynb, cell 2 \(c2\): \w+: .*aborted/);
    const [row] = JSON.parse(gpicLab("run", path, "--json").stdout);
    assert.deepEqual([row.status, row.cells, row.ran, row.aborted, row.failed.id], ["failed", 3, 2, 1, "c2"]);
  });

for (const [what, source] of [
  ["loops", "for (;;) {}"],
  ["waits", "await new Promise(() => {})"],
] as const)
  test(`A cell that ${what} for ever is stopped when its time is up`, async () => {
    const path = makeNotebook("slow.ipynb", ["console.log('kept')", source, "1"]);
    const run = await runNotebook({ path, cellSeconds: 1 });
    assert.deepEqual([run.failed?.ename, run.failed?.cell, run.aborted], ["TimeoutError", 2, 1]);
    const [first] = run.executed.cells;
    assert.equal(first?.type === "code" && first.outputs.length, 1);
  });

test("A notebook whose time is up is ended", async () => {
  const path = makeNotebook("slow.ipynb", ["await new Promise(() => {})"]);
  const run = await runNotebook({ path, notebookSeconds: 4 });
  assert.match(run.failed?.evalue ?? "", /notebook ran longer than 4 s/);
});

test("A process that is killed is a failure of the cell that ran", async () => {
  const path = makeNotebook("killed.ipynb", ["1", 'process.kill(process.pid, "SIGKILL")', "2"]);
  const run = await runNotebook({ path });
  assert.deepEqual([run.failed?.ename, run.failed?.id, run.aborted], ["ProcessDied", "c2", 1]);
  assert.match(run.failed?.evalue ?? "", /SIGKILL/);
});

test("A run that is stopped ends its process and says so", async () => {
  const stop = new AbortController();
  const path = makeNotebook("stopped.ipynb", ["for (;;) {}"]);
  const run = await runNotebook({ path, signal: stop.signal, onCell: () => stop.abort() });
  assert.equal(run.failed?.ename, "Interrupted");
});

test("Ctrl-C ends the run and its processes, and leaves no file but the notebook as it was", async () => {
  const path = makeNotebook("endless.ipynb", [`console.log(process.pid)`, "for (;;) {}"]);
  const before = readFileSync(path, "utf8");
  const script = `import { main } from ${JSON.stringify(CLI)}; process.exitCode = await main(process.argv.slice(1));`;
  const child = spawn(
    process.execPath,
    ["--input-type=module", "-e", script, "--", "run", path, "--write", "--json"],
    { cwd: packageRoot, stdio: ["ignore", "pipe", "inherit"] },
  );
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  const childOf = `/proc/${child.pid}/task/${child.pid}/children`;
  while (existsSync(childOf) && readFileSync(childOf, "utf8").trim() === "") await setTimeout(20);
  const running = existsSync(childOf) ? Number(readFileSync(childOf, "utf8")) : undefined;
  if (running === undefined) await setTimeout(3000);
  child.kill("SIGINT");
  const [code] = await once(child, "close");
  assert.equal(code, 1);
  assert.equal(JSON.parse(text)[0].failed.ename, "Interrupted");
  if (running !== undefined) assert.throws(() => process.kill(running, 0), { code: "ESRCH" });
  assert.equal(readFileSync(path, "utf8"), before);
  assert.deepEqual(readdirSync(dirname(path)), ["endless.ipynb"]);
});

test("A notebook that needs more memory than there is says so", async () => {
  const path = makeNotebook("large.ipynb", [
    "const kept: number[][] = [];\nfor (;;) kept.push(new Array(1e5).fill(1.5));",
  ]);
  const { status, stdout } = gpicLabWith({ NODE_OPTIONS: "--max-old-space-size=300" }, "run", path);
  assert.equal(status, 1);
  assert.match(stdout, /cell 1 \(c1\): ProcessDied: .*out of memory/);
});

test("--check names the cell, what is committed and what was found, and ends with 1", () => {
  const outputs = [{ output_type: "stream", name: "stdout", text: "41\n" }];
  const path = makeNotebook("old.ipynb", ["1;", { source: "console.log(42)", outputs }]);
  const before = readFileSync(path, "utf8");
  const { status, stdout } = gpicLab("run", path, "--check");
  assert.equal(status, 1);
  assert.match(stdout, /old\.ipynb, cell 2 \(c2\): expected stdout line 1 "41", found stdout line 1 "42"/);
  assert.equal(readFileSync(path, "utf8"), before);
});

test("--report holds the executed copy of a failed notebook and the rows; --write leaves its file alone", () => {
  const path = makeNotebook("broken.ipynb", ["throw new Error('boom')", "2"]);
  const before = readFileSync(path, "utf8");
  const folder = join(scratchFolder(), "report");
  assert.equal(gpicLab("run", path, path, "--write", "--report", folder).status, 1);
  assert.equal(readFileSync(path, "utf8"), before);
  assert.deepEqual(readdirSync(folder).sort(), ["broken-2.ipynb", "broken.ipynb", "run.json"]);
  assert.equal(schemaErrors(readFileSync(join(folder, "broken.ipynb"), "utf8")), null);
  const rows = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
  assert.deepEqual(
    rows.map(({ copy, status }: { copy: string; status: string }) => [copy, status]),
    [
      ["broken.ipynb", "failed"],
      ["broken-2.ipynb", "failed"],
    ],
  );
});

test("A wrong call ends with 2 and one line", () => {
  const path = makeNotebook("p.ipynb", [{ source: "const a = 1", tags: ["parameters"] }]);
  for (const args of [
    ["--nonsense"],
    ["none.ipynb"],
    ["package.json"],
    [path, "--timeout", "x"],
    [path, "--parameter", "b=1"],
  ]) {
    const { status, stdout, stderr } = gpicLab("run", ...args);
    assert.deepEqual([status, stdout, stderr.trimEnd().split("\n").length], [2, "", 1], args.join(" "));
  }
});

test("An output that JSON cannot hold fails its own notebook, not the others", () => {
  const raw = (metadata: string) =>
    `(globalThis as any)[Symbol.for("gpic-lab.cell-host")].display({ "text/plain": "x" }, { metadata: ${metadata} });`;
  const paths = [
    makeNotebook("big.ipynb", [raw("{ n: 1n }")]),
    makeNotebook("ring.ipynb", ["const ring: any = {}; ring.ring = ring;", raw("ring")]),
    makeNotebook("bundle.ipynb", [
      '({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": 1n }) })',
    ]),
    makeNotebook("good.ipynb", ["console.log(1)"]),
  ];
  const before = paths.map((path) => readFileSync(path, "utf8"));
  const { status, stdout, stderr } = gpicLab("run", ...paths, "--write", "--json");
  assert.equal(status, 1, stderr);
  const rows: { status: string; failed?: { cell: number; ename: string; evalue: string } }[] =
    JSON.parse(stdout);
  assert.deepEqual(
    rows.map((row) => [row.status, row.failed?.cell, row.failed?.ename]),
    [
      ["failed", 0, "TypeError"],
      ["failed", 0, "TypeError"],
      ["failed", 1, "TypeError"],
      ["ok", undefined, undefined],
    ],
  );
  assert.match(rows[2]?.failed?.evalue ?? "", /application\/json .*BigInt/);
  assert.deepEqual(
    paths.map((path, index) => readFileSync(path, "utf8") === before[index]),
    [true, true, true, false],
  );
});

test("A parameter that one of several notebooks lacks is a wrong call that changes none", () => {
  const first = makeNotebook("a.ipynb", [{ source: "const a = 1", tags: ["parameters"] }, "console.log(a)"]);
  const second = makeNotebook("b.ipynb", [{ source: "const b = 1", tags: ["parameters"] }]);
  const before = readFileSync(first, "utf8");
  const { status, stdout } = gpicLab("run", first, second, "--write", "--jobs", "1", "--parameter", "a=2");
  assert.deepEqual([status, stdout], [2, ""]);
  assert.equal(readFileSync(first, "utf8"), before);
});

test("What the last cell's timers print is kept", async () => {
  const path = makeNotebook("late.ipynb", ['const timer = setTimeout(() => console.log("late"), 20);']);
  const [cell] = (await runNotebook({ path })).executed.cells;
  assert.deepEqual(cell?.type === "code" && cell.outputs, [
    { type: "stream", name: "stdout", text: "late\n" },
  ]);
});

test("GPIC_CORPUS names a path of the caller's folder; the sample and addresses stay as they are", async (t) => {
  const given = process.env.GPIC_CORPUS;
  const folder = process.cwd();
  t.after(() => {
    process.chdir(folder);
    if (given === undefined) delete process.env.GPIC_CORPUS;
    else process.env.GPIC_CORPUS = given;
  });
  process.chdir(packageFile("test"));
  for (const [name, expected] of [
    ["golden", packageFile("test", "golden")],
    ["sample", "sample"],
    ["hf://owner/corpus", "hf://owner/corpus"],
  ] as const) {
    process.env.GPIC_CORPUS = name;
    const source = `if (process.env.GPIC_CORPUS !== ${JSON.stringify(expected)}) throw new Error(process.env.GPIC_CORPUS);`;
    const run = await runNotebook({ path: makeNotebook("corpus.ipynb", [source]) });
    assert.equal(run.failed, undefined, run.failed?.evalue);
  }
});
