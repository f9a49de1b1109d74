import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
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
import { DuckDBInstance } from "@duckdb/node-api";
import { judgedFaults, safetyCategories } from "gpic-lab/filters";
import { npyBytes, packageFile } from "gpic-lab/io";
import { type Behaviour, STAND_IN_MODEL, standInServer } from "../../lib/vlm/stand-in-server.js";
import { type Called, callCli } from "./call.js";
import { onePool } from "./one-pool.js";

const cli = packageFile("kernel-extensions", "cli", "gpic-lab.cjs");

type Environment = { readonly [name: string]: string };
/** An endpoint that no test asks. */
const NAMED = { GPIC_LAB_VLM_URL: "http://127.0.0.1:9/v1", GPIC_LAB_VLM_MODEL: STAND_IN_MODEL };

function filter(args: readonly string[], environment: Environment = {}): Promise<Called> {
  const env = { ...process.env, GPIC_LAB_VLM_URL: "", GPIC_LAB_VLM_MODEL: "", ...environment };
  return callCli(["filter", ...args], env);
}

/** An answer that finds no fault. */
function good(schemaName: string): Behaviour {
  const names = schemaName === "quality" ? judgedFaults : safetyCategories;
  const seen = schemaName === "quality" ? { seen: "x" } : {};
  const text = JSON.stringify({ ...seen, ...Object.fromEntries(names.map((name) => [name, "no"])) });
  return { as: "text", text };
}

async function rowsOf(path: string) {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const rows = await (await connection.runAndReadAll(`SELECT * FROM '${path}'`)).getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return rows as { [column: string]: string | number | null }[];
}

