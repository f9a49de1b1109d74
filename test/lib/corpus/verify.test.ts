import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type CorpusProblem, describeProblem, openCorpus, verifyCorpus } from "gpic-lab/corpus";
import { bufferSource, tarEntries } from "gpic-lab/io";
import { damagedShard, pngPair } from "./damaged-shard.js";
import { writeShards } from "./made-shard.js";

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("the sample is sound", async () => {
  const result = await verifyCorpus(await openCorpus());
  assert.deepEqual(result.problems, []);
  assert.deepEqual(result.counts, {});
  assert.ok(result.sound > 100);
});

test("sixteen damages in one shard are named, one row each, and every sound image is kept", async (t) => {
  const folder = temporary(t);
  const { bytes, sound, kinds } = damagedShard();
  mkdirSync(join(folder, "train"));
  writeFileSync(join(folder, "train/gpic_train_00000.tar"), bytes);
  const told: CorpusProblem[] = [];
  const result = await verifyCorpus(await openCorpus(folder), { onProblem: (problem) => told.push(problem) });
  assert.equal(result.sound, sound);
  assert.deepEqual(result.problems.map(({ kind }) => kind).sort(), kinds);
  assert.equal(told.length, result.problems.length);
  const total = Object.values(result.counts).reduce((sum, count) => sum + count, 0);
  assert.equal(total, kinds.length);
  const headers = new Set<number>();
  for await (const entry of tarEntries(bufferSource(bytes), { onDamage: () => {} }))
    headers.add(entry.headerOffset);
  let last = 0;
  for (const problem of result.problems) {
    assert.ok(problem.offset >= last, "problems stand in the order of the shard");
    last = problem.offset;
    assert.equal(problem.shard, "train/gpic_train_00000.tar");
    assert.ok(problem.expected !== "" && problem.found !== "", describeProblem(problem));
    const isEntry = !["header-checksum", "closing-blocks-missing"].includes(problem.kind);
    assert.equal(headers.has(problem.offset), isEntry, describeProblem(problem));
    assert.equal(/^[0-9a-f]{64}$/.test(problem.key), isEntry && problem.kind !== "unsupported-entry");
  }
});

test("a key that is in two shards is found there, and only the later record is not sound", async (t) => {
  const folder = temporary(t);
  const twins = { key: "ab".repeat(32) };
  const near = { key: `${"ab".repeat(31)}cd` };
  const named = (text: string, changes: { key: string }) =>
    pngPair(text, changes).map(({ name, bytes }) => ({
      name: changes.key + name.slice(name.lastIndexOf(".")),
      bytes,
    }));
  writeShards(folder, {
    "train/gpic_train_00000.tar": [...pngPair("a"), ...named("b", twins)],
    "train/gpic_train_00001.tar": [...pngPair("c"), ...named("d", near)],
    "val/gpic_val_00000.tar": [...named("e", twins), ...pngPair("f"), ...pngPair("a")],
  });
  const result = await verifyCorpus(await openCorpus(folder));
  assert.equal(result.sound, 5);
  assert.deepEqual(
    result.problems.map(({ shard, kind, key, found }) => [shard, kind, key, found]),
    [
      ["val/gpic_val_00000.tar", "duplicate-key", twins.key, 'it in "train/gpic_train_00000.tar" too'],
      [
        "val/gpic_val_00000.tar",
        "duplicate-key",
        pngPair("a")[0].name.slice(0, 64),
        'it in "train/gpic_train_00000.tar" too',
      ],
    ],
  );
});

test("the list of problems is bounded where that is asked for; the counts are not", async (t) => {
  const folder = temporary(t);
  writeFileSync(join(folder, "one.tar"), damagedShard().bytes);
  const result = await verifyCorpus(await openCorpus(join(folder, "one.tar")), { mostProblems: 3 });
  assert.equal(result.problems.length, 3);
  assert.equal(
    Object.values(result.counts).reduce((sum, count) => sum + count, 0),
    16,
  );
});

test("an aborted signal ends the verification with its reason", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(verifyCorpus(await openCorpus(), { signal }), /enough/);
});
