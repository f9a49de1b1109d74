import assert from "node:assert/strict";
import { test } from "node:test";
import {
  claim,
  collectVerdicts,
  derivedVerdicts,
  ledger,
  loadClaims,
  type VerdictRow,
  verdictKinds,
  verdictMimeType,
} from "gpic-lab/claims";

const sample = { identity: { dataset: "sample", complete: true } };

function notebook(...rows: readonly unknown[]): unknown {
  return {
    cells: [
      { cell_type: "markdown", source: "# A question" },
      {
        cell_type: "code",
        outputs: [{ output_type: "display_data", data: { [verdictMimeType]: { rows } } }],
      },
    ],
  };
}

const row: VerdictRow = claim("corpus/mean-width-px").compare(600, { on: sample }).toVerdictRow();

test("a ledger of nothing has every claim once, not run, with what it would need", () => {
  const { rows, counts, unasked } = ledger({ verdicts: [] });
  assert.deepEqual(
    rows.map(({ id }) => id),
    [...loadClaims().keys()],
  );
  assert.equal(counts["not run"], rows.length);
  assert.equal(unasked.length, rows.length);
  assert.ok(rows.every(({ needs }) => needs !== undefined && needs.length > 3));
});

test("what a notebook shows is collected and says which notebook asked", () => {
  const { verdicts, problems } = collectVerdicts(JSON.parse(JSON.stringify(notebook(row))), "01-corpus");
  assert.deepEqual(problems, []);
  const made = ledger({ verdicts });
  const found = made.rows.find(({ id }) => id === row.id);
  assert.equal(found?.kind, "machinery only");
  assert.equal(found?.measured, "600 px");
  assert.deepEqual(found?.notebooks, ["01-corpus"]);
  assert.ok(!made.unasked.includes(row.id));
  assert.equal(made.unasked.length, made.rows.length - 1);
});

test("counts by kind add up to the number of claims", () => {
  const { counts, rows } = ledger({ verdicts: derivedVerdicts() });
  assert.deepEqual(Object.keys(counts), [...verdictKinds]);
  assert.equal(
    Object.values(counts).reduce((sum, count) => sum + count, 0),
    rows.length,
  );
  assert.equal(counts.contradicted, 4);
  assert.equal(counts.reproduced, 0);
});

test("a contradiction is never hidden behind another verdict, in any order", () => {
  const one = claim("corpus/train-shards");
  const verdicts = [
    one.compare(8000, { on: "published numbers" }),
    one.compare(1, { on: "published numbers" }),
    one.compare(8000, { on: { identity: { dataset: "gpic", split: "train", complete: true } } }),
  ];
  for (const order of [verdicts, [...verdicts].reverse()])
    assert.equal(ledger({ verdicts: order }).rows.find(({ id }) => id === one.id)?.kind, "contradicted");
});

test("hostile outputs are refused with a reason and change nothing", () => {
  const { verdicts, problems } = collectVerdicts(
    notebook(
      { ...row, id: "corpus/no-such-claim" },
      { ...row, id: "__proto__" },
      { ...row, id: { toString: "x" } },
      { ...row, kind: "proven" },
      { ...row, kind: ["reproduced"] },
      { ...row, id: "protocol/prdc-k", kind: "reproduced" },
      { ...row, id: "check/C4", kind: "reproduced" },
      null,
      7,
    ),
    "evil",
  );
  assert.deepEqual(verdicts, []);
  assert.equal(problems.length, 9);
});

test("what a row says of the claim itself is not believed", () => {
  const { verdicts } = collectVerdicts(
    notebook({
      ...row,
      statement: "<script>alert(1)</script>",
      claimed: "42",
      place: "nowhere",
      needs: "nothing",
    }),
    "evil",
  );
  const found = ledger({ verdicts }).rows.find(({ id }) => id === row.id);
  assert.equal(found?.claimed, row.claimed);
  assert.equal(found?.statement, row.statement);
  assert.equal(found?.place, row.place);
  assert.equal(found?.needs, row.needs);
});

test("control characters and endless texts are cut from what is shown", () => {
  const { verdicts } = collectVerdicts(
    notebook({ ...row, measured: "1\u001b[31m\u202e2", why: "x".repeat(1e6) }),
    "evil\n\u001b[2J",
  );
  assert.equal(verdicts[0]?.measured, "1\ufffd[31m\ufffd2");
  assert.equal(verdicts[0]?.why.length, 500);
  assert.equal(verdicts[0]?.notebook, "evil\ufffd\ufffd[2J");
});

test("things that are no notebook hold no verdicts", () => {
  for (const junk of [
    null,
    1,
    "x",
    [],
    {},
    { cells: 3 },
    { cells: [null, { outputs: {} }, { outputs: [null, { data: [] }] }] },
  ])
    assert.deepEqual(collectVerdicts(junk, "junk"), { verdicts: [], problems: [] });
});

test("a flood of rows is read only so far", () => {
  const { verdicts, problems } = collectVerdicts(
    notebook(...Array.from({ length: 30_000 }, () => row)),
    "flood",
  );
  assert.equal(verdicts.length, 20_000);
  assert.match(problems[0] ?? "", /rest was not read/);
});

test("a ledger refuses a verdict on an unknown claim", () => {
  assert.throws(() => ledger({ verdicts: [{ notebook: "a", id: "nothing", kind: "not run", why: "" }] }), {
    name: "RangeError",
  });
});
