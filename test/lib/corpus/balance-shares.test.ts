import assert from "node:assert/strict";
import { test } from "node:test";
import { claim } from "gpic-lab/claims";
import { chiSquareSurvival } from "gpic-lab/core";
import { againstShares } from "gpic-lab/corpus";
import { assertClose, goldenRows } from "../core/golden.js";

test("a coin's statistic is the square of its normal deviate", () => {
  const { statistic, df, p, cells } = againstShares({ heads: 60, tails: 40 }, { heads: 0.5, tails: 0.5 });
  assert.equal(statistic, 4);
  assert.equal(df, 1);
  assertClose(p, chiSquareSurvival(4, 1), 1e-14);
  assert.deepEqual(
    cells.map(({ residual }) => residual),
    [2, -2],
  );
});

test("golden: statistics and p-values agree with scipy", () => {
  type Row = { counts: number[]; shares: number[]; statistic: number; p: number };
  for (const { counts, shares, statistic, p } of goldenRows<Row>("goodness-of-fit")) {
    const named = (values: number[]) => Object.fromEntries(values.map((value, i) => [`c${i}`, value]));
    const found = againstShares(named(counts), named(shares));
    assertClose(found.statistic, statistic, 1e-12);
    assertClose(found.p, p, 1e-11);
  }
});

test("the published counts of train shard 00000 agree with the paper's shares", () => {
  const types = ["short", "medium", "tag", "long"];
  const of = (prefix: string) =>
    Object.fromEntries(types.map((type) => [type, claim(`${prefix}/${type}`).number]));
  const found = againstShares(of("measured-by-others/gpic-train-00000"), of("captions/types"), {
    rounding: 0.005,
  });
  assert.equal(found.images, claim("measured-by-others/gpic-train-00000/json").number);
  assert.equal(found.verdict, "as independent draws");
  assert.ok(found.p > 0.4 && found.p < 0.5);
  // every share rounds to the printed one, so shares within the rounding fit without a rest
  assert.ok(found.withinRounding!.statistic < 1e-9 && found.withinRounding!.p > 0.999999);
});

test("shares within the rounding are the nearest: none of a fine grid is nearer", () => {
  const counts = { a: 480, b: 420, c: 100 };
  const { withinRounding } = againstShares(counts, { a: 0.45, b: 0.46, c: 0.09 }, { rounding: 0.005 });
  const statistic = (a: number, b: number, c: number): number =>
    [480 - 1000 * a, 420 - 1000 * b, 100 - 1000 * c].reduce(
      (sum, rest, i) => sum + rest ** 2 / (1000 * [a, b, c][i]!),
      0,
    );
  const { a, b, c } = withinRounding!.shares as { a: number; b: number; c: number };
  assertClose(a + b + c, 1, 1e-12);
  assertClose(statistic(a, b, c), withinRounding!.statistic, 1e-9);
  for (let i = 0; i <= 100; i++)
    for (let k = 0; k <= 100; k++) {
      const [x, y] = [0.445 + i / 1e4, 0.455 + k / 1e4];
      const z = 1 - x - y;
      if (z >= 0.085 && z <= 0.095) assert.ok(statistic(x, y, z) >= withinRounding!.statistic - 1e-9);
    }
});

test("a share that nobody counted takes up what the others may not have", () => {
  const { withinRounding } = againstShares({ a: 100 }, { a: 0.9, b: 0.1 }, { rounding: 0.005 });
  assertClose(withinRounding!.shares.a!, 0.905, 1e-9);
  assertClose(withinRounding!.shares.b!, 0.095, 1e-9);
});

test("rare categories are tested together, and too few images by simulation", () => {
  const shares = { a: 0.6, b: 0.38, c: 0.01, d: 0.01 };
  const pooled = againstShares({ a: 240, b: 152, c: 5, d: 3 }, shares);
  assert.deepEqual([pooled.method, pooled.df, pooled.pooled], ["chi-square", 2, ["c", "d"]]);
  const few = againstShares({ a: 5, b: 3 }, { a: 0.5, b: 0.5 }, { seed: 3 });
  assert.equal(few.method, "simulation");
  // two-sided binomial: 1 - C(8, 4) / 2^8
  assert.ok(Math.abs(few.p - (1 - 70 / 256)) < 4 * few.standardError! + 1e-4, String(few.p));
});

test("counts without a share, shares that do not add up, and nothing at all are refused", () => {
  const half = { a: 0.5, b: 0.5 };
  assert.throws(() => againstShares({ a: 1, x: 1 }, half), {
    name: "RangeError",
    message: /has a share, got x/,
  });
  assert.throws(() => againstShares({ a: 1 }, { a: 0.5, b: 0.4 }), /add up to 1, got 0.9/);
  assert.throws(() => againstShares({}, half), /one above 0/);
  assert.throws(() => againstShares({ a: -1, b: 2 }, half), /whole numbers/);
  assert.throws(() => againstShares({ a: 1 }, half, { rounding: 1 }), /rounding/);
});
