import assert from "node:assert/strict";
import { test } from "node:test";
import { normalQuantile, regularizedBeta, studentQuantile, studentTails } from "gpic-lab/core";

const near = (found: number, expected: number, relative: number) =>
  assert.ok(Math.abs(found - expected) <= relative * Math.abs(expected), `${found} is not ${expected}`);

test("the incomplete beta function: polynomials, symmetry, both ends", () => {
  near(regularizedBeta(0.5, 2, 3), 0.6875, 1e-13);
  near(regularizedBeta(0.3, 1, 1), 0.3, 1e-13);
  near(regularizedBeta(0.2, 1, 7), 1 - 0.8 ** 7, 1e-13);
  for (const [x, a, b] of [
    [0.1, 0.5, 40],
    [0.7, 300, 20],
    [0.999, 0.3, 0.2],
  ] as const)
    near(regularizedBeta(x, a, b) + regularizedBeta(1 - x, b, a), 1, 1e-12);
  assert.deepEqual([regularizedBeta(0, 2, 3), regularizedBeta(1, 2, 3)], [0, 1]);
  assert.throws(() => regularizedBeta(1.1, 1, 1), RangeError);
});

test("t of one and two degrees of freedom has closed quantiles, of infinitely many the normal ones", () => {
  for (const p of [0.01, 0.3, 0.75, 0.975, 0.9999]) {
    near(studentQuantile(p, 1), Math.tan(Math.PI * (p - 0.5)), 1e-9);
    near(studentQuantile(p, 2), (2 * p - 1) / Math.sqrt(2 * p * (1 - p)), 1e-9);
    near(studentQuantile(p, Number.POSITIVE_INFINITY), normalQuantile(p), 1e-8);
    near(studentQuantile(p, 1e7), normalQuantile(p), 1e-5);
  }
});

test("quantiles of the tables, and tails that are their inverse, for fractions of degrees too", () => {
  // Abramowitz and Stegun, table 26.10
  for (const [degrees, value] of [
    [3, 3.182],
    [4, 2.776],
    [10, 2.228],
    [19, 2.093],
    [30, 2.042],
  ] as const)
    near(studentQuantile(0.975, degrees), value, 2e-4);
  for (const degrees of [0.7, 3.4, 12.5, 400.25])
    near(studentTails(studentQuantile(0.95, degrees), degrees), 0.1, 1e-9);
  assert.equal(studentQuantile(0.5, 3), 0);
  assert.throws(() => studentQuantile(1, 3), /between 0 and 1/);
  assert.throws(() => studentTails(1, 0), /above 0/);
});
