import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { tableFromArrays } from "apache-arrow";
import { jupyterDisplay, render } from "gpic-lab/show";
import sharp from "sharp";
import { HOSTILE, unseen } from "./hostile.js";

test("a value's own display method is honoured, at once or later", async () => {
  const bundle = { "text/html": "<b>x</b>", "text/plain": "x" };
  assert.deepEqual(await render({ [jupyterDisplay]: () => bundle }), bundle);
  assert.deepEqual(await render({ [Symbol.for("Jupyter.display")]: async () => bundle }), bundle);
});

test("what a display method throws is the cell's error", async () => {
  const broken = (): never => {
    throw new RangeError("no picture");
  };
  await assert.rejects(render({ [jupyterDisplay]: broken }), /no picture/);
  await assert.rejects(render({ [jupyterDisplay]: async () => broken() }), /no picture/);
});

test("a display method that gives no bundle is an error that says so", async () => {
  for (const [given, got] of [
    ["x", /got string/],
    [{}, /got the keys \(none\)/],
    [{ html: "x" }, /got the keys html/],
  ] as const)
    await assert.rejects(render({ [jupyterDisplay]: () => given }), got);
});

test("arrays of records and Arrow tables are tables", async () => {
  for (const rows of [[{ a: 1 }], runInNewContext("[{ a: 1 }]"), tableFromArrays({ a: [1] })])
    assert.match(String((await render(rows))["text/html"]), /<table/);
});

test("arrays of anything else are inspected", async () => {
  assert.deepEqual(await render([1, { a: 1 }]), { "text/plain": "[ 1, { a: 1 } ]" });
  assert.deepEqual(await render([]), { "text/plain": "[]" });
  assert.deepEqual(await render([{}]), { "text/plain": "[ {} ]" });
  assert.deepEqual(await render([new Map()]), { "text/plain": "[ Map(0) {} ]" });
});

test("encoded pictures show themselves, other bytes do not", async () => {
  const picture = sharp({ create: { width: 4, height: 3, channels: 3, background: "red" } });
  for (const [type, bytes] of [
    ["image/png", await picture.clone().png().toBuffer()],
    ["image/jpeg", await picture.clone().jpeg().toBuffer()],
    ["image/gif", await picture.clone().gif().toBuffer()],
    ["image/webp", new Uint8Array(await picture.clone().webp().toBuffer())],
  ] as const)
    assert.equal((await render(bytes))[type], Buffer.from(bytes).toString("base64"));
  assert.deepEqual(Object.keys(await render(Uint8Array.of(1, 2, 3))), ["text/plain"]);
});

test("a sharp instance shows its picture, at most 800 pixels", async () => {
  const bundle = await render(
    sharp({ create: { width: 1600, height: 400, channels: 3, background: "red" } }),
  );
  const size = await sharp(Buffer.from(String(bundle["image/png"]), "base64")).metadata();
  assert.deepEqual([size.width, size.height], [800, 200]);
});

test("an error shows name, message, causes and its frames in cells, and no path", async () => {
  const error = new RangeError("no such tier", { cause: new Error("inner") });
  error.stack =
    "RangeError: no such tier\n    at pick (Cell[3]:2:9)\n    at Cell[3]:5:1\n    at run (/home/me/x.js:1:1)";
  const text = String((await render(error))["text/plain"]);
  assert.equal(
    text,
    "RangeError: no such tier\n    at Cell[3]:2:9 (pick)\n    at Cell[3]:5:1\ncaused by Error: inner",
  );
});

test("values whose getters and traps throw are inspected all the same", async () => {
  const fail = (): never => {
    throw new Error("no");
  };
  const error = Object.defineProperty(new Error("x"), "message", { get: fail });
  const proxy = new Proxy({}, { get: fail, has: fail, getPrototypeOf: fail, ownKeys: fail });
  for (const value of [error, proxy, [proxy], [{ a: 1 }, proxy]])
    assert.equal(typeof (await render(value))["text/plain"], "string");
});

test("functions and classes are short", async () => {
  assert.deepEqual(await render(Math.max), { "text/plain": "[Function: max]" });
  assert.deepEqual(await render(class A extends Map {}), { "text/plain": "[class A extends Map]" });
});

test("every value has a bounded text form that hides nothing", async () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const broken = {
    [Symbol.for("nodejs.util.inspect.custom")]() {
      throw new Error("broken");
    },
  };
  const values: unknown[] = [
    undefined,
    null,
    0,
    -0,
    Number.NaN,
    1n,
    Symbol("s"),
    circular,
    broken,
    new Proxy({}, {}),
  ];
  for (const value of [
    ...values,
    ...HOSTILE,
    HOSTILE,
    new Map(HOSTILE.entries()),
    new Float64Array(1e6),
    new Error(HOSTILE.at(-1)),
  ]) {
    const text = (await render(value))["text/plain"];
    assert.equal(typeof text, "string");
    assert.equal(unseen(String(text)), undefined);
    assert.ok(String(text).length <= 66_000);
  }
});
