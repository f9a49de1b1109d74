import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type DataType, tableFromIPC, tableToIPC } from "apache-arrow";
import { buildIndex, type CorpusIndex, openCorpus, openIndex } from "gpic-lab/corpus";
import { ask, temporary } from "./scratch.js";

async function sampleIndex(t: TestContext): Promise<CorpusIndex> {
  const folder = temporary(t);
  const { shards, identity } = await openCorpus("sample");
  await buildIndex(shards, folder, { corpus: "sample", identity });
  const index = await openIndex(folder);
  t.after(() => index.close());
  return index;
}

test("every type of DuckDB comes as the type of Arrow that a cell can use", async (t) => {
  const index = await sampleIndex(t);
  const wanted: readonly (readonly [sql: string, type: string, value: unknown])[] = [
    ["1::TINYINT", "Int8", 1],
    ["2::SMALLINT", "Int16", 2],
    ["3", "Int32", 3],
    ["4::UTINYINT", "Uint8", 4],
    ["5::USMALLINT", "Uint16", 5],
    ["6::UINTEGER", "Uint32", 6],
    ["9007199254740991", "Float64", 2 ** 53 - 1],
    ["9007199254740992", "Int64", 2n ** 53n],
    ["18446744073709551615::UBIGINT", "Uint64", 2n ** 64n - 1n],
    ["sum(7) OVER ()", "Float64", 7],
    ["170141183460469231731687303715884105727::HUGEINT", "Float64", 2 ** 127],
    ["1.25::DECIMAL(9, 2)", "Float64", 1.25],
    ["12345678901234567890.5::DECIMAL(38, 1)", "Float64", Number("12345678901234567890.5")],
    ["1.5::REAL", "Float32", 1.5],
    ["2.5::DOUBLE", "Float64", 2.5],
    ["true", "Bool", true],
    ["'text'", "Dictionary<Int32, Utf8>", "text"],
    ["DATE '2026-05-28'", "Date32<DAY>", Date.UTC(2026, 4, 28)],
    ["TIMESTAMP '2026-05-28 01:02:03.5'", "Timestamp<MICROSECOND>", Date.UTC(2026, 4, 28, 1, 2, 3, 500)],
    ["TIMESTAMP_S '1969-12-31 23:59:59'", "Timestamp<MICROSECOND>", -1000],
    ["TIMESTAMPTZ '1970-01-01 00:00:01+00'", "Timestamp<MICROSECOND, UTC>", 1000],
    ["[1, 2]", "List<Int32>", [1, 2]],
    ["['a', NULL]", "List<Utf8>", ["a", null]],
    ["[]::INTEGER[]", "List<Int32>", []],
    ["INTERVAL 2 DAY", "Dictionary<Int32, Utf8>", "2 days"],
    ["TIME '10:11:12'", "Dictionary<Int32, Utf8>", "10:11:12"],
    ["'x'::ENUM('x', 'y')", "Dictionary<Int32, Utf8>", "x"],
    ["'ab'::BLOB", "Binary", new Uint8Array([97, 98])],
  ];
  for (const [sql, type, value] of wanted) {
    // a null before the value: the bitmap counts too
    const table = await index.query(`SELECT * FROM (VALUES (1)) UNION ALL SELECT 0`);
    assert.equal(table.numRows, 2);
    const column = await index.query(`SELECT ${sql} AS x`);
    const found = column.getChild("x")!;
    assert.equal(
      String(column.schema.fields[0]!.type as DataType).replaceAll(/, (?=Utf8)/g, ", "),
      type,
      sql,
    );
    const got = found.get(0);
    const plain =
      got !== null && typeof got === "object" && "toArray" in got ? [...(got as Iterable<unknown>)] : got;
    assert.deepEqual(plain, value, sql);
    const withNull = await index.query(
      `SELECT CASE WHEN r = 1 THEN x END AS x FROM (SELECT ${sql} AS x), range(2) AS t(r) ORDER BY r`,
    );
    assert.equal(withNull.getChild("x")!.get(0), null, sql);
    assert.equal(withNull.getChild("x")!.nullCount, 1, sql);
  }
});

test("structs come as structs, columns of one name are told apart, and a table outlives its way through a file", async (t) => {
  const index = await sampleIndex(t);
  const table = await index.query(
    "SELECT { a: 1, b: ['x'] } AS s, 'q' AS t, 'r' AS t, NULL::VARCHAR AS n FROM range(3000)",
  );
  assert.equal(table.numRows, 3000);
  assert.deepEqual(
    table.schema.fields.map(({ name }) => name),
    ["s", "t", "t:1", "n"],
  );
  const copy = tableFromIPC(tableToIPC(table));
  for (const one of [table, copy]) {
    const row = one.get(2999)!.toJSON() as { s: { a: number; b: Iterable<string> }; t: string; n: null };
    assert.deepEqual([row.s.a, [...row.s.b], row.t, row.n], [1, ["x"], "q", null]);
  }
});

