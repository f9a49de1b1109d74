import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Random } from "gpic-lab/core";
import {
  buildIndex,
  type Corpus,
  type CorpusProblem,
  listProblems,
  openCorpus,
  openIndex,
  randomRecords,
  readPicture,
  rowsOf,
  surveyCorpus,
  verifyCorpus,
} from "gpic-lab/corpus";
import { installSettings, packageFile, settingsFrom } from "gpic-lab/io";
import { damagedShard, pngPair } from "./damaged-shard.js";
import { madePair, writeShards } from "./made-shard.js";
import { writeSparseCorpus } from "./sparse-shards.js";

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const build = (corpus: Corpus, folder: string, more: { hash?: boolean; workers?: number } = {}) =>
  buildIndex(corpus.shards, folder, { corpus: corpus.name, identity: corpus.identity, ...more });

/** What an index holds, in one number and a count: the sum of the rows' hashes does not know their order. */
async function contentOf(folder: string) {
  const index = await openIndex(folder);
  const table = await index.query(
    "SELECT count(*) AS rows, count(DISTINCT key) AS keys, CAST(sum(hash(images)) AS VARCHAR) AS content FROM images",
  );
  index.close();
  return rowsOf<{ rows: number; keys: number; content: string }>(table)[0]!;
}

/** The build in a process of its own, so that it can be killed. */
function startBuild(corpus: string, folder: string, workers: number): ChildProcess {
  const module = pathToFileURL(packageFile("dist", "lib", "corpus", "index.js")).href;
  const program = `${folder}.mjs`;
  writeFileSync(
    program,
    `import { buildIndex, openCorpus } from ${JSON.stringify(module)};
     const corpus = await openCorpus(process.argv[2]);
     const { built } = await buildIndex(corpus.shards, process.argv[3], { corpus: corpus.name, identity: corpus.identity, workers: ${workers} });
     process.stdout.write(String(built));`,
  );
  return spawn(process.execPath, [program, corpus, folder], { stdio: ["ignore", "pipe", "inherit"] });
}

function ended(child: ChildProcess): Promise<{ code: number | null; out: string }> {
  let out = "";
  child.stdout?.on("data", (data) => {
    out += data;
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out })));
}

test("an index that was killed twenty times holds the same rows as an undisturbed one", async (t) => {
  const folder = temporary(t);
  const corpus = join(folder, "corpus");
  const images = await writeSparseCorpus(corpus, { shards: 40, imagesPerShard: 400 });
  const whole = join(folder, "whole");
  await build(await openCorpus(corpus), whole);
  const expected = await contentOf(whole);
  assert.deepEqual([expected.rows, expected.keys], [images, images]);

  const killed = join(folder, "killed");
  const random = new Random(11);
  let kills = 0;
  for (let run = 0; kills < 20; run++) {
    assert.ok(run < 60, "the build ends before it can be killed");
    const child = startBuild(corpus, killed, 1 + (run % 2));
    const end = ended(child);
    // the first third of a second is Node's start; a part takes some ten milliseconds
    await new Promise((resolve) => setTimeout(resolve, 250 + random.integer(250)));
    if (child.exitCode === null && child.kill("SIGKILL")) kills++;
    await end;
    if (existsSync(join(killed, "parts")) && readdirSync(join(killed, "parts")).length >= 40)
      rmSync(killed, { recursive: true }); // all done: begin again, so that every kill meets work
  }
  assert.equal((await ended(startBuild(corpus, killed, 2))).code, 0);
  assert.deepEqual(await contentOf(killed), expected);
  const left = readdirSync(killed, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".tmp"),
  );
  assert.deepEqual(left, []);
});

