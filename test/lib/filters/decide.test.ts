import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { createDecisionFile, decideImage, decideImages } from "gpic-lab/filters";
import type { ImageItem } from "gpic-lab/images";

/** A PNG whose header says what it likes, over next to no data. */
function png(width: number, height: number): Uint8Array {
  const chunk = (name: string, data: Buffer) => {
    const bytes = Buffer.alloc(12 + data.length);
    bytes.writeUInt32BE(data.length, 0);
    bytes.write(name, 4, "latin1");
    data.copy(bytes, 8);
    bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
    return bytes;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = chunk("IDAT", deflateSync(Buffer.alloc(10)));
  return Buffer.concat([signature, chunk("IHDR", header), data, chunk("IEND", Buffer.alloc(0))]);
}

function item(key: string, bytes: Uint8Array): ImageItem {
  return { key, read: async () => ({ bytes }) };
}

const HOSTILE: readonly (readonly [width: number, height: number, outcome: string, reason: string])[] = [
  [4_000_000_000, 4_000_000_000, "dropped", "extreme resolution"],
  [2 ** 32 - 1, 2 ** 32 - 1, "dropped", "extreme resolution"],
  [2 ** 31, 1, "dropped", "extreme resolution"],
  [2 ** 31 - 1, 300, "dropped", "extreme resolution"],
  [300, 2 ** 31, "dropped", "extreme resolution"],
];

test("sizes that no picture has are dropped, and written down as they stand in the header", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  async function* items() {
    for (const [i, [width, height]] of HOSTILE.entries()) yield item(String(i), png(width, height));
    yield item("none", png(0, 5));
  }
  for (const name of ["a.parquet", "a.csv"]) {
    const path = join(folder, name);
    const file = await createDecisionFile(path);
    for await (const decision of decideImages({ parts: [{ name: "0", items }] })) await file.add(decision);
    await file.finish();
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const rows = await connection.runAndReadAll(
      `SELECT key, width::DOUBLE, height::DOUBLE, outcome, reason FROM '${path}'`,
    );
    const read = rows.getRows();
    connection.closeSync();
    instance.closeSync();
    assert.deepEqual(
      read.slice(0, -1).map((row) => row.slice(1)),
      HOSTILE,
    );
    assert.equal(read.at(-1)![3], "unreadable");
  }
});

test("one image is decided about as a set of one is, and an error of the disk is thrown", async () => {
  const one = item("one", png(2 ** 31, 1));
  async function* items() {
    yield one;
  }
  const decisions = [];
  for await (const decision of decideImages({ parts: [{ name: "0", items }] })) decisions.push(decision);
  assert.deepEqual([await decideImage(one)], decisions);
  const sizeRules = { mostPixels: 2 ** 40, mostAspect: 2 ** 40, leastLongestSidePixels: 1 };
  const { outcome, width } = await decideImage(one, { sizeRules });
  // the rules let it through, and there are no such pixels
  assert.deepEqual([outcome, width], ["unreadable", undefined]);
  const gone = async () => {
    throw new Error("EIO");
  };
  await assert.rejects(decideImage({ key: "gone", read: gone }), /EIO/);
});
