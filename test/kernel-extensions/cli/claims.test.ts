import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { type LedgerRow, loadClaims } from "gpic-lab/claims";
import { packageFile } from "gpic-lab/io";

function run(...args: readonly string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [packageFile("kernel-extensions", "cli", "gpic-lab.cjs"), "claims", ...args],
    { encoding: "utf8", maxBuffer: 64e6 },
  );
  return { status, out: stdout, err: stderr };
}

test("the ledger begins with counts that add up to the number of claims, then the parts", () => {
  const { status, out } = run();
  assert.equal(status, 0);
  const [first = ""] = out.split("\n", 1);
  const [total, ...counts] = (first.match(/\d+/g) ?? []).map(Number);
  assert.equal(total, loadClaims().size);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    total,
  );
  assert.match(out, /misprints +4 +4 /);
});

test("--json is the list of the chosen rows", () => {
  const rows = JSON.parse(run("--kind", "contradicted", "--part", "misprints", "--json").out) as LedgerRow[];
  assert.deepEqual(
    rows.map(({ id }) => id),
    ["misprint/1", "misprint/2", "misprint/3", "misprint/4"],
  );
  assert.equal((JSON.parse(run("--json").out) as LedgerRow[]).length, loadClaims().size);
});

test("--id shows one claim in full", () => {
  const { out } = run("--id", "table2/val/fd");
  assert.match(out, /claimed +2\.37/);
  assert.match(out, /needs +32 val shards/);
  assert.match(out, /against the GPIC release, test split/);
});

test("--unasked lists claims that no notebook asks for", () => {
  const rows = JSON.parse(run("--unasked", "--json").out) as LedgerRow[];
  assert.ok(rows.every(({ notebooks }) => notebooks.length === 0));
  assert.match(run("--unasked", "--part", "misprints").out, /\(no notebook\)/);
});

test("a wrong choice is one line and status 2, and an unknown id names the nearest", () => {
  const wrong = run("--kind", "proven");
  assert.equal(wrong.status, 2);
  assert.equal(wrong.out, "");
  assert.match(wrong.err, /^gpic-lab: [^\n]*got "proven"[^\n]*\n$/);
  assert.equal(run("--part", "nowhere").status, 2);
  const unknown = run("--id", "corpus/train-image");
  assert.equal(unknown.status, 2);
  assert.match(unknown.err, /"corpus\/train-images"/);
});