test("two processes share one build: every part is built once", async (t) => {
  const folder = temporary(t);
  const corpus = join(folder, "corpus");
  const images = await writeSparseCorpus(corpus, { shards: 30, imagesPerShard: 300 });
  const both = join(folder, "both");
  const [one, two] = await Promise.all([startBuild(corpus, both, 1), startBuild(corpus, both, 1)].map(ended));
  assert.deepEqual([one!.code, two!.code], [0, 0]);
  assert.equal(Number(one!.out) + Number(two!.out), 30);
  assert.equal((await contentOf(both)).rows, images);
});

test("a second build builds nothing, a changed shard is built again, and --hash builds all", async (t) => {
  const folder = temporary(t);
  const shards = { "train/gpic_train_00000.tar": madePair("a"), "train/gpic_train_00001.tar": madePair("b") };
  writeShards(join(folder, "corpus"), shards);
  const corpus = () => openCorpus(join(folder, "corpus"));
  const index = join(folder, "index");
  assert.equal((await build(await corpus(), index)).built, 2);
  assert.equal((await build(await corpus(), index)).built, 0);
  writeShards(join(folder, "corpus"), { "train/gpic_train_00001.tar": [...madePair("b"), ...madePair("c")] });
  utimesSync(join(folder, "corpus", "train/gpic_train_00001.tar"), 1, 1);
  assert.equal((await build(await corpus(), index)).built, 1);
  assert.equal((await contentOf(index)).rows, 3);
  assert.equal((await build(await corpus(), index, { hash: true })).built, 2);
  const opened = await openIndex(index);
  const same = await opened.query("SELECT count(*) AS n FROM images WHERE sha256 = key");
  assert.equal(same.get(0)?.n, 3);
  opened.close();
});

test("a corpus opened by its index answers, draws pictures, and says so where its shards are gone", async (t) => {
  const folder = temporary(t);
  writeShards(join(folder, "corpus"), {
    "train/gpic_train_00000.tar": [...madePair("a"), ...madePair("bb", { extra_field: { x: [1] } })],
    "val/gpic_val_00000.tar": madePair("ccc", { split: [], caption_type: "long" }),
  });
  const index = join(folder, 'it\'s an "index"');
  await build(await openCorpus(join(folder, "corpus")), index);
  const corpus = await openCorpus(index);
  assert.match(corpus.describe(), /by the index/);
  const table = await corpus.query("SELECT key, extra FROM images WHERE extra IS NOT NULL");
  assert.equal(table.get(0)?.extra, '{"extra_field":{"x":[1]}}');
  const drawn = await randomRecords(corpus, 3, 7);
  const texts = await Promise.all(drawn.map(async (one) => new TextDecoder().decode(await one.readImage())));
  assert.deepEqual(texts.sort(), ["a", "bb", "ccc"]);
  const part = await openCorpus(index, { split: "val" });
  assert.equal((await surveyCorpus(part)).images, 1);
  rmSync(join(folder, "corpus"), { recursive: true });
  const orphan = await openCorpus(index);
  assert.equal((await surveyCorpus(orphan)).images, 3);
  const [row] = rowsOf<Parameters<typeof readPicture>[1]>(await orphan.query("SELECT * FROM images LIMIT 1"));
  await assert.rejects(readPicture(orphan, row!), /the corpus .* that the index .* was made of is needed/);
});

