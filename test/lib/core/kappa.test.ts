import assert from "node:assert/strict";
import { test } from "node:test";
import { cohenKappa, Random } from "gpic-lab/core";

test("Cohen's textbook table gives its kappa", () => {
  const { kappa, observed, expected, items } = cohenKappa([
    [20, 5],
    [10, 15],
  ]);
  assert.ok(Math.abs(kappa - 0.4) < 1e-15);
  assert.deepEqual([observed, expected, items], [0.7, 0.5, 50]);
});

test("raters who always agree have 1 without width, raters who have nothing to do with each other have 0", () => {
  const always = cohenKappa([
    [30, 0],
    [0, 12],
  ]);
  assert.deepEqual([always.kappa, always.low, always.high], [1, 1, 1]);
  const never = cohenKappa([
    [40, 10],
    [40, 10],
  ]);
  assert.ok(Math.abs(never.kappa) < 1e-15);
  assert.ok(never.low < 0 && never.high > 0);
});

test("swapping the raters changes nothing", () => {
  const table = [
    [10, 3, 1],
    [2, 20, 4],
    [0, 5, 6],
  ];
  const other = table.map((row, i) => row.map((_, j) => table[j]![i]!));
  const [a, b] = [cohenKappa(table), cohenKappa(other)];
  assert.ok(Math.abs(a.kappa - b.kappa) < 1e-15 && Math.abs(a.standardError - b.standardError) < 1e-15);
});

test("kappa, error and interval are those of statsmodels 0.15", () => {
  const golden: readonly (readonly [number[][], kappa: number, error: number, low: number])[] = [
    [
      [
        [20, 5],
        [10, 15],
      ],
      0.3999999999999999,
      0.12699606293110033,
      0.151092290476661,
    ],
    [
      [
        [10, 3, 1],
        [2, 20, 4],
        [0, 5, 6],
      ],
      0.5170454545454546,
      0.10500171625871503,
      0.3112458723634792,
    ],
    [
      [
        [236, 2],
        [1, 22],
      ],
      0.9298575651706531,
      0.040192398098641356,
      0.8510819124450199,
    ],
  ];
  for (const [table, kappa, error, low] of golden) {
    const mine = cohenKappa(table);
    // sums of nine shares: some units in the last place
    assert.ok(Math.abs(mine.kappa - kappa) < 1e-14);
    assert.ok(Math.abs(mine.standardError - error) < 1e-14);
    assert.ok(Math.abs(mine.low - low) < 1e-13);
    assert.ok(mine.high <= 1);
  }
});

test("the interval holds the true kappa about as often as it says", () => {
  // of the shares 0.55, 0.1, 0.05 and 0.3
  const ends = [0.55, 0.65, 0.7];
  const truth = cohenKappa([
    [55, 10],
    [5, 30],
  ]).kappa;
  const random = new Random("kappa");
  let held = 0;
  const repeats = 600;
  for (let i = 0; i < repeats; i++) {
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 200; n++) {
      const u = random.next();
      counts[ends.filter((end) => u >= end).length]!++;
    }
    const { low, high } = cohenKappa([counts.slice(0, 2), counts.slice(2)]);
    held += Number(low <= truth && truth <= high);
  }
  // 0.95 less and plus four standard errors of 600 draws
  assert.ok(held / repeats > 0.915 && held / repeats < 0.985, `${held} of ${repeats}`);
});

test("one verdict for everything leaves kappa undefined, and wrong tables are refused", () => {
  const one = cohenKappa([
    [9, 0],
    [0, 0],
  ]);
  assert.ok(Number.isNaN(one.kappa));
  assert.equal(one.observed, 1);
  assert.throws(() => cohenKappa([[1, 2]]), /^RangeError: Cannot compute kappa: a square table/);
  assert.throws(
    () =>
      cohenKappa([
        [1, 2],
        [3, -1],
      ]),
    /counts from 0 are needed, got -1/,
  );
  assert.throws(
    () =>
      cohenKappa([
        [0, 0],
        [0, 0],
      ]),
    /at least one item/,
  );
});
