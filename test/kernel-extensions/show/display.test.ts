import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { afterEach, test } from "node:test";
import {
  type CellHost,
  clearOutput,
  type DisplayOptions,
  display,
  html,
  installHost,
  type MimeBundle,
  signal,
} from "gpic-lab/show";
import { completeBundle } from "../../../kernel-extensions/show/bundle.js";

const controller = new AbortController();

function recordingHost(): { readonly sent: [MimeBundle, DisplayOptions][]; readonly cleared: boolean[] } {
  const sent: [MimeBundle, DisplayOptions][] = [];
  const cleared: boolean[] = [];
  const host: CellHost = {
    frontEnd: "headless",
    display: (data, options) => void sent.push([data, options]),
    clearOutput: ({ wait }) => void cleared.push(wait),
    signal: () => controller.signal,
  };
  installHost(host);
  return { sent, cleared };
}

afterEach(() => installHost(undefined));

test("a bundle is sent as it is, with id and metadata, before the call returns", () => {
  const { sent } = recordingHost();
  const options = { id: "a", metadata: { width: 3 } };
  void display({ "text/html": "<b>x</b>", "text/plain": "x" }, options);
  void display({ "text/plain": "y" }, { id: "a", update: true });
  assert.deepEqual(sent, [
    [{ "text/html": "<b>x</b>", "text/plain": "x" }, options],
    [{ "text/plain": "y" }, { id: "a", update: true }],
  ]);
});

test("bytes in a bundle become base64, and every bundle has a text form", () => {
  const { sent } = recordingHost();
  void display({ "image/png": Uint8Array.of(1, 2, 3) });
  assert.deepEqual(sent[0]?.[0], { "image/png": "AQID", "text/plain": "[image/png]" });
});

test("any other value is displayed as the last value would be, promises when they are there", async () => {
  const { sent } = recordingHost();
  void display(html`<i>x</i>`);
  assert.equal(sent[0]?.[0]["text/html"], "<i>x</i>");
  await display(Promise.resolve([{ a: 1 }]));
  assert.match(String(sent[1]?.[0]["text/html"]), /<table/);
  void display({});
  assert.deepEqual(sent[2]?.[0], { "text/plain": "{}" });
});

test("an update needs an id", () => {
  assert.throws(() => display(1, { update: true }), /Cannot update a display: the id/);
});

test("clearing and the interrupt signal are the host's", () => {
  const { cleared } = recordingHost();
  clearOutput();
  clearOutput({ wait: true });
  assert.deepEqual(cleared, [false, true]);
  assert.equal(signal(), controller.signal);
});

test("without a host the text form is printed and the signal never fires", () => {
  const script = `
    import { clearOutput, display, signal, table } from "gpic-lab/show";
    clearOutput(); display(table([{ a: 1 }])); process.exitCode = signal().aborted ? 1 : 0;`;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  assert.equal(run.stdout, "a\n-\n1\n");
  assert.equal(run.status, 0);
});

test("a form that JSON cannot hold is refused by its mime type, and the rest is what JSON makes of it", () => {
  const ring: Record<string, unknown> = {};
  ring.ring = ring;
  for (const [form, why] of [
    [{ n: 1n }, /application\/json .*a BigInt/],
    [ring, /application\/json .*an object that holds itself/],
    [() => 1, /application\/json .*a function/],
  ] as const)
    assert.throws(() => completeBundle({ "application/json": form }), { name: "TypeError", message: why });
  const bundle = completeBundle({
    "application/json": { at: new Date(0), none: undefined, f() {} },
    "text/html": undefined,
  });
  assert.deepEqual(bundle, {
    "application/json": { at: "1970-01-01T00:00:00.000Z" },
    "text/plain": "[application/json]",
  });
});