test("without an endpoint the measures run, the table says that the judge did not, and the file is the same twice", async (t) => {
  const { folder, pool: corpus } = onePool(t);
  const files = ["a.parquet", "b.parquet", "a.csv"].map((file) => join(folder, file));
  const [first, , third] = [
    await filter([corpus, "--out", files[0]!]),
    await filter([corpus, "--out", files[1]!, "--json"]),
    await filter([corpus, "--out", files[2]!, "--json"]),
  ];
  assert.equal(first.status, 0, first.err);
  assert.equal(first.err, "");
  assert.match(first.out, /judge: did not run \(no endpoint: .*nothing was judged for safety/);
  assert.match(first.out, /safety +\d+ +\d+ +not judged/);
  const report = JSON.parse(third.out);
  assert.deepEqual(report.judge.ran, false);
  assert.equal(report.kept + report.dropped, report.images);
  assert.equal(report.removed.length, report.dropped);
  assert.deepEqual(readFileSync(files[0]!), readFileSync(files[1]!));
  const rows = await rowsOf(files[0]!);
  assert.equal(rows.length, report.images);
  const dropped = rows.filter(({ outcome }) => outcome === "dropped");
  assert.deepEqual(
    dropped.map(({ key, stage, reason }) => [key, stage, reason]),
    report.removed.map(({ key, stage, reason }: { [name: string]: string }) => [key, stage, reason]),
  );
  assert.ok(rows.every(({ judge_safety }) => judge_safety === null));
  assert.deepEqual(
    (await rowsOf(files[2]!)).map(({ key }) => key),
    rows.map(({ key }) => key),
  );
  assert.deepEqual(readdirSync(folder).sort(), ["a.csv", "a.parquet", "b.parquet", "pool"]);
});

test("with an endpoint the judge decides, its failures leave images undecided with status 1, and nothing is asked twice", async (t) => {
  const { folder, pool: corpus } = onePool(t);
  let refuses = true;
  const server = await standInServer(t, ({ schemaName }, n) => {
    if (n === 4 && refuses) return { as: "status", status: 400 };
    return good(schemaName);
  });
  const environment = { GPIC_LAB_VLM_URL: server.baseUrl, GPIC_LAB_VLM_MODEL: STAND_IN_MODEL };
  const args = [corpus, "--answers", join(folder, "answers"), "--json"];
  const first = await filter(args, environment);
  assert.equal(first.status, 1, first.err);
  assert.match(first.err, /^gpic-lab: at most \d+ answers of stand-in\/none: .* time unknown/);
  const report = JSON.parse(first.out);
  assert.deepEqual([report.judge.ran, report.judge.model, report.undecided], [true, STAND_IN_MODEL, 1]);
  assert.equal(
    report.removed.filter(({ outcome }: { outcome: string }) => outcome === "undecided")[0].reason,
    "rejected",
  );
  refuses = false;
  const before = server.asked.length;
  const second = await filter(args, environment);
  assert.equal(second.status, 0, second.err);
  assert.equal(JSON.parse(second.out).undecided, 0);
  // the one that failed, and at most the question of safety after it
  assert.ok(server.asked.length - before >= 1 && server.asked.length - before <= 2);
  const estimate = await filter([...args, "--estimate"], environment);
  const { answers, seconds } = JSON.parse(estimate.out);
  assert.equal(answers, 2 * report.images);
  assert.ok(seconds > 0);
  const given = await filter(
    [...args, "--estimate", "--seconds-per-answer", "4", "--prices", "1,2"],
    environment,
  );
  const told = JSON.parse(given.out);
  assert.equal(told.seconds, (4 * answers) / 8);
  assert.equal(told.cost, (told.inputTokens + 2 * told.outputTokens) / 1e6);
  const idle = server.asked.length;
  const table = await filter([corpus, "--no-judge"], environment);
  assert.match(table.out, /did not run \(--no-judge\)/);
  assert.equal(server.asked.length, idle);
});

test("killed while it asks and started again, it asks only what was not answered, and decides the same", async (t) => {
  const { folder, pool: corpus } = onePool(t);
  const server = await standInServer(t, async ({ schemaName }) => {
    await pause(20);
    return good(schemaName);
  });
  const environment = {
    ...{ GPIC_LAB_VLM_URL: server.baseUrl, GPIC_LAB_VLM_MODEL: STAND_IN_MODEL },
    GPIC_LAB_VLM_CONCURRENCY: "2",
  };
  const args = (name: string) => [
    corpus,
    "--answers",
    join(folder, name),
    "--out",
    join(folder, `${name}.csv`),
  ];
  for (const answered of [5, 15]) {
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, [cli, "filter", ...args("killed")], { env, stdio: "ignore" });
    const ended = once(child, "exit");
    while (server.asked.length < answered && child.exitCode === null) await pause(5);
    child.kill("SIGKILL");
    await ended;
    assert.deepEqual(existsSync(join(folder, "killed.csv")), false);
  }
  const killed = await filter(args("killed"), environment);
  assert.equal(killed.status, 0, killed.err);
  const before = server.asked.length;
  const whole = await filter(args("whole"), environment);
  assert.equal(whole.status, 0, whole.err);
  const needed = server.asked.length - before;
  // two kills, each with two questions on their way and perhaps two answers that were not yet written
  assert.ok(before <= needed + 8, `${before} for ${needed}`);
  assert.deepEqual(readFileSync(join(folder, "killed.csv")), readFileSync(join(folder, "whole.csv")));
});

test("a damaged picture costs itself alone, and the status says so", async (t) => {
  const { folder } = onePool(t);
  const images = join(folder, "images");
  mkdirSync(images);
  copyFileSync(packageFile("data", "decode", "files", "420-q90.jpg"), join(images, "good.jpg"));
  writeFileSync(join(images, "bad\u001b[2J.png"), "no picture");
  const { status, out, err } = await filter([images]);
  assert.equal(status, 1, err);
  assert.match(out, /1 dropped, 0 undecided, 1 unreadable/);
  assert.match(out, /not an image/);
  assert.ok(!out.includes("\u001b"));
});

/** A .npy of tiny pictures. */
function tinyImages(t: TestContext, count: number): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "tiny.npy");
  writeFileSync(path, npyBytes({ data: new Uint8Array(count * 12), shape: [count, 2, 2, 3] }));
  return path;
}

