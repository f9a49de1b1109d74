import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { npyBytes } from "gpic-lab/io";
import { type Behaviour, STAND_IN_MODEL, standInServer } from "../../lib/vlm/stand-in-server.js";
import { type Called, callCli } from "./call.js";
import { onePool } from "./one-pool.js";

function caption(
  args: readonly string[],
  environment: { readonly [name: string]: string } = {},
): Promise<Called> {
  const env = { ...process.env, GPIC_LAB_VLM_URL: "", GPIC_LAB_VLM_MODEL: "", ...environment };
  return callCli(["caption", ...args], env);
}

/** Texts that keep to the rules; nobody's captions. */
const GOOD: { readonly [schemaName: string]: string } = {
  caption_tag: "red boat, calm sea, pebble beach",
  caption_short: 'A red "boat, the first" with a bare mast rests on a pebble beach beside a calm sea.',
  caption_medium:
    "A red boat with a bare mast rests on a pebble beach beside a calm blue sea. Two people in coats stand outdoors to the left of it.",
  caption_long:
    "A red boat rests on a beach. Its mast is bare. Two people stand left of it. Behind them lies a calm sea. The sky is gray.",
};

function good(schemaName: string): Behaviour {
  return { as: "text", text: JSON.stringify({ caption: GOOD[schemaName] }) };
}

async function rowsOf(path: string) {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const from = path.endsWith(".csv") ? `read_csv('${path}', header = true, all_varchar = true)` : `'${path}'`;
  const rows = await (await connection.runAndReadAll(`SELECT * FROM ${from}`)).getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return rows as { [column: string]: string | number | null }[];
}

test("without an endpoint it says so, shows every question, and writes no file", async (t) => {
  const { folder, pool: corpus } = onePool(t);
  const plain = await caption([corpus]);
  assert.equal(plain.status, 0, plain.err);
  assert.match(plain.out, /no caption was written \(no endpoint: GPIC_LAB_VLM_URL/);
  for (const type of ["tag", "short", "medium", "long"])
    assert.match(plain.out, new RegExp(`--- ${type} ---`));
  const args = [corpus, "--json", "--seconds-per-answer", "4", "--prices", "1,2"];
  const { ran, images, types, estimate, hoursOnOneH100, questions } = JSON.parse((await caption(args)).out);
  assert.equal(ran, false);
  assert.equal(types.tag + types.short + types.medium + types.long, images);
  // eight at once
  assert.equal(estimate.seconds, (images * 4) / 8);
  assert.ok(estimate.cost > 0 && hoursOnOneH100 > 0);
  assert.equal(questions.length, 4);
  assert.equal(questions[0].schema.additionalProperties, false);
  const out = join(folder, "captions.csv");
  assert.equal((await caption([corpus, "--out", out])).status, 1);
  assert.deepEqual(readdirSync(folder), ["pool"]);
});

test("with an endpoint every image has a row, failures end with status 1, and a second run asks only for them", async (t) => {
  const { folder, pool: corpus } = onePool(t);
  let isBroken = true;
  const server = await standInServer(t, ({ schemaName }, n) =>
    isBroken && n === 3 ? { as: "status", status: 400 } : good(schemaName),
  );
  const environment = { GPIC_LAB_VLM_URL: server.baseUrl, GPIC_LAB_VLM_MODEL: STAND_IN_MODEL };
  const args = [corpus, "--answers", join(folder, "answers"), "--json", "--out"];
  const csv = join(folder, "captions.csv");
  const first = await caption([...args, csv], environment);
  assert.equal(first.status, 1, first.err);
  const report = JSON.parse(first.out);
  assert.deepEqual([report.ran, report.model, report.outcomes.unanswered], [true, STAND_IN_MODEL, 1]);
  assert.deepEqual([report.without.length, report.without[0].asked], [1, "rejected"]);
  const rows = await rowsOf(csv);
  assert.equal(rows.length, report.images);
  assert.ok(
    rows.every(({ outcome, caption_type, caption: text }) =>
      outcome === "captioned" ? text === GOOD[`caption_${caption_type}`] : text === null || text === "",
    ),
  );
  isBroken = false;
  const before = server.asked.length;
  const files = ["a.parquet", "b.parquet"].map((name) => join(folder, name));
  for (const file of files) assert.equal((await caption([...args, file], environment)).status, 0);
  assert.equal(server.asked.length, before + 1);
  assert.deepEqual(readFileSync(files[0]!), readFileSync(files[1]!));
  const again = await rowsOf(files[0]!);
  assert.deepEqual(
    again.map(({ key, tries, model }) => [key, tries, model]),
    rows.map(({ key }) => [key, 1, STAND_IN_MODEL]),
  );
  const table = await caption([corpus, "--answers", join(folder, "answers")], environment);
  assert.match(table.out, /captioned by stand-in\/none/);
  const estimate = await caption([corpus, "--answers", join(folder, "answers"), "--estimate"], environment);
  assert.match(estimate.out, /no caption was written \(--estimate\)/);
  assert.doesNotMatch(estimate.out, /time by --seconds-per-answer/);
  assert.equal(server.asked.length, before + 1);
});

test("of many images without a caption --json lists the first 1,000 and counts the others", async (t) => {
  const { folder } = onePool(t);
  const path = join(folder, "tiny.npy");
  writeFileSync(path, npyBytes({ data: new Uint8Array(1003 * 12), shape: [1003, 2, 2, 3] }));
  const server = await standInServer(t, () => ({ as: "status", status: 401 }));
  const environment = { GPIC_LAB_VLM_URL: server.baseUrl, GPIC_LAB_VLM_MODEL: STAND_IN_MODEL };
  const { status, out } = await caption([path, "--answers", join(folder, "answers"), "--json"], environment);
  const { without, withoutLeftOut, outcomes } = JSON.parse(out);
  assert.deepEqual([status, without.length, withoutLeftOut, outcomes.unanswered], [1, 1000, 3, 1003]);
});

test("a wrong call ends with 2 and one line", async () => {
  const named = { GPIC_LAB_VLM_URL: "http://127.0.0.1:9/v1", GPIC_LAB_VLM_MODEL: STAND_IN_MODEL };
  for (const [args, message, environment = {}] of [
    [["sample", "--estimate", "--out", "a.csv"], /--out has no use with --estimate/],
    [["sample", "--estimate", "--out", "a.csv"], /--out has no use with --estimate/, named],
    [["sample", "--answers", "a"], /--answers has no use as nobody is asked \(no endpoint/],
    [["a", "b"], /takes one CORPUS/],
    [["sample", "--out", "a.txt"], /\.parquet or \.csv/],
    [["sample", "--seed", "-1"], /--seed/],
    [["sample", "--prices", "x"], /--prices/],
  ] as const satisfies readonly (readonly [
    readonly string[],
    RegExp,
    { readonly [name: string]: string }?,
  ])[]) {
    const { status, err } = await caption(args, environment);
    assert.equal(status, 2, args.join(" "));
    assert.match(err, message);
    assert.equal(err.trimEnd().split("\n").length, 1);
  }
});
