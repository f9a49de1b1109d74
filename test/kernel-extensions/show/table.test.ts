import assert from "node:assert/strict";
import { test } from "node:test";
import { tableFromArrays } from "apache-arrow";
import { facts, jupyterDisplay, table } from "gpic-lab/show";
import { HOSTILE, tagsOf, unseen } from "./hostile.js";

const html = (shown: ReturnType<typeof table>): string => String(shown[jupyterDisplay]()["text/html"]);
const text = (shown: ReturnType<typeof table>): string => String(shown[jupyterDisplay]()["text/plain"]);

test("the text form is aligned, with units in the head", () => {
  const shown = table(
    [
      { tier: "nano", images: 10_000, share: 0.5 },
      { tier: "lite", images: 1_234_567, share: 0.25 },
    ],
    { units: { images: "n" }, caption: "Tiers" },
  );
  assert.equal(
    text(shown),
    [
      "Tiers",
      "tier  images (n)  share",
      "----  ----------  -----",
      "nano      10,000   0.50",
      "lite   1,234,567   0.25",
    ].join("\n"),
  );
});

test("the HTML form names its rows and columns and aligns numbers to the right", () => {
  const shown = html(table([{ tier: "nano", images: 1 }], { caption: "Tiers" }));
  assert.match(shown, /<caption[^>]*>Tiers<\/caption>/);
  assert.match(shown, /<th scope="col" align="right" style="text-align:right">images<\/th>/);
  assert.match(shown, /<th scope="row"[^>]*>nano<\/th><td align="right"/);
});

test("rows beyond the limit are counted", () => {
  const rows = Array.from({ length: 1025 }, (_, n) => ({ n }));
  const shown = table(rows);
  assert.equal(shown.shown.length, 20);
  assert.match(text(shown), /… and 1,005 more rows$/);
  assert.match(html(shown), /<tfoot>.*… and 1,005 more rows/);
  assert.match(text(table(rows, { rows: 1024 })), /… and 1 more row$/);
  assert.doesNotMatch(text(table(rows, { rows: Number.POSITIVE_INFINITY })), /more/);
});

test("an Arrow table gives the same as its records", () => {
  const records = [
    { key: "a", width: 640.5, day: new Date(Date.UTC(2024, 0, 1)) },
    { key: "b", width: 480.25, day: new Date(Date.UTC(2024, 0, 2)) },
  ];
  const arrow = tableFromArrays({
    key: records.map((record) => record.key),
    width: Float64Array.from(records.map((record) => record.width)),
    day: records.map((record) => record.day),
  });
  assert.equal(html(table(arrow)), html(table(records)));
  assert.equal(text(table(arrow)), text(table(records)));
});

test("64-bit integers of Arrow are numbers", () => {
  const arrow = tableFromArrays({ size: BigInt64Array.from([9_007_199_254_740_993n]) });
  assert.match(text(table(arrow)), /9,007,199,254,740,993/);
});

test("a record that lacks a key shows that it has no value", () => {
  assert.equal(text(table([{ a: 1 }, { b: "x" }])), "a  b\n-  -\n1  –\n–  x");
});

test("nothing from the data becomes markup", () => {
  const clean = new Set(tagsOf(html(table([{ name: "x", caption: "y z" }], { caption: "c", rows: 1 }))));
  for (const hostile of HOSTILE) {
    const shown = table([{ name: hostile, [hostile.slice(0, 300)]: hostile }], {
      caption: hostile,
      units: { name: hostile },
    });
    for (const tag of tagsOf(html(shown)))
      assert.ok(clean.has(tag), `${tag} came out of ${hostile.slice(0, 60)}`);
    assert.equal(unseen(html(shown)), undefined);
    assert.equal(unseen(text(shown)), undefined);
  }
});

test("long cells are cut with their count", () => {
  const shown = table([{ n: 1, caption: "x".repeat(1_000_000) }]);
  assert.match(html(shown), /… \(\+999,000 characters\)/);
  assert.ok(html(shown).length < 3000);
  assert.ok(text(shown).length < 500);
});

test("no rows are a table that says so", () => {
  assert.match(text(table([])), /no rows/);
  assert.match(text(table([], { columns: ["a", "b"] })), /^a {2}b\n/);
});

test("a wrong call names what is wrong", () => {
  assert.throws(
    () => table("x" as never),
    /Cannot show a table: an array of records or an Arrow table is needed, got a string/,
  );
  assert.throws(() => table([1] as never), /each row must be a record, got a number in row 0/);
  assert.throws(() => table([{ a: 1 }], { columns: ["b"] }), /a column of the data \(a\) is needed, got "b"/);
  assert.throws(() => table([{ a: 1 }], { units: { c: "px" } }), /got "c"/);
  assert.throws(() => table([{ a: 1 }], { rows: 0 }), /rows must be at least 1, got 0/);
});

test("facts are a definition list with formatted values", () => {
  const bundle = facts({ corpus: "sample", images: 1234, "<b>": "<i>" })[jupyterDisplay]();
  assert.equal(bundle["text/plain"], "corpus  sample\nimages  1,234\n<b>     <i>");
  assert.match(String(bundle["text/html"]), /<dt[^>]*><strong>images<\/strong><\/dt><dd[^>]*>1,234<\/dd>/);
  assert.match(String(bundle["text/html"]), /&lt;b&gt;.*&lt;i&gt;/);
});