test("parameters go in as values, by place or by name", async (t) => {
  const index = await sampleIndex(t);
  const cases: readonly (readonly [string, Parameters<CorpusIndex["query"]>[1], unknown])[] = [
    ["SELECT ? || ? AS x", ["a'", "; DROP"], "a'; DROP"],
    ["SELECT $2::INT - $1::INT AS x", [1, 5], 4],
    ["SELECT $low + $high AS x", { low: 1, high: 2 }, 3],
    ["SELECT ?::BIGINT + 1 AS x", [5e9], 5e9 + 1],
    ["SELECT ? / 2 AS x", [1.5], 0.75],
    ["SELECT ?::VARCHAR IS NULL AS x", [null], true],
    ["SELECT year(?) AS x", [new Date(0)], 1970],
    ["SELECT len(?) AS x", [["a", "b"]], 2],
    ["SELECT ?::HUGEINT AS x", [2n ** 100n], 2 ** 100],
    ["SELECT count(*) AS x FROM images WHERE caption_type = ? AND words > ?", ["long", 10], 11],
  ];
  for (const [sql, parameters, value] of cases)
    assert.deepEqual(await ask(index, sql, parameters), [{ x: value }], sql);
  assert.equal((await index.query("FROM images LIMIT ?", [3])).numRows, 3);
});

test("what cannot be answered is told in one line", async (t) => {
  const index = await sampleIndex(t);
  const wrong: readonly (readonly [string, Parameters<CorpusIndex["query"]>[1], RegExp])[] = [
    ["SELEC 1", [], /^Cannot answer the query: Parser Error: syntax error at or near "SELEC"$/],
    ["SELECT captoin FROM images", [], /"captoin" not found in FROM clause! Candidate bindings: "caption/],
    ["SELECT 1; SELECT 2", [], /one SELECT is needed, got 2 statements$/],
    ["  ", [], /one SELECT is needed, got 0 statements$/],
    ["SELECT ?", [], /a value for \$1 is needed, got none$/],
    ["SELECT $a", { b: 1 }, /a value for \$a is needed, got none$/],
    ["SELECT 1", [1], /values for its 0 parameters are needed, got one for \$1 too$/],
    ["SELECT ?", [undefined as unknown as null], /\$1 is text, a number, .* got nothing$/],
    ["SELECT 'a\0b'", [], /without NUL/],
    ["SELECT error('two\nlines')", [], /two lines$/],
  ];
  for (const [sql, parameters, message] of wrong)
    await assert.rejects(index.query(sql, parameters), (error: Error) => {
      assert.equal(error.name, "QueryError");
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
});

test("a query reads the index and nothing else, writes nothing, and changes no setting", async (t) => {
  const index = await sampleIndex(t);
  const out = join(temporary(t), "out");
  const part = join(index.folder, "images", "gpic_train_00000.parquet");
  const forbidden = [
    `COPY (SELECT 1) TO '${out}'`,
    `COPY (SELECT 1) TO '${part}'`,
    "CREATE TABLE x AS SELECT 1",
    "DROP VIEW images",
    "INSERT INTO images SELECT * FROM images",
    `ATTACH '${out}'`,
    "LOAD json",
    "INSTALL httpfs",
    "SET enable_external_access = true",
    "PRAGMA enable_profiling",
    "FROM read_text('/etc/hostname')",
    "FROM read_csv('/etc/passwd')",
    "FROM '/etc/passwd'",
    "FROM glob('/etc/*')",
    `FROM read_parquet('${join(index.folder, "*", "*.parquet")}')`,
    "SELECT getenv('HOME')",
    "EXPLAIN SELECT 1",
    `EXPLAIN ANALYZE COPY (SELECT 1) TO '${out}'`,
  ];
  for (const sql of forbidden) await assert.rejects(index.query(sql), { name: "QueryError" }, sql);
  assert.equal(existsSync(out), false);
  assert.equal((await index.query("FROM images")).numRows, 152);
  assert.equal((await index.query("DESCRIBE images")).numRows, 27);
});

test("a signal interrupts a query, and the next one is answered", async (t) => {
  const index = await sampleIndex(t);
  const stop = new AbortController();
  const endless =
    "SELECT count(*) FROM range(1000000000) a, range(100000) b WHERE (a.range * b.range) % 7 = 3";
  const begun = performance.now();
  const other = index.query("SELECT count(*) AS n FROM images");
  setTimeout(() => stop.abort(new Error("enough")), 100);
  await assert.rejects(index.query(endless, [], { signal: stop.signal }), /enough/);
  assert.ok(performance.now() - begun < 5000);
  assert.equal((await other).get(0)!.n, 152);
  await assert.rejects(index.query("SELECT 1", [], { signal: stop.signal }), /enough/);
  assert.equal((await index.query("SELECT 1 AS one")).get(0)!.one, 1);
  index.close();
  await assert.rejects(index.query("SELECT 1"), /an open index is needed, got one that was closed/);
});
