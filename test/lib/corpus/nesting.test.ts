import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { DuckDBInstance, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import { Random } from "gpic-lab/core";
import {
  checkNesting,
  type Nesting,
  type NestingFinding,
  type NestingRecord,
  nestingKinds,
  nestingSql,
  openCorpus,
  releaseShards,
  sampleTierShards,
} from "gpic-lab/corpus";
import { KeyPlaces } from "../../../lib/corpus/nesting-keys.js";

const tierShards = { nano: 1, lite: 2, full: 4 };
const key = (text: string | number): string => createHash("sha256").update(String(text)).digest("hex");
const shardName = (split: string, number: number): string =>
  `${split}/gpic_${split}_${String(number).padStart(5, "0")}.tar`;

/** Four train shards, one of val and one of test, with twenty sound records each. */
function soundRecords(): NestingRecord[] {
  const tiersOf = [["nano", "lite", "full"], ["lite", "full"], ["full"], ["full"], [], []];
  const names = [
    ...[0, 1, 2, 3].map((i) => shardName("train", i)),
    shardName("val", 0),
    shardName("test", 0),
  ];
  return names.flatMap((shard, i) =>
    Array.from({ length: 20 }, (_, k) => ({ shard, key: key(`${shard} ${k}`), split: tiersOf[i]! })),
  );
}

/** The same with one violation of each kind and some more. */
function damagedRecords(): NestingRecord[] {
  const records = soundRecords();
  const at = (shard: number, k: number): NestingRecord => records[shard * 20 + k]!;
  const put = (shard: number, k: number, changes: Partial<NestingRecord>): void => {
    records[shard * 20 + k] = { ...at(shard, k), ...changes };
  };
  put(0, 3, { split: ["lite", "full"] });
  put(1, 4, { split: ["nano", "lite", "full"] });
  put(2, 5, { split: ["nano", "full"] });
  put(4, 6, { split: ["full"] });
  put(3, 7, { split: ["full", "full"] });
  put(1, 8, { key: at(1, 2).key });
  put(3, 9, { key: at(0, 9).key.toUpperCase() });
  put(4, 10, { key: at(2, 10).key });
  put(5, 11, { key: at(4, 12).key });
  put(5, 13, { key: at(4, 10).key });
  put(2, 14, { key: "<img src=x onerror=alert(1)>" });
  put(2, 15, { key: `${at(2, 15).key}0` });
  return [...records, { shard: "shard.tar", key: at(0, 0).key, split: [] }];
}

const sorted = (rows: readonly NestingFinding[]): string[] =>
  rows.map((row) => JSON.stringify([row.kind, row.shard, row.key, row.expected, row.found])).sort();

async function bySql(records: readonly NestingRecord[]) {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  try {
    await connection.run("CREATE TABLE images (shard VARCHAR, key VARCHAR, split VARCHAR[])");
    const appender = await connection.createAppender("images");
    for (const record of records) {
      appender.appendVarchar(record.shard);
      appender.appendVarchar(record.key);
      appender.appendList(listValue([...record.split]), LIST(VARCHAR));
      appender.endRow();
    }
    appender.closeSync();
    const sql = nestingSql(tierShards);
    const rows = async (query: string) => (await connection.runAndReadAll(query)).getRowObjectsJS();
    return {
      findings: (await rows(sql.findings)) as unknown as NestingFinding[],
      tiers: await rows(sql.tiers),
      splits: await rows(sql.splits),
    };
  } finally {
    connection.closeSync();
  }
}

test("the sample's tiers are nested, and its splits share no key", async () => {
  const corpus = await openCorpus("sample");
  const found = await checkNesting(corpus.records(), sampleTierShards);
  assert.deepEqual(found.findings, []);
  assert.equal(found.isSound, true);
  assert.ok(found.images > 100);
  for (const { images, imagesOfPrefix, shards, tier } of found.tiers) {
    assert.equal(images, imagesOfPrefix);
    assert.equal(shards, sampleTierShards[tier]);
  }
  for (const { images, newKeys } of found.splits) assert.equal(images, newKeys);
});

test("every planted violation is found, by its kind, and nothing else is", async () => {
  const found = await checkNesting(damagedRecords(), tierShards);
  assert.equal(found.isSound, false);
  assert.deepEqual(found.counts, {
    ...{ tiers: 5, "same-shard": 1, "same-split": 1, "two-splits": 3, key: 2, shard: 1 },
  });
  assert.deepEqual(Object.keys(found.counts), [...nestingKinds]);
  const row = (kind: string, shard: string) =>
    found.findings.filter((one) => one.kind === kind && one.shard === shard);
  assert.deepEqual(row("tiers", shardName("train", 0)), [
    {
      kind: "tiers",
      shard: shardName("train", 0),
      key: key(`${shardName("train", 0)} 3`),
      expected: "full, lite, nano",
      found: "full, lite",
    },
  ]);
  assert.equal(row("tiers", shardName("val", 0))[0]!.expected, "no tier");
  assert.equal(row("same-split", shardName("train", 3))[0]!.found, `first in ${shardName("train", 0)}`);
  assert.deepEqual(
    row("two-splits", shardName("test", 0)).map((one) => [one.expected, one.found]),
    [
      ["once, in val", `first in ${shardName("val", 0)}`],
      ["once, in train", `first in ${shardName("train", 2)}`],
    ],
  );
});

test("SQL over the index finds the same rows and the same counts", async () => {
  for (const records of [soundRecords(), damagedRecords()]) {
    const streamed = await checkNesting(records, tierShards);
    const asked = await bySql(records);
    assert.deepEqual(sorted(asked.findings), sorted(streamed.findings));
    assert.deepEqual(asked.tiers, streamed.tiers);
    assert.deepEqual(
      asked.splits.map(({ split, shards, images }) => ({ split, shards, images })),
      streamed.splits.map(({ split, shards, images }) => ({ split, shards, images })),
    );
  }
});

test("several passes find what one finds, with a part of the keys in memory", async () => {
  const plain = ({ keyBytes: _, findings, ...rest }: Nesting) => ({ ...rest, findings: sorted(findings) });
  const many = Array.from({ length: 40_000 }, (_, i) => ({
    shard: shardName("train", 0),
    key: key(i % 39_990),
    split: ["nano", "lite", "full"],
  }));
  const damaged = await checkNesting(damagedRecords(), tierShards);
  for (const passes of [2, 3, 7])
    assert.deepEqual(plain(await checkNesting(damagedRecords, tierShards, { passes })), plain(damaged));
  const one = await checkNesting(many, tierShards);
  const four = await checkNesting(() => many, tierShards, { passes: 4 });
  assert.deepEqual(plain(four), plain(one));
  assert.equal(one.counts["same-shard"], 10);
  assert.ok(four.keyBytes < one.keyBytes / 2, `${four.keyBytes} of ${one.keyBytes}`);
});

test("findings beyond the limit are counted, long texts of the data are cut, and a signal stops", async () => {
  const found = await checkNesting(damagedRecords(), tierShards, { maxFindings: 3 });
  assert.equal(found.findings.length, 3);
  assert.equal(
    Object.values(found.counts).reduce((sum, count) => sum + count, 0),
    13,
  );
  const long = [{ shard: shardName("val", 0), key: "x".repeat(1e5), split: ["y".repeat(1e5)] }];
  for (const finding of (await checkNesting(long, tierShards)).findings)
    assert.ok(JSON.stringify(finding).length < 500);
  await assert.rejects(
    checkNesting(soundRecords(), tierShards, { signal: AbortSignal.abort(new Error("enough")) }),
    /enough/,
  );
});

test("a set of keys is what a plain map is, for random keys and for keys in a row", () => {
  const random = new Random("keys");
  const plain = new Map<string, number>();
  const places = new KeyPlaces();
  for (let place = 0; place < 50_000; place++) {
    const number = random.integer(30_000);
    const made = number % 2 === 0 ? key(number) : number.toString(16).padStart(64, "0");
    assert.equal(places.add(made, place), plain.get(made) ?? -1);
    if (!plain.has(made)) plain.set(made, place);
  }
  assert.equal(places.size, plain.size);
  assert.equal(places.add("f".repeat(64), 2 ** 32 - 2), -1);
  assert.equal(places.add("F".repeat(64), 0), 2 ** 32 - 2);
});

test("passes without a function, passes out of range, and tiers that are no numbers are refused", async () => {
  await assert.rejects(checkNesting([], tierShards, { passes: 2 }), {
    name: "TypeError",
    message: /function/,
  });
  await assert.rejects(checkNesting([], tierShards, { passes: 0 }), { name: "RangeError" });
  assert.throws(() => nestingSql({ ...tierShards, nano: "1; DROP TABLE images" as unknown as number }), {
    name: "RangeError",
    message: /tier nano/,
  });
  assert.match(nestingSql(releaseShards).tiers, /number < 8000/);
});