test("a query reads and can do nothing else: no file, no setting, no second statement, no write", async (t) => {
  const folder = temporary(t);
  writeShards(join(folder, "corpus"), {
    "train/gpic_train_00000.tar": madePair("a", { caption: "'; DROP TABLE images; --" }),
  });
  installSettings(() => settingsFrom({ GPIC_LAB_CACHE: join(folder, "cache") }));
  t.after(() => installSettings(() => settingsFrom({})));
  const corpus = await openCorpus(join(folder, "corpus"));
  const secret = join(folder, "secret.csv");
  writeFileSync(secret, "a\n1\n");
  for (const sql of [
    `SELECT * FROM read_csv('${secret}')`,
    `COPY images TO '${join(folder, "out.csv")}'`,
    "SELECT 1; SELECT 2",
    "SET threads = 1",
    "CREATE TABLE t AS SELECT 1",
    "EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1",
    "INSTALL httpfs",
    "EXPLAIN ANALYZE DROP VIEW images",
    "ATTACH ':memory:' AS other",
    "SELECT * FROM nowhere",
    "",
  ])
    await assert.rejects(
      corpus.query(sql),
      (error: Error) => error.name === "QueryError" && !error.message.includes("\n"),
      sql,
    );
  assert.ok(!existsSync(join(folder, "out.csv")));
  const hostile = "'; DROP TABLE images; --";
  const found = await corpus.query("SELECT count(*) AS n FROM images WHERE caption = $1", [hostile]);
  assert.equal(found.get(0)?.n, 1);
  await assert.rejects(corpus.query("SELECT $1", []), /a value for \$1 is needed/);
  await assert.rejects(corpus.query("SELECT $a", { a: 1, b: 2 }), /got one for \$b too/);
  const stopped = AbortSignal.abort(new Error("enough"));
  await assert.rejects(corpus.query("SELECT 1", [], { signal: stopped }), /enough/);
});

test("problems stand in the index beside the rows, and in every survey", async (t) => {
  const folder = temporary(t);
  writeShards(join(folder, "corpus"), {
    "train/gpic_train_00000.tar": [
      ...madePair("a"),
      ...madePair("b", { img_width: "wide" }),
      ...madePair("c"),
    ],
  });
  await build(await openCorpus(join(folder, "corpus")), join(folder, "index"));
  const corpus = await openCorpus(join(folder, "index"));
  const { images, problems, identity } = await surveyCorpus(corpus);
  assert.equal(images, 2);
  assert.deepEqual(
    problems.map(({ kind }) => kind),
    ["field-type"],
  );
  assert.equal(identity.complete, false);
});

test("a key that stands in two shards is a finding of the survey", async (t) => {
  const folder = temporary(t);
  writeShards(join(folder, "corpus"), {
    "train/gpic_train_00000.tar": [...pngPair("a"), ...pngPair("b")],
    "train/gpic_train_00001.tar": [...pngPair("b"), ...pngPair("c")],
  });
  await build(await openCorpus(join(folder, "corpus")), join(folder, "index"));
  const { images, problems, identity } = await surveyCorpus(await openCorpus(join(folder, "index")));
  assert.equal(images, 4);
  const verified = await verifyCorpus(await openCorpus(join(folder, "corpus")));
  const told = verified.problems.filter(({ kind }) => kind === "duplicate-key");
  assert.deepEqual(problems, told, "the same finding as verify's");
  assert.deepEqual(
    problems.map(({ kind, shard }) => [kind, shard]),
    [["duplicate-key", "train/gpic_train_00001.tar"]],
  );
  assert.equal(identity.complete, false);
});

test("the index holds every finding of a damaged shard as the walk tells it, field by field", async (t) => {
  const folder = temporary(t);
  const { bytes, sound } = damagedShard();
  mkdirSync(join(folder, "corpus", "train"), { recursive: true });
  writeFileSync(join(folder, "corpus", "train", "gpic_train_00000.tar"), bytes);
  const corpus = await openCorpus(join(folder, "corpus"));
  const walked: CorpusProblem[] = [];
  for await (const _ of corpus.records({ onProblem: (problem) => walked.push(problem) }));
  await build(corpus, join(folder, "index"));
  const index = await openIndex(join(folder, "index"));
  const order = (a: CorpusProblem, b: CorpusProblem) =>
    a.offset - b.offset || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.expected < b.expected ? -1 : 1);
  const held = (await listProblems(index)).filter(({ found }) => !/^it in /.test(found));
  index.close();
  assert.ok(walked.length >= 10 && sound > 0);
  assert.deepEqual(held.sort(order), walked.sort(order));
});
