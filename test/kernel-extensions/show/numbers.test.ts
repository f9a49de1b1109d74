import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatBytes,
  formatCount,
  formatNumber,
  formatValue,
  numberFormatter,
} from "../../../kernel-extensions/show/numbers.js";

test("counts have thousands separators", () => {
  assert.equal(formatCount(1234567), "1,234,567");
  assert.equal(formatCount(12345678901234567890n), "12,345,678,901,234,567,890");
  assert.equal(formatNumber(1000), "1,000");
});

test("numbers have four significant digits and no decimals that they do not hold", () => {
  assert.deepEqual([0.0123456, Math.PI, 1234.5678, 0.5, 0, -2.25].map(formatNumber), [
    "0.01235",
    "3.142",
    "1,235",
    "0.5",
    "0",
    "-2.25",
  ]);
});

test("very small and very large numbers have an exponent", () => {
  assert.equal(formatNumber(1.2345e-9), "1.23e-9");
  assert.equal(formatNumber(6.02214e23), "6.02e+23");
});

test("numbers that are none are named", () => {
  assert.deepEqual([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(formatNumber), [
    "NaN",
    "∞",
    "-∞",
  ]);
});

test("a column's points stand under each other", () => {
  const values = [0.5, 12.25, 100];
  assert.deepEqual(values.map(numberFormatter(values)), ["0.50", "12.25", "100.00"]);
  const integers = [1, 20000];
  assert.deepEqual(integers.map(numberFormatter(integers)), ["1", "20,000"]);
});

test("small values of a column with large ones keep two digits", () => {
  const values = [1234.5678, 0.00123];
  assert.equal(values.map(numberFormatter(values))[1], "0.0012");
});

test("sizes have units of a thousand", () => {
  assert.deepEqual([0, 999, 1000, 1536000, 999_950_000, 2.5e12].map(formatBytes), [
    "0 bytes",
    "999 bytes",
    "1 kB",
    "1.5 MB",
    "1 GB",
    "2.5 TB",
  ]);
});

test("values of other kinds are one line", () => {
  assert.equal(formatValue(undefined), "–");
  assert.equal(formatValue(true), "yes");
  assert.equal(formatValue(new Date(Date.UTC(2024, 1, 29))), "2024-02-29");
  assert.equal(formatValue(new Date(Date.UTC(2024, 1, 29, 12))), "2024-02-29T12:00:00.000Z");
  assert.equal(formatValue(new Date(Number.NaN)), "invalid date");
  assert.equal(formatValue(new Uint8Array(2000)), "2,000 bytes");
  assert.equal(formatValue({ a: [1, 2] }), "{ a: [ 1, 2 ] }");
  assert.equal(formatValue("a\nb"), "a b");
});

test("a format says how a value is written", () => {
  assert.equal(formatValue(2024, "plain"), "2024");
  assert.equal(formatValue(0.125, "percent"), "12.5 %");
  assert.equal(formatValue(1500, "bytes"), "1.5 kB");
  assert.equal(formatValue(1.23456, 2), "1.23");
  assert.equal(
    formatValue("x", (value) => `<${value}>`),
    "<x>",
  );
  assert.throws(() => formatValue(1, -1), /Cannot format a value: decimals from 0 to 20 are needed, got -1/);
});