test("of many images that go --json lists the first 1,000 and counts the others, and --out has all", async (t) => {
  const path = tinyImages(t, 1003);
  const out = `${path}.parquet`;
  const { removed, removedLeftOut, dropped } = JSON.parse((await filter([path, "--json", "--out", out])).out);
  assert.deepEqual([removed.length, removedLeftOut, dropped], [1000, 3, 1003]);
  assert.equal((await rowsOf(out)).length, 1003);
  const table = await filter([path]);
  assert.match(table.out, /and 983 more: --out lists all/);
});

test("what a stop says is true: measures begin anew, answers are kept", async (t) => {
  const { folder, pool: corpus } = onePool(t);
  const stopped = async (args: readonly string[], environment: Environment, isReady: () => boolean) => {
    const env = { ...process.env, GPIC_LAB_VLM_URL: "", GPIC_LAB_VLM_MODEL: "", ...environment };
    const child = spawn(process.execPath, [cli, "filter", ...args], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let err = "";
    child.stderr.on("data", (piece) => {
      err += piece;
    });
    const ended = once(child, "exit");
    while (!isReady() && child.exitCode === null) await pause(5);
    child.kill("SIGINT");
    const [status] = await ended;
    return [status, err.trimEnd().split("\n").at(-1)];
  };
  const out = join(folder, "a.csv");
  const isBegun = () => readdirSync(folder).some((name) => name !== "pool" && name.includes("a.csv"));
  const args = [packageFile("data", "sample", "pool"), "--out", out];
  const measured = await stopped(args, {}, isBegun);
  assert.deepEqual(measured, [1, "gpic-lab: stopped; nothing is kept, and the same call begins anew"]);
  assert.deepEqual(readdirSync(folder), ["pool"]);
  const server = await standInServer(t, () => ({ as: "silence" }));
  const environment = { GPIC_LAB_VLM_URL: server.baseUrl, GPIC_LAB_VLM_MODEL: STAND_IN_MODEL };
  const asking = [corpus, "--answers", join(folder, "answers")];
  const judged = await stopped(asking, environment, () => server.asked.length > 0);
  assert.deepEqual(judged, [
    1,
    "gpic-lab: stopped; answers so far are kept, and the same call asks only for the others",
  ]);
});

test("a wrong call ends with status 2 and what is needed", async () => {
  for (const [args, message, environment] of [
    [["a", "b"], /filter takes one CORPUS/, {}],
    [["sample", "--out", "x.txt"], /--out is a file that ends with/, {}],
    [["sample", "--max-aspect", "0"], /--max-aspect is a number from 1/, {}],
    [["sample", "--prices", "1"], /--prices is two numbers/, {}],
    [["sample", "--seconds-per-answer", "0"], /--seconds-per-answer is a number above 0/, {}],
    [["sample", "--estimate"], /--estimate takes an endpoint/, {}],
    [["sample", "--no-judge", "--estimate"], /--estimate has no use with --no-judge/, NAMED],
    [["sample", "--no-judge", "--answers", "a"], /--answers has no use with --no-judge/, NAMED],
    [["sample", "--no-judge", "--prices", "1,2"], /--prices has no use with --no-judge/, NAMED],
    [["sample", "--no-judge", "--seconds-per-answer", "1"], /--seconds-per-answer has no use/, NAMED],
    [["sample", "--answers", "a"], /--answers has no use as nobody is asked \(no endpoint/, {}],
    [["sample", "--prices", "1,2"], /--prices has no use as nobody is asked/, {}],
    [["sample", "--estimate", "--out", "a.csv"], /--out has no use with --estimate/, NAMED],
    [["sample", "--estimate", "--max-aspect", "9"], /--max-aspect has no use with --estimate/, NAMED],
    [
      ["sample"],
      /without user name and password/,
      { ...NAMED, GPIC_LAB_VLM_URL: "http://u:p@127.0.0.1:9/v1" },
    ],
    [["sample"], /GPIC_LAB_VLM_MODEL is needed/, { GPIC_LAB_VLM_URL: "http://127.0.0.1:9/v1" }],
  ] as const satisfies readonly (readonly [readonly string[], RegExp, Environment])[]) {
    const { status, out, err } = await filter(args, environment);
    assert.deepEqual([status, out], [2, ""]);
    assert.match(err, message);
  }
});
