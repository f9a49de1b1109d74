import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { OutputCollector } from "../../../kernel-extensions/headless/collect.js";
import { compareNotebooks } from "../../../kernel-extensions/headless/compare.js";
import type { Notebook, NotebookOutput } from "../../../kernel-extensions/headless/notebook.js";
import { rename } from "../../../kernel-extensions/headless/places.js";
import type { Output } from "../../../kernel-extensions/session/messages.js";

const out = (text: string): Output => ({ type: "stream", name: "stdout", text });
const err = (text: string): Output => ({ type: "stream", name: "stderr", text });
const show = (text: string, displayId?: string): Output => ({
  type: "display_data",
  data: { "text/plain": text },
  metadata: {},
  ...(displayId !== undefined && { displayId }),
});

function collected(...outputs: readonly Output[]): unknown[] {
  const collector = new OutputCollector();
  for (const output of outputs) collector.add(0, output);
  return collector.outputs(0, 1).map((o) => ("data" in o ? o.data["text/plain"] : "text" in o ? o.text : o));
}

test("Streams are the same text however they were cut and interleaved", () => {
  assert.deepEqual(collected(out("a"), err("x"), out("b"), err("y")), ["ab", "xy"]);
  assert.deepEqual(collected(err("xy"), out("ab")), ["ab", "xy"]);
  assert.deepEqual(collected(out("a"), show("d"), out("b")), ["a", "d", "b"]);
});

test("Clearing takes what is there, or waits for what comes next", () => {
  assert.deepEqual(collected(out("a"), { type: "clear_output", wait: false }), []);
  assert.deepEqual(collected(out("a"), { type: "clear_output", wait: true }), ["a"]);
  assert.deepEqual(collected(out("a"), { type: "clear_output", wait: true }, out("b")), ["b"]);
});

test("An update replaces the display with its id, in an earlier cell too, and no other", () => {
  const collector = new OutputCollector();
  collector.add(0, show("old", "p"));
  collector.add(0, show("other"));
  collector.add(3, {
    type: "update_display_data",
    data: { "text/plain": "new" },
    metadata: {},
    displayId: "p",
  });
  assert.deepEqual(
    collector.outputs(0, 1).map((o) => "data" in o && o.data["text/plain"]),
    ["new", "other"],
  );
  assert.deepEqual(collector.outputs(3, 2), []);
});

test("Places of the machine are renamed where they are paths, and nowhere else", () => {
  const places = [
    { folder: "/home/ada/lab", name: "." },
    { folder: "/home/ada", name: "~" },
  ];
  assert.equal(rename("at /home/ada/lab/x.ts:1 file:///home/ada/y", places), "at ./x.ts:1 ~/y");
  assert.equal(
    rename("/home/adam /srv/home/ada/x https://a.org/home/ada", places),
    "/home/adam /srv/home/ada/x https://a.org/home/ada",
  );
});

function notebook(outputs: readonly NotebookOutput[], tags: readonly string[] = []): Notebook {
  const cell = {
    type: "code",
    id: "c",
    metadata: { tags },
    source: "1",
    executionCount: 1,
    outputs,
  } as const;
  return { metadata: {}, cells: [cell] };
}
const text = (value: string): NotebookOutput => ({ type: "stream", name: "stdout", text: value });
const data = (bundle: Record<string, unknown>): NotebookOutput => ({
  type: "display_data",
  data: bundle,
  metadata: {},
});

test("A text that differs is one difference with its line, equal ones are none", async () => {
  assert.deepEqual(await compareNotebooks(notebook([text("a\nb\n")]), notebook([text("a\nb\n")])), []);
  assert.deepEqual(await compareNotebooks(notebook([text("a\nb")]), notebook([text("a\nc")])), [
    { cell: 1, id: "c", expected: 'stdout line 2 "b"', found: 'stdout line 2 "c"' },
  ]);
});

test("Data are compared exactly, deep inside JSON too", async () => {
  const of = (n: number) => notebook([data({ "application/json": { a: [1, { b: n }] } })]);
  assert.equal((await compareNotebooks(of(1), of(1))).length, 0);
  assert.equal((await compareNotebooks(of(1), of(2))).length, 1);
});

test("An output more, or of another mime type, is a difference also in a volatile cell", async () => {
  const tags = ["volatile"];
  assert.equal((await compareNotebooks(notebook([text("1")], tags), notebook([text("2")], tags))).length, 0);
  assert.equal((await compareNotebooks(notebook([text("1")], tags), notebook([], tags))).length, 1);
  const [a, b] = [data({ "text/plain": "" }), data({ "text/html": "" })];
  assert.equal((await compareNotebooks(notebook([a], tags), notebook([b], tags))).length, 1);
});

test("Pictures are compared by their size in pixels", async () => {
  const png = async (width: number, background: string) =>
    notebook([
      data({
        "image/png": (
          await sharp({ create: { width, height: 4, channels: 3, background } })
            .png()
            .toBuffer()
        ).toString("base64"),
      }),
    ]);
  const svg = (width: number, fill: string) =>
    notebook([
      data({
        "image/svg+xml": `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="5"><rect fill="${fill}" width="3" height="3"/></svg>`,
      }),
    ]);
  assert.deepEqual(await compareNotebooks(await png(6, "red"), await png(6, "blue")), []);
  assert.deepEqual(await compareNotebooks(await png(6, "red"), await png(7, "red")), [
    { cell: 1, id: "c", expected: "image/png 6 x 4 pixels", found: "image/png 7 x 4 pixels" },
  ]);
  assert.equal((await compareNotebooks(svg(9, "red"), svg(9, "blue"))).length, 0);
  assert.equal((await compareNotebooks(svg(9, "red"), svg(8, "red"))).length, 1);
});

test("Pictures that cannot be read are compared by their bytes", async () => {
  const broken = (bytes: string) => notebook([data({ "image/png": Buffer.from(bytes).toString("base64") })]);
  assert.deepEqual(await compareNotebooks(broken("one"), broken("one")), []);
  const [difference] = await compareNotebooks(broken("one"), broken("two"));
  assert.match(difference?.expected ?? "", /image\/png that cannot be read/);
  assert.notEqual(difference?.expected, difference?.found);
});
