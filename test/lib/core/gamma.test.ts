import assert from "node:assert/strict";
import { test } from "node:test";
import { logGamma, poissonTerm, regularizedGammaP, regularizedGammaQ } from "gpic-lab/core";
import { assertClose, goldenRows } from "./golden.js";

test("the logarithm of Gamma is that of the factorials, and of the square root of pi", () => {
  let factorial = 1;
  for (let n = 1; n <= 20; n++) {
    assert.ok(Math.abs(logGamma(n) - Math.log(factorial)) < 1e-14 * Math.max(1, Math.log(factorial)));
    factorial *= n;
  }
  assertClose(logGamma(0.5), Math.log(Math.PI) / 2, 1e-15);
});

test("whole shapes have the tail of a Poisson sum", () => {
  for (const x of [0.1, 1, 5, 30, 700]) {
    // an exponent of 700 with a rounding error of 1e-16 of itself
    assertClose(regularizedGammaQ(1, x), Math.exp(-x), 5e-13);
    let sum = 0;
    for (let k = 0; k < 4; k++) sum += poissonTerm(k, x);
    assertClose(regularizedGammaQ(4, x), sum, 5e-13);
  }
});

test("P and Q add up to one, P rises, and the ends are 0 and 1", () => {
  for (const a of [0.5, 2, 77.5, 12_000]) {
    let last = 0;
    for (let x = 0; x <= 3 * a; x += a / 7) {
      const p = regularizedGammaP(a, x);
      assert.ok(Math.abs(p + regularizedGammaQ(a, x) - 1) < 1e-14);
      assert.ok(p >= last && p <= 1);
      last = p;
    }
    assert.equal(regularizedGammaP(a, 0), 0);
    assert.equal(regularizedGammaQ(a, Number.POSITIVE_INFINITY), 0);
  }
});

test("the recurrence in the shape holds: Q(a + 1, x) is Q(a, x) and one Poisson term more", () => {
  for (const [a, x] of [
    [0.5, 3],
    [9.5, 4],
    [300, 340],
    [5000, 4900],
  ] as const)
    assertClose(regularizedGammaQ(a + 1, x), regularizedGammaQ(a, x) + poissonTerm(a, x), 1e-12);
});

test("golden: log Gamma, P and Q agree with 60 digits of mpmath, in the tails too", () => {
  // a shifted argument loses some units of the 30 that log Gamma(16) is; a large one has the error of one product
  for (const { x, value } of goldenRows<{ x: number; value: number }>("log-gamma"))
    assert.ok(
      Math.abs(logGamma(x) - value) < 2e-14 + 2e-15 * Math.abs(value),
      `log Gamma(${x}) is ${logGamma(x)}`,
    );
  // the exponent of the prefactor reaches 700, and the terms it is made of 16,000: 1e-16 of them is 2e-12
  const rows = goldenRows<{ a: number; x: number; p: number; q: number }>("incomplete-gamma");
  for (const { a, x, p, q } of rows) {
    assertClose(regularizedGammaP(a, x), p, 1e-11, `P(${a}, ${x})`);
    assertClose(regularizedGammaQ(a, x), q, 1e-11, `Q(${a}, ${x})`);
  }
  assert.ok(Math.min(...rows.map(({ q }) => q)) < 1e-296);
});

test("arguments out of range are refused by name", () => {
  assert.throws(() => logGamma(0), { name: "RangeError", message: /x is positive and finite, got 0/ });
  assert.throws(() => regularizedGammaQ(-1, 2), { name: "RangeError", message: /got -1 and 2/ });
  assert.throws(() => regularizedGammaP(1, Number.NaN), RangeError);
  assert.throws(() => poissonTerm(1, Number.POSITIVE_INFINITY), RangeError);
});
