import assert from "node:assert/strict";
import { test } from "node:test";
import { type BenchResult, benchTable, runBench } from "../../bench/bench.js";
import { median } from "../../bench/piece.js";

test("the median is the middle value, or the mean of the two in the middle, whatever the order", () => {
  assert.equal(median([5]), 5);
  assert.equal(median([10, 1, 3]), 3);
  assert.equal(median([10, 1, 3, 2]), 2.5);
  assert.throws(() => median([]), RangeError);
});

test("the table sets ours beside the peer's, and names a peer that is not installed and a value over its limit", () => {
  const rows: BenchResult[] = [
    { work: "a", unit: "s", ours: 2, runs: 3, atMost: 3.5, peer: { name: "p", value: 3 }, ratio: 1.5 },
    {
      work: "b",
      unit: "ms",
      ours: 12.345,
      runs: 3,
      peer: { name: "q", skipped: "not installed" },
      ratio: null,
    },
    { work: "c", unit: "s", ours: 4, runs: 3, atMost: 3.5, peer: { name: "p", value: 2 }, ratio: 0.5 },
  ];
  const [header, a, b, c] = benchTable(rows).split("\n");
  assert.match(header ?? "", /^work +ours +at most +peer +ratio +runs$/);
  assert.match(a ?? "", /^a +2 s +3\.5 s +p +3 s +1\.50 +3$/);
  assert.match(b ?? "", /^b +12\.3 ms +q +skipped: not installed +3$/);
  assert.match(c ?? "", /^c +4 s +3\.5 s \(over\) +p +2 s +0\.50 +3$/);
});

test("a piece that does not exist is refused with those that do", async () => {
  await assert.rejects(runBench(["no-such-piece"]), /the pieces are kernel/);
});
