/** A join's journal between processes: who has it, and what is in it, in order. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Random } from "gpic-lab/core";
import { type JoinResult, rowsInMemory, similarityJoin } from "gpic-lab/dedup";
import type { FeatureRows } from "gpic-lab/features";
import { packageFile } from "gpic-lab/io";

const linux = process.platform === "linux";
const HEAD_BYTES = 512;

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Rows of which some 2 % of the pairs reach a cosine of 0.5. */
function madeRows(count: number, width: number): FeatureRows {
  const random = new Random(3);
  return { data: Float32Array.from({ length: count * width }, () => random.normal()), count, width };
}

const ROWS = madeRows(600, 16);
const OPTIONS = { threshold: 0.5, blockRows: 100 };
/** Pairs of the six blocks. */
const RECORDS = 21;

function whole(): Promise<JoinResult> {
  return similarityJoin(ROWS, OPTIONS);
}

test("two calls on one journal, both stopped, lose no pair", async (t) => {
  const journal = join(temporary(t), "pairs.journal");
  const run = (stopAt: number, onBlock: (blocks: number) => void = () => {}) => {
    const controller = new AbortController();
    let blocks = 0;
    const onProgress = () => {
      onBlock(++blocks);
      if (blocks === stopAt) controller.abort(new Error("stopped"));
    };
    return similarityJoin(ROWS, { ...OPTIONS, journal, onProgress, signal: controller.signal });
  };
  let second: Promise<void> | undefined;
  const first = run(6, (blocks) => {
    if (blocks === 2) second = assert.rejects(run(5), /a living process is at work on/);
  });
  await assert.rejects(first, /stopped/);
  assert.ok(second);
  await second;
  await assert.rejects(run(5), /stopped/);
  const resumed = await similarityJoin(ROWS, { ...OPTIONS, journal });
  assert.deepEqual(resumed.pairs, (await whole()).pairs);
  // the call that was refused wrote nothing
  assert.equal(resumed.resumed, 11);
});

test("a journal that a living call is at work on is refused by name, and is that call's to the end", async (t) => {
  const folder = temporary(t);
  const journal = join(folder, "pairs.journal");
  const source = rowsInMemory(ROWS);
  const events = new EventEmitter();
  const begun = once(events, "begun");
  const goOn = once(events, "go on");
  const first = similarityJoin(
    {
      ...source,
      async read(row, count) {
        events.emit("begun");
        await goOn;
        return source.read(row, count);
      },
    },
    { ...OPTIONS, journal },
  );
  await begun;
  await assert.rejects(similarityJoin(ROWS, { ...OPTIONS, journal }), (error: Error) => {
    assert.match(error.message, /a living process is at work on; wait until it has ended/);
    return error.message.includes(journal);
  });
  events.emit("go on");
  assert.deepEqual((await first).pairs, (await whole()).pairs);
  assert.deepEqual(readdirSync(folder), ["pairs.journal"]);
});

test("a killed process' journal is taken up at once, and its claim goes", { skip: !linux }, async (t) => {
  const folder = temporary(t);
  const journal = join(folder, "pairs.journal");
  const file = packageFile("dist", "lib", "dedup", "index.js");
  const script = `const { similarityJoin } = await import(${JSON.stringify(file)});
    const [journal, count, width, ...rows] = process.argv.slice(1);
    let blocks = 0;
    await similarityJoin({ data: Float32Array.from(rows, Number), count: +count, width: +width }, {
      ...${JSON.stringify({ threshold: 0.5, blockRows: 10 })}, journal,
      onProgress() { if (++blocks === 4) { process.stdout.write("four"); for (;;); } } });`;
  const rows = madeRows(60, 8);
  const child = spawn(process.execPath, [
    ...["--input-type=module", "-e", script, journal, "60", "8"],
    ...Array.from(rows.data, String),
  ]);
  await once(child.stdout, "data");
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  assert.deepEqual(readdirSync(folder).sort(), ["pairs.journal", "pairs.journal.claim.1"]);
  const options = { threshold: 0.5, blockRows: 10 };
  const { pairs, resumed } = await similarityJoin(rows, { ...options, journal });
  assert.equal(resumed, 4);
  assert.deepEqual(pairs, (await similarityJoin(rows, options)).pairs);
  assert.deepEqual(readdirSync(folder), ["pairs.journal"]);
});

test("of a holder that cannot be told dead the end is waited for, until the signal says otherwise", async (t) => {
  const folder = temporary(t);
  const journal = join(folder, "pairs.journal");
  const elsewhere = { id: "x", machine: "another", pid: 12, started: "5", beats: "0000000009" };
  writeFileSync(`${journal}.claim.1`, `${JSON.stringify(elsewhere)}\n`);
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 1500);
  const joined = similarityJoin(ROWS, { ...OPTIONS, journal, signal: controller.signal });
  await assert.rejects(joined, /enough/);
  assert.deepEqual(readdirSync(folder), ["pairs.journal.claim.1"]);
});

test("a journal in which a record is missing, or there twice, is refused and left as it was", async (t) => {
  const journal = join(temporary(t), "pairs.journal");
  await similarityJoin(ROWS, { ...OPTIONS, journal });
  const bytes = readFileSync(journal);
  const records: Buffer[] = [];
  // place, number of pairs, checksum, then 16 bytes a pair
  for (let at = HEAD_BYTES; at < bytes.length; ) {
    const end = at + 12 + 16 * bytes.readUInt32LE(at + 4);
    assert.equal(bytes.readUInt32LE(at), records.length);
    records.push(bytes.subarray(at, end));
    at = end;
  }
  assert.equal(records.length, RECORDS);
  const head = bytes.subarray(0, HEAD_BYTES);
  for (const [kept, message] of [
    [[...records.slice(0, 5), ...records.slice(6)], /got number 6 where 5 belongs/],
    [[...records.slice(0, 5), ...records.slice(4)], /got number 4 where 5 belongs/],
    [[...records, records[20]!], /got number 20 where 21 belongs/],
  ] as const) {
    const damaged = Buffer.concat([head, ...kept]);
    writeFileSync(journal, damaged);
    await assert.rejects(similarityJoin(ROWS, { ...OPTIONS, journal }), message);
    assert.deepEqual(readFileSync(journal), damaged);
  }
});
