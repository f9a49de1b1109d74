import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { createTableFile, type TableColumn } from "gpic-lab/io";

interface Row {
  readonly name: string;
  readonly bytes: number | null;
}
const COLUMNS: readonly TableColumn<Row>[] = [
  ["name", "VARCHAR", ({ name }) => name],
  ["bytes", "UINTEGER", ({ bytes }) => bytes],
];

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function rowsOf(path: string) {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(`SELECT * FROM '${path}'`)).getRowObjects();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

test("numbers without a sign reach 32 bits in a Parquet and in a CSV, and come back as they were", async (t) => {
  const folder = temporary(t);
  const rows = [0, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, null].map((bytes) => ({ name: 'a,"b"\n', bytes }));
  for (const end of ["parquet", "csv"]) {
    const path = join(folder, `table.${end}`);
    const file = await createTableFile(path, COLUMNS, "rows");
    for (const row of rows) await file.add(row);
    await file.finish();
    assert.deepEqual(
      (await rowsOf(path)).map(({ name, bytes }) => ({
        name,
        bytes: bytes === null ? null : Number(bytes),
      })),
      rows,
    );
  }
  assert.deepEqual(readdirSync(folder).sort(), ["table.csv", "table.parquet"]);
});

test("a table that is thrown away, or never finished, leaves what was there before", async (t) => {
  const folder = temporary(t);
  for (const end of ["parquet", "csv"]) {
    const path = join(folder, `table.${end}`);
    const whole = await createTableFile(path, COLUMNS, "rows");
    await whole.add({ name: "a", bytes: 1 });
    await whole.finish();
    const before = readFileSync(path);
    const second = await createTableFile(path, COLUMNS, "rows");
    await second.add({ name: "b", bytes: 2 });
    await second.discard();
    assert.deepEqual(readFileSync(path), before);
  }
  assert.deepEqual(readdirSync(folder).sort(), ["table.csv", "table.parquet"]);
  await assert.rejects(
    createTableFile(join(folder, "a.txt"), COLUMNS, "rows"),
    /^TypeError: Cannot write rows: a name that ends with \.csv or \.parquet is needed, got .*a\.txt$/,
  );
});
