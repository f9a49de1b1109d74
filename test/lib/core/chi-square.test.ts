import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chiSquareCdf,
  chiSquareCritical,
  chiSquareQuantile,
  chiSquareSurvival,
  noncentralChiSquareSurvival,
  noncentralityForPower,
  Random,
} from "gpic-lab/core";
import { assertClose, goldenRows } from "./golden.js";

test("with two degrees the law is exponential", () => {
  for (const x of [0.01, 1, 10, 1000]) {
    assertClose(chiSquareSurvival(x, 2), Math.exp(-x / 2), 1e-13);
    assertClose(chiSquareCdf(x, 2), -Math.expm1(-x / 2), 1e-13);
  }
  assertClose(chiSquareCritical(1e-200, 2), 2 * 200 * Math.LN10, 1e-14);
  assertClose(chiSquareQuantile(0.5, 2), 2 * Math.LN2, 1e-14);
});

test("quantiles invert the shares, on both sides", () => {
  for (const df of [1, 3, 40, 24_000])
    for (const share of [1e-9, 0.01, 0.3, 0.7, 0.999]) {
      assertClose(chiSquareCdf(chiSquareQuantile(share, df), df), share, 2e-10, `${df}, ${share}`);
      assertClose(chiSquareSurvival(chiSquareCritical(share, df), df), share, 2e-10, `${df}, ${share}`);
    }
  assert.equal(chiSquareQuantile(0, 3), 0);
  assert.equal(chiSquareQuantile(1, 3), Number.POSITIVE_INFINITY);
});

test("without non-centrality the law is the central one, and power rises with it", () => {
  for (const x of [0.5, 7.8, 60])
    assertClose(noncentralChiSquareSurvival(x, 3, 0), chiSquareSurvival(x, 3), 1e-14);
  let last = 0;
  for (let lambda = 0; lambda < 60; lambda += 3) {
    const power = noncentralChiSquareSurvival(20, 7, lambda);
    assert.ok(power > last);
    last = power;
  }
});

test("squares of shifted normal numbers exceed a value as often as the non-central law says", () => {
  const random = new Random("non-central");
  const draws = 40_000;
  let above = 0;
  for (let i = 0; i < draws; i++) {
    let sum = (random.normal() + 3) ** 2;
    for (let k = 0; k < 3; k++) sum += random.normal() ** 2;
    if (sum > 14) above++;
  }
  const expected = noncentralChiSquareSurvival(14, 4, 9);
  // four standard errors
  assert.ok(
    Math.abs(above / draws - expected) < 4 * Math.sqrt((expected * (1 - expected)) / draws),
    `${above / draws} against ${expected}`,
  );
});

test("the non-centrality for a power gives that power", () => {
  for (const [power, alpha, df] of [
    [0.8, 0.05, 1],
    [0.9, 0.05 / 8000, 3],
    [0.8, 0.05, 24_000],
  ] as const) {
    const lambda = noncentralityForPower(power, alpha, df);
    assertClose(noncentralChiSquareSurvival(chiSquareCritical(alpha, df), df, lambda), power, 1e-10);
  }
  // (z of 0.975 + z of 0.8) squared, but for the other tail's 1e-6
  assertClose(noncentralityForPower(0.8, 0.05, 1), (1.959964 + 0.841621) ** 2, 1e-5);
});

test("golden: quantiles agree with scipy, the non-central law with mpmath", () => {
  type Quantile = { df: number; alpha: number; critical: number; quantile: number };
  for (const { df, alpha, critical, quantile } of goldenRows<Quantile>("chi-square-quantiles")) {
    // scipy's own shares are good to some 1e-13 of a logarithm
    assertClose(chiSquareCritical(alpha, df), critical, 1e-11, `critical ${alpha}, ${df}`);
    assertClose(chiSquareQuantile(alpha, df), quantile, 1e-11, `quantile ${alpha}, ${df}`);
  }
  type Power = { x: number; df: number; lambda: number; survival: number };
  for (const { x, df, lambda, survival } of goldenRows<Power>("noncentral-chi-square"))
    assertClose(noncentralChiSquareSurvival(x, df, lambda), survival, 1e-11, `${x}, ${df}, ${lambda}`);
});

test("degrees, shares and powers out of range are refused", () => {
  assert.throws(() => chiSquareSurvival(1, 0), { name: "RangeError", message: /degrees of freedom/ });
  assert.throws(() => chiSquareSurvival(-1, 1), RangeError);
  assert.throws(() => chiSquareQuantile(1.1, 1), { name: "RangeError", message: /from 0 to 1/ });
  assert.throws(() => noncentralChiSquareSurvival(1, 1, -1), RangeError);
  assert.throws(() => noncentralityForPower(0.01, 0.05, 1), { name: "RangeError", message: /alpha < power/ });
});
