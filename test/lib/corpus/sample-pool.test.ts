import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openCorpus, samplePool } from "gpic-lab/corpus";
import { packageFile } from "gpic-lab/io";
import { parseCsv } from "../../../data/build/csv.js";
import { readPool } from "../../../data/build/pool.js";
import { temporary } from "../hub/surroundings.js";

const pool = await samplePool();

test("the pool is that of its shards, with what truth.csv says of each image", async () => {
  const truth = parseCsv(readFileSync(packageFile("data", "sample", "truth.csv"), "utf8"));
  const truthOf = new Map(truth.map((row) => [row.key, row]));
  const written = await readPool(packageFile("data", "sample", "pool"));
  const blurredClock = truth.find((row) => row.source_file === "permissive/motion-blurred-clock.png")!.key;
  assert.deepEqual(
    pool.map(({ readImage: _, ...image }) => image),
    written.map(({ metadata: { key, title, author, license, attribution } }) => {
      const { kind, source_key, duplicate_of, release_key } = truthOf.get(key)!;
      return {
        ...{ key, title, author, license, attribution, kind },
        ...{ sourceKey: source_key, duplicateOf: duplicate_of, releaseKey: release_key },
        seenFault: key === blurredClock ? "blurred" : "",
      };
    }),
  );
  for (const at of [0, 100, pool.length - 1])
    assert.deepEqual(await pool[at]!.readImage(), written[at]!.bytes);
});

test("every photograph of the release is one image of the pool, byte for byte", async () => {
  const released = new Set(pool.map(({ releaseKey }) => releaseKey).filter((key) => key !== ""));
  const keys = [];
  for await (const { key } of (await openCorpus("sample")).records()) keys.push(key);
  assert.deepEqual([...released].sort(), keys.sort());
  const one = pool.find(({ releaseKey }) => releaseKey !== "")!;
  assert.equal(
    createHash("sha256")
      .update(await one.readImage())
      .digest("hex"),
    one.releaseKey,
  );
});

test("shards and a table that do not fit together are refused", async (t) => {
  const folder = temporary(t);
  mkdirSync(join(folder, "pool"));
  cpSync(packageFile("data", "sample", "pool", "pool_00006.tar"), join(folder, "pool", "pool_00006.tar"));
  const [head, ...lines] = readFileSync(packageFile("data", "sample", "truth.csv"), "utf8")
    .trimEnd()
    .split("\n");
  const own = lines.filter((line) => line.includes("pool_00006.tar"));
  const write = (...rows: readonly (string | undefined)[]) =>
    writeFileSync(join(folder, "truth.csv"), `${rows.join("\n")}\n`);
  write(head, ...own);
  assert.equal((await samplePool(folder)).length, own.length);
  write(head, ...own.slice(1));
  await assert.rejects(samplePool(folder), /images that truth\.csv knows are needed, got [0-9a-f]{64}/);
  write(head, ...own, own[0]?.replace(/^.{64}/, "f".repeat(64)));
  await assert.rejects(
    samplePool(folder),
    new RegExp(`the ${own.length + 1} images of truth.csv are needed`),
  );
  write(head, `"${own[0]}"`);
  await assert.rejects(samplePool(folder), /plain fields are needed in line 2/);
});
